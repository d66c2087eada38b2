package io.ringdown.sip;

import static io.ringdown.evidence.Row.TRANSFER;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import io.ringdown.sip.Gateway.Incoming;
import io.ringdown.sip.dialog.ReferTo;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** INVITE with Replaces both ways on the real stack, with SIPp as the trunk (RFC 3891). */
@Shows(TRANSFER)
final class ReplacesSippTest {
    private static final Pattern ANSWERER =
            Pattern.compile("SIP/2\\.0 200 OK.*?\r?\nTo: [^\r\n]*;tag=([0-9a-f]+)", Pattern.DOTALL);
    private static final Pattern CALLER = Pattern.compile("\nFrom: [^\r\n]*;tag=([^\r\n;]+)");

    private static Gateway gateway(boolean accept) {
        return Gateway.towards(TrunkSettings.at(new TrunkAddress("127.0.0.1", Sipp.freePort(), SipTransport.UDP))
                .withTransfer(new TransferSettings(accept, true)));
    }

    private static String found(Pattern pattern, Sipp sipp) {
        sipp.awaitMessage("\nACK sip:", 1);
        Matcher m = pattern.matcher(sipp.messages());
        assertThat(m.find()).as(sipp.messages()).isTrue();
        return m.group(1);
    }

    private static String replaces(Incoming call, Sipp caller) {
        return new Replacement(call.call().callId(), found(ANSWERER, caller), found(CALLER, caller), false)
                .headerValue();
    }

    private static Incoming answered(Gateway gateway) {
        Incoming in = gateway.incoming();
        in.call().answer(Gateway.OFFER);
        in.events().until(TrunkEvent.Confirmed.class);
        return in;
    }

