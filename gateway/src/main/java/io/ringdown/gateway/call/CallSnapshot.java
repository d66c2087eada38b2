package io.ringdown.gateway.call;

import io.ringdown.gateway.routing.PhoneNumber;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A call at one moment, for those who only look.
 *
 * @param id the call
 * @param direction seen from the browser
 * @param state where it stands
 * @param sinceNanos when it came there, on the clock of the calls
 * @param to the number called
 * @param trunk the one that is tried or talked to
 * @param attempt the number of the leg with it
 * @param owner whose it is
 * @param ending how it ended, once it has
 * @param holder who has put it on hold
 * @param answeredNanos when it was answered, on the same clock
 * @param face what a client that comes back is shown of it
 * @param conferenceWith the call whose telephone its telephone hears
 */
public record CallSnapshot(
        CallId id,
        Call.Direction direction,
        Call.State state,
        long sinceNanos,
        Optional<PhoneNumber> to,
        Optional<String> trunk,
        int attempt,
        Optional<ClientId> owner,
        Optional<Ending> ending,
        Holder holder,
        OptionalLong answeredNanos,
        CallFace face,
        Optional<CallId> conferenceWith) {}
