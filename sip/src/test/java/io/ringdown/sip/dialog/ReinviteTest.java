package io.ringdown.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.InfoRules;
import io.ringdown.sip.PeerCapabilities;
import io.ringdown.sip.SessionTimerSettings;
import io.ringdown.sip.TrunkEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Re-INVITEs in an established call that came in. */
final class ReinviteTest {
    private static final Terms TERMS = new Terms(
            new NoCredentials(),
            SipTimers.of(Duration.ofSeconds(4), Duration.ofSeconds(180)),
            SessionTimerSettings.off(),
            true,
            InfoRules.none(),
            new Random(1));
    private static final long MILLI = 1_000_000;

    private final InboundCall call = new InboundCall(request(1, "INVITE", 1, "offer"), List.of(), TERMS, 0);

    @BeforeEach
    void establish() {
        call.answer("answer", 0);
        call.onRequest(request(0, "ACK", 1, null), 0);
        assertThat(call.takeActions()).hasSize(2);
    }

    @Test
    void theSameOneAgainGetsTheSameAnswerAndStillOneAckEndsIt() {
        call.onRequest(request(2, "INVITE", 2, "new"), 0);
        call.acceptReoffer("description", 0);
        assertThat(call.takeActions()).contains(ok(2, "description"));
        call.onRequest(request(3, "INVITE", 2, "new"), 100 * MILLI);
        assertThat(call.takeActions()).containsExactly(ok(3, "description"));
        call.onTime(500 * MILLI);
        assertThat(call.takeActions()).containsExactly(new CallAction.ResendAnswer(3));
        call.onRequest(request(0, "ACK", 2, null), 600 * MILLI);
        assertThat(call.nextWakeup()).isEqualTo(CallCore.NEVER);
    }

    @Test
    void oneWithoutOfferAsksForOursAndItsAckBringsTheAnswer() {
        call.onRequest(request(2, "INVITE", 2, null), 0);
        assertThat(call.takeActions()).containsExactly(new CallAction.Tell(new TrunkEvent.OfferWanted()));
        call.acceptReoffer("our offer", 0);
        assertThat(call.takeActions()).containsExactly(ok(2, "our offer"));
        call.onRequest(request(3, "UPDATE", 3, "theirs"), 0);
        assertThat(call.takeActions())
                .as("ours has no answer yet (RFC 3311 §5.2)")
                .containsExactly(response(3, 491));
        call.onRequest(request(0, "ACK", 2, "their answer"), 0);
        assertThat(call.takeActions()).containsExactly(new CallAction.Tell(new TrunkEvent.AnswerInAck("their answer")));
    }

    @Test
    void oneWithoutOfferThatOurSideCannotServeIsRefused() {
        call.onRequest(request(2, "INVITE", 2, null), 0);
        assertThat(call.takeActions()).hasSize(1);
        call.rejectReoffer(0);
        assertThat(call.takeActions())
                .singleElement()
                .isInstanceOfSatisfying(
                        CallAction.Respond.class,
                        refused -> assertThat(refused.status()).isEqualTo(488));
    }

    private static CallAction ok(long id, String sdp) {
        return new CallAction.Respond(id, 200, List.of(Methods.allow(TERMS)), Optional.of(sdp));
    }

    private static CallAction response(long id, int status) {
        return new CallAction.Respond(id, status, List.of(), Optional.empty());
    }

    private static InRequest request(long id, String method, long cseq, @Nullable String sdp) {
        return new InRequest(
                id,
                method,
                cseq,
                "tag",
                Optional.of("sip:peer@192.0.2.1"),
                Optional.ofNullable(sdp),
                OptionalInt.empty(),
                PeerCapabilities.UNKNOWN,
                Optional.empty(),
                Extensions.NONE);
    }
}
