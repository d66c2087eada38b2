package io.ringdown.sip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Calls out on the real stack, with SIPp as the trunk. */
final class OutboundSippTest {

    @Test
    void callIsAnsweredAcknowledgedAndEndedByUs() {
        try (Sipp sipp = Sipp.uas("uas-answer");
                Gateway gateway = Gateway.towards(sipp.port())) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            events.next(TrunkEvent.Trying.class);
            assertThat(events.next(TrunkEvent.Progress.class))
                    .isEqualTo(new TrunkEvent.Progress(180, Optional.empty()));
            assertThat(events.next(TrunkEvent.Answered.class).sdp())
                    .hasValueSatisfying(sdp -> assertThat(sdp).contains("m=audio"));
            call.hangUp(HangupReason.NORMAL);
            events.next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
            events.assertNothingMore();
        }
    }
}
