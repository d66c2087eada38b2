package io.ringdown.sip;

import static io.ringdown.evidence.Row.IN_THE_CALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import io.ringdown.sip.Gateway.Incoming;
import io.ringdown.sip.SessionTimerSettings.Refresher;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Session timers (RFC 4028) on the real stack, with SIPp as the peer. */
@Shows(IN_THE_CALL)
final class SessionTimerSippTest {

    private static TrunkCall answered(Gateway gateway, Events events) {
        TrunkCall call = gateway.call(events);
        events.until(TrunkEvent.Answered.class);
        return call;
    }

    @Test
    void weAskForOneAndSayWhoRefreshesInEachReinvite() {
        try (Sipp sipp = Sipp.uas("uas-session-timer");
                Gateway gateway = Gateway.towards(sipp.port())) {
            Events events = new Events();
            TrunkCall call = answered(gateway, events);
            call.reoffer(Gateway.OFFER + "a=sendonly\r\n");
            events.next(TrunkEvent.ReofferAnswered.class);
            call.hangUp(HangupReason.NORMAL);
            sipp.assertSuccess();
        }
    }

    @Test
    void a422IsMetByALongerInterval() {
        try (Sipp sipp = Sipp.uas("uas-session-422");
                Gateway gateway = Gateway.towards(sipp.port())) {
            Events events = new Events();
            answered(gateway, events).hangUp(HangupReason.NORMAL);
            sipp.assertSuccess();
        }
    }

    @Test
    void refreshesOfThePeerAreAnsweredAndTooSmallOnesRefused() {
        try (Sipp sipp = Sipp.uas("uas-session-refreshes");
                Gateway gateway = Gateway.towards(sipp.port())) {
            Events events = new Events();
            TrunkCall call = answered(gateway, events);
            events.next(TrunkEvent.Reoffer.class);
            call.acceptReoffer(Gateway.OFFER);
            sipp.awaitMessage("CSeq: 9 ACK", 1);
            call.hangUp(HangupReason.NORMAL);
            sipp.assertSuccess();
        }
    }

    @Test
    void aCallersTooSmallIntervalIsRefusedAndALongEnoughOneTaken() {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-session-422", gateway.port())) {
            Incoming in = gateway.incoming();
            in.call().answer(Gateway.OFFER);
            in.events().next(TrunkEvent.Confirmed.class);
            sipp.awaitMessage("CSeq: 3 UPDATE", 2);
            in.call().hangUp(HangupReason.NORMAL);
            sipp.assertSuccess();
        }
    }

    @Test
    @Tag("slow")
    void aCallThatItsPeerDoesNotRefreshEndsByByeBeforeTheIntervalDoes() {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-session-unrefreshed", gateway.port(), "-timeout", "100s")) {
            Incoming in = gateway.incoming();
            in.call().answer(Gateway.OFFER);
            in.events().next(TrunkEvent.Confirmed.class);
            sipp.awaitMessage("BYE sip:", 1);
            assertThat(in.events().next(TrunkEvent.Ended.class).q850()).hasValue(102);
            sipp.assertSuccess();
        }
    }

    @Test
    @Tag("slow")
    void aPeerThatHasMovedWhenWeRefreshIsTold() {
        try (Sipp sipp = Sipp.uas("uas-session-moved", "-timeout", "100s");
                Gateway gateway =
                        Gateway.towards(TrunkSettings.at(new TrunkAddress("127.0.0.1", sipp.port(), SipTransport.UDP))
                                .withSessionTimer(new SessionTimerSettings(Duration.ofSeconds(90), Refresher.US)))) {
            Events events = new Events();
            TrunkCall call = answered(gateway, events);
            sipp.awaitMessage("CSeq: 2 ACK", 1);
            assertThat(events.next(TrunkEvent.RefreshAnswered.class).sdp()).contains("o=- 1 2", "m=audio 40404");
            call.hangUp(HangupReason.NORMAL);
            sipp.assertSuccess();
        }
    }

    @Test
    @Tag("slow")
    void aCallThatIsOursToRefreshIsRefreshedByUpdate() {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-session-refreshed", gateway.port(), "-timeout", "100s")) {
            Incoming in = gateway.incoming();
            in.call().answer(Gateway.OFFER);
            in.events().until(TrunkEvent.Confirmed.class);
            sipp.awaitMessage("UPDATE sip:", 1);
            sipp.awaitMessage("CSeq: 1 UPDATE", 2);
            in.call().hangUp(HangupReason.NORMAL);
            sipp.assertSuccess();
        }
    }
}