    @Test
    void anInviteTakesThePlaceOfTheCallThatItNames() {
        try (Gateway gateway = gateway(true);
                Sipp first = Sipp.uac("uac-waits-for-bye", gateway.port())) {
            Incoming old = answered(gateway);
            assertThat(old.invite().replaces()).isEmpty();
            try (Sipp second = Sipp.uac("uac-replaces", gateway.port(), "-key", "replaces", replaces(old, first))) {
                Incoming anew = answered(gateway);
                assertThat(anew.invite().replaces()).containsSame(old.call());
                old.call().hangUp(HangupReason.NORMAL);
                old.events().next(TrunkEvent.Ended.class);
                first.assertSuccess();
                anew.events().next(TrunkEvent.Ended.class);
                second.assertSuccess();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, 'Replaces: %1$s\r\nReplaces: %1$s'",
        "400, 'Replaces: nonsense'",
        "481, 'Replaces: x%1$s'",
        "481, 'Replaces: %1$sx'",
        "486, 'Replaces: %1$s;early-only'",
    })
    void whatCannotTakeItsPlaceIsRefusedByItsStatusAndTheOldCallGoesOn(int status, String header) {
        try (Gateway gateway = gateway(true);
                Sipp first = Sipp.uac("uac-waits-for-bye", gateway.port())) {
            Incoming old = answered(gateway);
            String said = String.format(header, replaces(old, first));
            try (Sipp second = Sipp.uac("uac-replaces-" + status, gateway.port(), "-key", "replaces", said)) {
                second.assertSuccess();
                old.events().assertNothingMore();
                old.call().hangUp(HangupReason.NORMAL);
                old.events().next(TrunkEvent.Ended.class);
                first.assertSuccess();
                assertThat(gateway.hasIncoming()).isFalse();
            }
        }
    }

    @Test
    void anotherTrunkHasNoPartInIt() {
        TransferSettings taken = new TransferSettings(true, true);
        TrunkSettings peer = TrunkSettings.at(new TrunkAddress("127.0.0.1", Sipp.freePort(), SipTransport.UDP));
        TrunkSettings other = TrunkSettings.at(new TrunkAddress("127.0.0.2", Sipp.freePort(), SipTransport.UDP));
        try (Gateway gateway = Gateway.with(
                        Gateway.settings(),
                        Map.of("peer", peer.withTransfer(taken), "other", other.withTransfer(taken)));
                Sipp first = Sipp.uac("uac-waits-for-bye", gateway.port())) {
            Incoming old = answered(gateway);
            String said = "Replaces: " + replaces(old, first);
            try (Sipp second = Sipp.uacTo(
                    "127.0.0.2", "127.0.0.1:" + gateway.port(), "uac-replaces-481", "-key", "replaces", said)) {
                second.assertSuccess();
            }
            old.call().hangUp(HangupReason.NORMAL);
            first.assertSuccess();
        }
    }

    @Test
    void aCallThatIsOverIsNotReplaced() {
        try (Gateway gateway = gateway(true);
                Sipp first = Sipp.uac("uac-waits-for-bye", gateway.port())) {
            Incoming old = answered(gateway);
            String said = "Replaces: " + replaces(old, first);
            old.call().hangUp(HangupReason.NORMAL);
            first.assertSuccess();
            try (Sipp second = Sipp.uac("uac-replaces-603", gateway.port(), "-key", "replaces", said)) {
                second.assertSuccess();
            }
        }
    }

    @Test
    void whereTransfersAreNotTakenReplacesIsAnUnknownExtension() {
        try (Gateway gateway = gateway(false);
                Sipp first = Sipp.uac("uac-waits-for-bye", gateway.port())) {
            Incoming old = answered(gateway);
            String said = "Replaces: " + replaces(old, first);
            try (Sipp second =
                    Sipp.uac("uac-replaces-420", gateway.port(), "-key", "replaces", said + "\r\nRequire: replaces")) {
                second.assertSuccess();
            }
            try (Sipp third = Sipp.uac("uac-replaces-486", gateway.port(), "-key", "replaces", said)) {
                Incoming plain = gateway.incoming();
                assertThat(plain.invite().replaces()).isEmpty();
                plain.call().reject(new Rejection(486, new HangupReason(17, "User busy")));
                third.assertSuccess();
            }
            old.call().hangUp(HangupReason.NORMAL);
            first.assertSuccess();
        }
    }

    @Test
    void aReferToThePeerOfAnotherCallOfOursSaysWhichCallThatIs() {
        try (Gateway gateway = gateway(true);
                Sipp consulted = Sipp.uac("uac-waits-for-bye", gateway.port())) {
            Incoming second = answered(gateway);
            Replacement dialog = Replacement.parse(replaces(second, consulted)).orElseThrow();
            String to = ReferTo.of("sip:127.0.0.1:" + gateway.port(), dialog);
            try (Sipp transferor = Sipp.uac("uac-refer-attended", gateway.port(), "-key", "refer_to", to)) {
                Incoming first = answered(gateway);
                ReferTarget target =
                        first.events().next(TrunkEvent.Referred.class).target();
                assertThat(target.replaces()).hasValue(dialog);
                assertThat(target.ours()).containsSame(second.call());
                first.call().acceptRefer();
                first.call().referProgress(200);
                first.events().next(TrunkEvent.Ended.class);
                transferor.assertSuccess();
            }
            second.call().hangUp(HangupReason.NORMAL);
            consulted.assertSuccess();
        }
    }

    @Test
    void ourInviteSaysWhichCallItReplacesAndForWhom() {
        try (Sipp sipp = Sipp.uas("uas-replaces");
                Gateway gateway = Gateway.towards(sipp.port())) {
            Events events = new Events();
            gateway.trunks()
                    .invite(
                            new OutboundInvite(
                                            "peer", "+12025550100", Optional.empty(), Optional.empty(), Gateway.OFFER)
                                    .withReplaces(new Replacement("12345@192.0.2.7", "theirs", "ours", false))
                                    .withReferredBy("+12025550177"),
                            events);
            events.until(TrunkEvent.Failed.class);
            sipp.assertSuccess();
        }
    }
}
