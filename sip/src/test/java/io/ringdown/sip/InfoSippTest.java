package io.ringdown.sip;

import static io.ringdown.evidence.Row.IN_THE_CALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import io.ringdown.sip.Gateway.Incoming;
import io.ringdown.sip.InfoOutcome.Answered;
import io.ringdown.sip.InfoOutcome.Cause;
import io.ringdown.sip.InfoOutcome.NotSent;
import io.ringdown.sip.InfoOutcome.Unanswered;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** INFO both ways on the real stack, with SIPp as the trunk. */
@Shows(IN_THE_CALL)
final class InfoSippTest {

    private static InfoBody signal(int number) {
        return new InfoBody("application/dtmf-relay", "Signal=" + number + "\r\nDuration=160\r\n");
    }

    private static void assertTold(Events events, String start) {
        assertThat(events.next(TrunkEvent.InfoReceived.class).body().text()).startsWith(start);
    }

    private static void assertOutcome(Events events, long handle, InfoOutcome outcome) {
        assertThat(events.next(TrunkEvent.InfoAnswered.class)).isEqualTo(new TrunkEvent.InfoAnswered(handle, outcome));
    }

    @ParameterizedTest
    @CsvSource({"UDP, u1", "TCP, t1"})
    void eachKindOfInfoGetsItsAnswerAndTheGoodOnesAreToldOnceInOrder(SipTransport transport, String sippTransport) {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-info", gateway.port(), "-t", sippTransport)) {
            Incoming in = gateway.incoming();
            in.call().answer(Gateway.OFFER);
            PeerCapabilities peer =
                    in.events().next(TrunkEvent.Capabilities.class).peer();
            assertThat(peer.allows("INFO")).hasValue(true);
            assertThat(peer.accepts("application/dtmf-relay")).hasValue(true);
            assertThat(peer.accepts("application/dtmf")).hasValue(false);
            in.events().next(TrunkEvent.Confirmed.class);
            assertTold(in.events(), "Signal=5");
            assertTold(in.events(), "7");
            assertTold(in.events(), "Signal=9");
            assertTold(in.events(), "Signal=#");
            in.events().next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
            assertThat(gateway.counter("info-requests"))
                    .as("without the one that came again")
                    .isEqualTo(10);
            assertThat(gateway.counter("info-refused")).isEqualTo(5);
        }
    }

    @Test
    void infoThatComesAgainIsAnsweredAgainButToldOnce() {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-info-again", gateway.port())) {
            Incoming in = gateway.incoming();
            in.call().answer(Gateway.OFFER);
            in.events().next(TrunkEvent.Confirmed.class);
            assertTold(in.events(), "Signal=9");
            assertTold(in.events(), "Signal=8");
            in.events().next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
            assertThat(sipp.messages().split("CSeq: 2 INFO", -1))
                    .as("two requests and two answers at least")
                    .hasSizeGreaterThanOrEqualTo(1 + 4);
            assertThat(gateway.counter("info-requests")).isEqualTo(2);
        }
    }

    @Test
    void earlyDialogOfAnIncomingCallCarriesInfoBothWays() {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-info-early", gateway.port())) {
            Incoming in = gateway.incoming();
            in.call().info(7, signal(7));
            assertOutcome(in.events(), 7, new NotSent(Cause.NO_DIALOG));
            in.call().progress(Gateway.OFFER);
            assertTold(in.events(), "Signal=5");
            in.call().info(1, signal(1));
            assertOutcome(in.events(), 1, new Answered(200));
            in.call().answer(Gateway.OFFER);
            in.events().next(TrunkEvent.Confirmed.class);
            in.events().next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
        }
    }

    @Test
    void ourInfoInAnIncomingCallWaitsForTheAck() {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-info-by-us", gateway.port())) {
            Incoming in = gateway.incoming();
            in.call().answer(Gateway.OFFER);
            in.call().info(1, signal(1));
            in.call().info(2, signal(2));
            in.events().next(TrunkEvent.Confirmed.class);
            assertOutcome(in.events(), 1, new Answered(200));
            assertOutcome(in.events(), 2, new Answered(200));
            in.events().next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
        }
    }

    @Test
    void infoThatCrossesOurByeIsToldThatTheCallIsOver() {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-info-crosses-bye", gateway.port())) {
            Incoming in = gateway.incoming();
            in.call().answer(Gateway.OFFER);
            in.events().next(TrunkEvent.Confirmed.class);
            in.call().hangUp(HangupReason.NORMAL);
            in.events().next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
            in.events().assertNothingMore();
        }
    }

    @Test
    void ourInfoLeavesInOrderAndItsAnswersAreTold() {
        try (Sipp sipp = Sipp.uas("uas-info");
                Gateway gateway = Gateway.towards(sipp.port())) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            events.next(TrunkEvent.Trying.class);
            assertThat(events.next(TrunkEvent.Capabilities.class).peer().allows("INFO"))
                    .hasValue(true);
            events.next(TrunkEvent.Answered.class);
            for (int i = 1; i <= 3; i++) {
                call.info(i, signal(i));
            }
            assertOutcome(events, 1, new Answered(200));
            assertOutcome(events, 2, new Answered(415));
            assertOutcome(events, 3, new Answered(200));
            call.hangUp(HangupReason.NORMAL);
            events.next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
            events.assertNothingMore();
        }
    }

    @Test
    void ourInfoLeavesInTheEarlyDialogOnceThereIsOneAndAfterTheAnswer() {
        try (Sipp sipp = Sipp.uas("uas-info-early");
                Gateway gateway = Gateway.towards(sipp.port())) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            call.info(9, signal(9));
            assertThat(events.until(TrunkEvent.InfoAnswered.class).outcome()).isEqualTo(new NotSent(Cause.NO_DIALOG));
            assertThat(events.until(TrunkEvent.Progress.class).sdp()).isPresent();
            call.info(1, signal(1));
            assertOutcome(events, 1, new Answered(200));
            events.next(TrunkEvent.Answered.class);
            call.info(2, signal(2));
            assertOutcome(events, 2, new Answered(200));
            call.hangUp(HangupReason.NORMAL);
            sipp.assertSuccess();
        }
    }

    @Test
    void challengedInfoIsSentAgainWithCredentialsWhichTheNextOneHasFromTheStart() {
        try (Sipp sipp = Sipp.uas("uas-info-auth");
                Gateway gateway = Gateway.towards(Gateway.withPassword(sipp.port(), "pass"))) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            events.until(TrunkEvent.Answered.class);
            call.info(1, signal(1));
            call.info(2, signal(2));
            assertOutcome(events, 1, new Answered(200));
            assertOutcome(events, 2, new Answered(200));
            call.hangUp(HangupReason.NORMAL);
            sipp.assertSuccess();
        }
    }

    @Test
    void infoWithoutAnswerIsToldSoAndTheCallAndTheNextOneGoOn() {
        try (Sipp sipp = Sipp.uas("uas-info-silent");
                Gateway gateway = Gateway.towards(sipp.port())) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            events.until(TrunkEvent.Answered.class);
            call.info(1, signal(1));
            call.info(2, signal(2));
            assertOutcome(events, 1, new Unanswered());
            assertOutcome(events, 2, new Answered(200));
            call.hangUp(HangupReason.NORMAL);
            sipp.assertSuccess();
        }
    }

    @Test
    void trunkThatDoesNotKnowTheCallEndsIt() {
        try (Sipp sipp = Sipp.uas("uas-info-481");
                Gateway gateway = Gateway.towards(sipp.port())) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            events.until(TrunkEvent.Answered.class);
            call.info(1, signal(1));
            call.info(2, signal(2));
            assertOutcome(events, 1, new Answered(481));
            assertOutcome(events, 2, new NotSent(Cause.CALL_OVER));
            assertThat(events.next(TrunkEvent.Ended.class).q850()).hasValue(41);
            sipp.assertSuccess();
            events.assertNothingMore();
        }
    }

    @Test
    void byeThatCrossesOurInfoLeavesItUnanswered() {
        try (Sipp sipp = Sipp.uas("uas-info-bye");
                Gateway gateway = Gateway.towards(sipp.port())) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            events.until(TrunkEvent.Answered.class);
            call.info(1, signal(1));
            call.info(2, signal(2));
            assertOutcome(events, 1, new Unanswered());
            assertOutcome(events, 2, new NotSent(Cause.CALL_OVER));
            events.next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
            events.assertNothingMore();
        }
    }
}
