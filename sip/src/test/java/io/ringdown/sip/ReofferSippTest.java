package io.ringdown.sip;

import static io.ringdown.evidence.Row.IN_THE_CALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Our own offers in established calls on the real stack, with SIPp as the peer. */
@Shows(IN_THE_CALL)
final class ReofferSippTest {
    private static final String HOLD = Gateway.OFFER + "a=sendonly\r\n";

    @Test
    void ourOfferIsAnsweredRetriedAfterACollisionAndRefused() {
        try (Sipp sipp = Sipp.uas("uas-reoffered");
                Gateway gateway = Gateway.towards(sipp.port())) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            events.until(TrunkEvent.Answered.class);
            call.reoffer(HOLD);
            assertThat(events.next(TrunkEvent.ReofferAnswered.class).sdp()).contains("o=- 1 2");
            call.reoffer(Gateway.OFFER);
            assertThat(events.next(TrunkEvent.ReofferRefused.class).status()).hasValue(488);
            call.hangUp(HangupReason.NORMAL);
            events.next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
            events.assertNothingMore();
        }
    }

    @Test
    void anOfferInAnIncomingCallIsRetriedAfterACollision() {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-reoffered", gateway.port())) {
            Gateway.Incoming in = gateway.incoming();
            in.call().answer(Gateway.OFFER);
            in.call().reoffer(HOLD);
            in.events().next(TrunkEvent.Confirmed.class);
            assertThat(in.events().next(TrunkEvent.ReofferAnswered.class).sdp()).contains("o=- 1 2");
            in.call().hangUp(HangupReason.NORMAL);
            sipp.assertSuccess();
        }
    }

    @Test
    void theirOfferMeets491WhileOursIsOutAndIsTakenAfterwards() {
        try (Sipp sipp = Sipp.uas("uas-reoffer-glare");
                Gateway gateway = Gateway.towards(sipp.port())) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            events.until(TrunkEvent.Answered.class);
            call.reoffer(HOLD);
            events.next(TrunkEvent.ReofferAnswered.class);
            assertThat(events.next(TrunkEvent.Reoffer.class).sdp()).contains("o=- 1 3");
            call.acceptReoffer(Gateway.OFFER);
            sipp.awaitMessage("8 ACK", 1);
            call.hangUp(HangupReason.NORMAL);
            sipp.assertSuccess();
        }
    }

    @Test
    void aPeerThatHasForgottenTheCallEndsIt() {
        try (Sipp sipp = Sipp.uas("uas-reoffer-481");
                Gateway gateway = Gateway.towards(sipp.port())) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            events.until(TrunkEvent.Answered.class);
            call.reoffer(HOLD);
            assertThat(events.next(TrunkEvent.Ended.class).q850()).hasValue(41);
            sipp.assertSuccess();
            events.assertNothingMore();
        }
    }

    @Test
    @Tag("slow")
    void anOfferWithoutAnswerIsToldAfter64T1AndTheCallGoesOn() {
        try (Sipp sipp = Sipp.uas("uas-reoffer-silent");
                Gateway gateway = Gateway.towards(sipp.port())) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            events.until(TrunkEvent.Answered.class);
            call.reoffer(HOLD);
            assertThat(events.next(TrunkEvent.ReofferRefused.class).status()).isEmpty();
            call.hangUp(HangupReason.NORMAL);
            events.next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
        }
    }
}
