package io.ringdown.sip;

import static io.ringdown.evidence.Row.TRANSFER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdown.evidence.Shows;
import io.ringdown.sip.Gateway.Incoming;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** REFER both ways on the real stack, with SIPp as the trunk (RFC 3515, 4488, 5589). */
@Shows(TRANSFER)
final class ReferSippTest {
    private static final Referral TO_COLLEAGUE =
            new Referral.Blind("+12025550123", InviteForm.PLAIN, Optional.of("+12025550177"));

    private static TrunkSettings trunk(int port, boolean accept) {
        return TrunkSettings.at(new TrunkAddress("127.0.0.1", port, SipTransport.UDP))
                .withTransfer(new TransferSettings(accept, true));
    }

    private static Gateway taking() {
        return Gateway.towards(trunk(Sipp.freePort(), true));
    }

    private static Incoming answered(Gateway gateway) {
        Incoming in = gateway.incoming();
        in.call().answer(Gateway.OFFER);
        in.events().until(TrunkEvent.Confirmed.class);
        return in;
    }

    private static TrunkCall answered(Gateway gateway, Events events) {
        TrunkCall call = gateway.call(events);
        events.until(TrunkEvent.Answered.class);
        return call;
    }

    private static void assertOutcome(Events events, OptionalInt status) {
        assertThat(events.next(TrunkEvent.ReferEnded.class)).isEqualTo(new TrunkEvent.ReferEnded(status));
    }

    @ParameterizedTest
    @CsvSource({"u1", "t1"})
    void aReferIsAskedOfUsAndHowItGoesIsToldByNotify(String transport) {
        try (Gateway gateway = taking();
                Sipp sipp = Sipp.uac("uac-refer", gateway.port(), "-t", transport)) {
            Incoming in = answered(gateway);
            ReferTarget target = in.events().next(TrunkEvent.Referred.class).target();
            assertThat(target)
                    .as("the number and nothing else of Refer-To")
                    .isEqualTo(new ReferTarget(
                            "+12025550123", Optional.empty(), Optional.empty(), Optional.of("+12025550177")));
            assertThat(target.toString()).doesNotContain("2025550123");
            in.call().acceptRefer();
            in.call().referProgress(180);
            in.call().referProgress(200);
            in.call().referProgress(503);
            assertThat(in.events().next(TrunkEvent.Referred.class).target().calledNumber())
                    .isEqualTo("+12025550124");
            in.call().acceptRefer();
            in.call().referProgress(486);
            in.events().next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
        }
    }

    @Test
    void whereTransfersAreNotTakenAReferIsDeclinedAndTheCallGoesOn() {
        try (Gateway gateway = Gateway.towards(trunk(Sipp.freePort(), false));
                Sipp sipp = Sipp.uac("uac-refer-off", gateway.port())) {
            Incoming in = answered(gateway);
            in.events().next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
        }
    }

    @Test
    void whoDoesNotWantToBeToldIsNot() {
        try (Gateway gateway = taking();
                Sipp sipp = Sipp.uac("uac-refer-nosub", gateway.port())) {
            Incoming in = answered(gateway);
            in.events().next(TrunkEvent.Referred.class);
            in.call().acceptRefer();
            in.call().referProgress(200);
            in.events().next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
        }
    }

    @Test
    void whatCannotBeFollowedIsRefusedByItsStatusAndNobodyIsAsked() {
        try (Gateway gateway = taking();
                Sipp sipp = Sipp.uac("uac-refer-bad", gateway.port())) {
            Incoming in = answered(gateway);
            in.events().next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
        }
    }

    @Test
    void aReferThatOurSideLeavesOpenIsDeclinedAndOneBesideItWaits() {
        try (Gateway gateway = taking();
                Sipp sipp = Sipp.uac("uac-refer-unanswered", gateway.port())) {
            Incoming in = answered(gateway);
            in.events().next(TrunkEvent.Referred.class);
            in.events().next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
        }
    }

    @Test
    void whoHangsUpAfterTheReferIsToldTheLastWordAllTheSame() {
        try (Gateway gateway = taking();
                Sipp sipp = Sipp.uac("uac-refer-bye", gateway.port())) {
            Incoming in = answered(gateway);
            in.events().next(TrunkEvent.Referred.class);
            in.call().acceptRefer();
            in.events().next(TrunkEvent.Ended.class);
            in.call().referProgress(200);
            sipp.assertSuccess();
            in.events().assertNothingMore();
        }
    }

