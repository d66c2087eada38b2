package io.ringdown.sip;

import static io.ringdown.evidence.Row.HYGIENE;
import static io.ringdown.evidence.Row.INBOUND;
import static io.ringdown.evidence.Row.IN_THE_CALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import io.ringdown.sip.Gateway.Incoming;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls in on the real stack, with SIPp as the trunk. */
@Shows(INBOUND)
final class InboundSippTest {

    @ParameterizedTest
    @CsvSource({"UDP, u1", "TCP, t1"})
    void callRingsHasEarlyMediaIsAnsweredAndEndedByTheTrunk(SipTransport transport, String sippTransport) {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-answer", gateway.port(), "-t", sippTransport)) {
            Incoming in = gateway.incoming();
            assertThat(in.invite().trunk()).isEqualTo("peer");
            assertThat(in.invite().calledNumber()).isEqualTo("+4930123456");
            assertThat(in.invite().callerNumber()).hasValue("+12025550111");
            assertThat(in.invite().callerName()).hasValue("Bob");
            assertThat(in.invite().sdp()).isPresent();
            in.call().ring();
            in.call().progress(Gateway.OFFER);
            in.call().answer(Gateway.OFFER);
            in.events().next(TrunkEvent.Confirmed.class);
            assertThat(in.events().next(TrunkEvent.Ended.class).q850()).hasValue(16);
            sipp.assertSuccess();
        }
    }

    @Test
    void weHangUp() {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-bye-by-us", gateway.port())) {
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
    void trunkCancels() {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-cancel", gateway.port())) {
            Incoming in = gateway.incoming();
            in.call().ring();
            assertThat(in.events().next(TrunkEvent.Ended.class).q850()).hasValue(26);
            in.call().answer(Gateway.OFFER);
            sipp.assertSuccess();
            in.events().assertNothingMore();
        }
    }

    @Test
    void weRefuse() {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-rejected", gateway.port())) {
            Incoming in = gateway.incoming();
            in.call().reject(new Rejection(486, new HangupReason(17, "User busy")));
            in.events().next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
        }
    }

    @Test
    @Shows(IN_THE_CALL)
    void offerWithVideoIsRefusedAndTheCallLivesThroughEverythingElse() {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-reinvite-video", gateway.port())) {
            Incoming in = gateway.incoming();
            in.call().answer(Gateway.OFFER);
            in.events().next(TrunkEvent.Confirmed.class);
            assertThat(in.events().next(TrunkEvent.Reoffer.class).sdp()).contains("m=video");
            in.call().rejectReoffer();
            in.events().next(TrunkEvent.Reoffer.class);
            in.call().acceptReoffer(Gateway.OFFER);
            in.events().next(TrunkEvent.Reoffer.class);
            in.call().acceptReoffer(Gateway.OFFER);
            in.events().next(TrunkEvent.OfferWanted.class);
            in.call().acceptReoffer(Gateway.OFFER);
            assertThat(in.events().next(TrunkEvent.AnswerInAck.class).sdp()).contains("m=audio");
            in.events().next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
        }
    }

    @Test
    void byeBeforeTheAckEndsTheCallAndTheAnswerIsNotSentAgain() {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-bye-before-ack", gateway.port())) {
            Incoming in = gateway.incoming();
            in.call().answer(Gateway.OFFER);
            in.events().next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
            in.events().assertNothingMore();
        }
    }

    @Test
    void cancelThatCrossesTheAnswerIsTooLateAndTheCallLives() {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-cancel-after-answer", gateway.port())) {
            Incoming in = gateway.incoming();
            in.call().ring();
            in.call().answer(Gateway.OFFER);
            in.events().next(TrunkEvent.Confirmed.class);
            in.events().next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
        }
    }

    @Test
    void inviteThatComesAgainWhileItRingsIsTheSameCall() {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-invite-again", gateway.port())) {
            Incoming in = gateway.incoming();
            in.call().ring();
            sipp.awaitMessage("SIP/2.0 180", 2);
            in.call().answer(Gateway.OFFER);
            in.events().next(TrunkEvent.Confirmed.class);
            in.events().next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
            assertThat(gateway.hasIncoming()).isFalse();
        }
    }

    @Test
    void peersThatHaveDrawnTheSameBranchAreBothServed() {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp one = Sipp.uac("uac-same-branch", gateway.port())) {
            Incoming first = gateway.incoming();
            first.call().ring();
            try (Sipp other = Sipp.uac("uac-same-branch", gateway.port())) {
                Incoming second = gateway.incoming();
                second.call().ring();
                other.awaitMessage("SIP/2.0 180", 1);
                first.call().reject(new Rejection(486, new HangupReason(17, "Busy")));
                second.call().reject(new Rejection(486, new HangupReason(17, "Busy")));
                one.assertSuccess();
                other.assertSuccess();
            }
        }
    }

    @Test
    void theOfferIsFoundAmongSeveralParts() {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-multipart", gateway.port())) {
            Incoming in = gateway.incoming();
            assertThat(in.invite().sdp())
                    .hasValueSatisfying(sdp -> assertThat(sdp).startsWith("v=0").contains("m=audio"));
            in.call().answer(Gateway.OFFER);
            in.events().next(TrunkEvent.Confirmed.class);
            in.events().next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
        }
    }

    @Test
    @Shows(IN_THE_CALL)
    void inviteWithoutOfferGetsOursAndItsAckBringsTheAnswer() {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-offerless", gateway.port())) {
            Incoming in = gateway.incoming();
            assertThat(in.invite().sdp()).isEmpty();
            in.call().answer(Gateway.OFFER);
            assertThat(in.events().next(TrunkEvent.Confirmed.class).sdp()).isPresent();
            in.call().hangUp(HangupReason.NORMAL);
            sipp.assertSuccess();
        }
    }

    @Test
    void answerIsSentAgainUntilItsAckIsGivenUpAndThenEnded() {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-no-ack", gateway.port())) {
            Incoming in = gateway.incoming();
            in.call().answer(Gateway.OFFER);
            in.events().next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
            assertThat(sipp.messages().split("SIP/2.0 200 OK", -1)).hasSizeGreaterThan(8);
        }
    }

    @Test
    @Shows(HYGIENE)
    void whatIsNoCallIsAnsweredByItsRfc() {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-strange", gateway.port())) {
            sipp.assertSuccess();
            assertThat(gateway.hasIncoming()).isFalse();
        }
    }

    @Test
    @Shows(HYGIENE)
    void sameInviteOverAnotherWayIsALoop() {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-merged", gateway.port())) {
            Incoming in = gateway.incoming();
            in.call().ring();
            sipp.assertSuccess();
            assertThat(gateway.hasIncoming()).isFalse();
        }
    }

    @Test
    void unknownSourceGetsNoAnswerAndReachesNoParser() {
        TrunkSettings elsewhere = TrunkSettings.at(new TrunkAddress("127.0.0.9", Sipp.freePort(), SipTransport.UDP));
        try (Gateway gateway = Gateway.towards(elsewhere);
                Sipp sipp = Sipp.uac("uac-answer", gateway.port())) {
            while (gateway.counter("dropped-unknown-source") < 2) {
                LockSupport.parkNanos(20_000_000);
            }
            assertThat(gateway.counter("messages-in")).isZero();
            assertThat(sipp.messages()).doesNotContain("SIP/2.0 ");
            assertThat(gateway.hasIncoming()).isFalse();
        }
    }

    @Test
    @Shows({INBOUND, HYGIENE})
    void callsAboveTheLimitGet503() {
        SipSettings s = Gateway.settings();
        SipSettings one = s.withMaxCalls(1);
        try (Gateway gateway =
                Gateway.with(one, TrunkSettings.at(new TrunkAddress("127.0.0.1", Sipp.freePort(), SipTransport.UDP)))) {
            Events out = new Events();
            gateway.call(out);
            Events second = new Events();
            gateway.call(second);
            assertThat(second.next(TrunkEvent.Failed.class).failure()).isInstanceOf(TrunkFailure.Unreachable.class);
            assertThat(gateway.trunks().debugState()).containsEntry("active-calls", 1);
            assertThat(gateway.counter("refused-overload")).isOne();
        }
    }
}
