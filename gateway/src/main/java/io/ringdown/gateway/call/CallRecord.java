package io.ringdown.gateway.call;

import io.ringdown.gateway.guard.Money;
import io.ringdown.gateway.guard.PastCall;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.media.quality.CallQuality;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a call was, for whoever keeps records.
 *
 * @param id the call
 * @param direction seen from the browser
 * @param to the number called
 * @param trunk the last one tried
 * @param attempts how many trunks were tried
 * @param ending how it ended
 * @param lasted from the first event to the last
 * @param talked from the answer to the end; empty if it was never answered
 * @param quality what was measured of its media; empty if it had none
 * @param listeners how many have listened beside it
 * @param beginning how it began
 * @param price what it has cost by the table of rates, wherever it was
 * @param counted what limits have counted of it: where it was dialled, and where it was sent to; nothing of one that never left
 * @param supervised who has supervised it
 * @param handedOver to whom it has gone within the house, the latest
 */
public record CallRecord(
        CallId id,
        Call.Direction direction,
        Optional<PhoneNumber> to,
        Optional<String> trunk,
        int attempts,
        Ending ending,
        Duration lasted,
        Optional<Duration> talked,
        Optional<CallQuality> quality,
        int listeners,
        CallBook.Beginning beginning,
        Optional<Money> price,
        List<PastCall> counted,
        Supervisors supervised,
        List<HandedOver> handedOver) {
    public CallRecord {
        handedOver = List.copyOf(handedOver);
        counted = List.copyOf(counted);
    }
}