    @Test
    void aNotifyThatNobodyWantsIsTheLastAndTheCallGoesOn() {
        try (Gateway gateway = taking();
                Sipp sipp = Sipp.uac("uac-refer-481", gateway.port())) {
            Incoming in = answered(gateway);
            in.events().next(TrunkEvent.Referred.class);
            in.call().acceptRefer();
            in.call().referProgress(180);
            in.call().referProgress(200);
            in.events().next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
        }
    }

    @Test
    void theSubscriptionOfAReferIsRefreshedAndEndedBySubscribe() {
        try (Gateway gateway = taking();
                Sipp sipp = Sipp.uac("uac-refer-refreshed", gateway.port())) {
            Incoming in = answered(gateway);
            in.events().next(TrunkEvent.Referred.class);
            in.call().acceptRefer();
            in.events().next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
        }
    }

    @Test
    void ourReferIsAnsweredAndItsNotifiesAreTold() {
        try (Sipp sipp = Sipp.uas("uas-refer");
                Gateway gateway = Gateway.towards(sipp.port())) {
            Events events = new Events();
            TrunkCall call = answered(gateway, events);
            call.refer(TO_COLLEAGUE);
            assertThat(events.next(TrunkEvent.ReferProgress.class).status()).isEqualTo(100);
            assertThat(events.next(TrunkEvent.ReferProgress.class).status()).isEqualTo(180);
            assertOutcome(events, OptionalInt.of(200));
            sipp.awaitMessage("SIP/2.0 481", 1);
            call.hangUp(HangupReason.NORMAL);
            sipp.assertSuccess();
        }
    }

    @ParameterizedTest
    @CsvSource({"uas-refer-603, 603", "uas-refer-nosub, 202", "uas-refer-silent, 0", "uas-refer-allow, 405"})
    void whatBecameOfItIsToldAndTheCallGoesOn(String scenario, int status) {
        try (Sipp sipp = Sipp.uas(scenario);
                Gateway gateway = Gateway.towards(sipp.port())) {
            Events events = new Events();
            TrunkCall call = answered(gateway, events);
            call.refer(TO_COLLEAGUE);
            assertOutcome(events, status == 0 ? OptionalInt.empty() : OptionalInt.of(status));
            call.hangUp(HangupReason.NORMAL);
            events.next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
            events.assertNothingMore();
        }
    }

    @Test
    void whoHangsUpWithoutALastWordHasToldNothing() {
        try (Sipp sipp = Sipp.uas("uas-refer-bye");
                Gateway gateway = Gateway.towards(sipp.port())) {
            Events events = new Events();
            TrunkCall call = answered(gateway, events);
            call.refer(TO_COLLEAGUE);
            events.next(TrunkEvent.ReferProgress.class);
            assertOutcome(events, OptionalInt.empty());
            events.next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
            events.assertNothingMore();
        }
    }

    @Test
    void challengedReferIsSentAgainWithCredentials() {
        try (Sipp sipp = Sipp.uas("uas-refer-auth");
                Gateway gateway = Gateway.towards(Gateway.withPassword(sipp.port(), "pass"))) {
            Events events = new Events();
            TrunkCall call = answered(gateway, events);
            call.refer(TO_COLLEAGUE);
            assertOutcome(events, OptionalInt.of(200));
            call.hangUp(HangupReason.NORMAL);
            sipp.assertSuccess();
        }
    }

    @Test
    void thePeerOfOneCallIsSentToThatOfAnother() {
        try (Sipp first = Sipp.uas("uas-refer-attended");
                Sipp second = Sipp.uas("uas-answer");
                Gateway gateway = Gateway.with(
                        Gateway.settings(),
                        Map.of("peer", trunk(first.port(), false), "other", trunk(second.port(), false)));
                Gateway stranger = Gateway.towards(Sipp.freePort())) {
            Events toFirst = new Events();
            TrunkCall call = answered(gateway, toFirst);
            Events toSecond = new Events();
            TrunkCall consulted = gateway.call("other", toSecond);
            toSecond.until(TrunkEvent.Answered.class);
            assertThatThrownBy(() -> call.refer(new Referral.Attended(stranger.call(new Events()))))
                    .isInstanceOf(IllegalArgumentException.class);
            call.refer(new Referral.Attended(consulted));
            assertOutcome(toFirst, OptionalInt.of(200));
            consulted.hangUp(HangupReason.NORMAL);
            toSecond.until(TrunkEvent.Ended.class);
            call.refer(new Referral.Attended(consulted));
            assertOutcome(toFirst, OptionalInt.of(481));
            call.hangUp(HangupReason.NORMAL);
            first.assertSuccess();
            second.assertSuccess();
        }
    }
}
