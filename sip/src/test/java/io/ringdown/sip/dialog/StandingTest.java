package io.ringdown.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.HangupReason;
import io.ringdown.sip.InfoRules;
import io.ringdown.sip.Replacement;
import io.ringdown.sip.SessionTimerSettings;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which dialogs of a call another call may take the place of (RFC 3891 3). */
final class StandingTest {
    private static final Terms TERMS = new Terms(
            new NoCredentials(),
            SipTimers.of(Duration.ofSeconds(4), Duration.ofSeconds(180)),
            SessionTimerSettings.off(),
            true,
            true,
            InfoRules.none(),
            new Random(1));

    private static int refusal(CallCore call, String tag, boolean earlyOnly) {
        return call.standings().stream()
                .filter(one -> one.remoteTag().equals(tag))
                .findFirst()
                .map(one -> one.refusal(new Replacement("c", "ours", tag, earlyOnly)))
                .orElse(OptionalInt.of(481))
                .orElse(0);
    }

    @Test
    void aCallOfOursMayBeTakenOverFromEachPhoneThatRingsAndThenFromTheOneThatAnswered() {
        OutboundCall call = new OutboundCall("sip:1@192.0.2.1", "offer", List.of(), TERMS);
        call.start(0);
        assertThat(refusal(call, "a", false)).isEqualTo(481);
        call.onResponse(Said.of("INVITE", 1).tag("a").response(180), 0);
        call.onResponse(Said.of("INVITE", 1).tag("b").response(180), 0);
        assertThat(refusal(call, "a", true)).isZero();
        assertThat(refusal(call, "b", false)).isZero();
        call.onResponse(Said.of("INVITE", 1).tag("b").sdp("answer").response(200), 0);
        assertThat(refusal(call, "a", false)).as("another one answered").isEqualTo(603);
        assertThat(refusal(call, "b", false)).isZero();
        assertThat(refusal(call, "b", true)).isEqualTo(486);
        call.hangUp(HangupReason.NORMAL, 0);
        assertThat(refusal(call, "b", false)).isEqualTo(603);
    }

    @Test
    void aCallOfThePeerThatRingsWithUsIsNoneOfItsOwnToReplace() {
        InboundCall call = new InboundCall(Said.of("INVITE", 1).sdp("offer").request(1), List.of(), TERMS, 0);
        call.ring(0);
        assertThat(refusal(call, "t", false)).isEqualTo(481);
        call.answer("answer", 0);
        call.onRequest(Said.of("ACK", 1).request(0), 0);
        assertThat(refusal(call, "t", false)).isZero();
        call.onRequest(Said.of("BYE", 2).request(2), 0);
        assertThat(refusal(call, "t", false)).isEqualTo(603);
    }
}
