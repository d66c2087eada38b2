package io.ringdown.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.InfoRules;
import io.ringdown.sip.SessionTimerSettings;
import io.ringdown.sip.TrunkEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Provisional responses that callers acknowledge by PRACK (RFC 3262), in virtual time. */
final class ReliableProvisionalTest {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1000 * MILLI;

    private final Performed done = new Performed();
    private long cseq = 1;

    private static Terms terms(boolean reliable) {
        return new Terms(
                new NoCredentials(),
                SipTimers.of(Duration.ofSeconds(4), Duration.ofSeconds(180)),
                SessionTimerSettings.off(),
                reliable,
                InfoRules.none(),
                new Random(7));
    }

    private InboundCall requiring() {
        return calledBy(Said.of("INVITE", 1).sdp("their offer").required("100rel"), false);
    }

    private InboundCall calledBy(Said invite, boolean reliable) {
        InboundCall call = new InboundCall(invite.request(1), List.of(), terms(reliable), 0);
        done.drain(call);
        return call;
    }

    private long lastRseq() {
        return Long.parseLong(done.lastResponse("RSeq").getFirst());
    }

    private void prack(InboundCall call, long rseq, long now) {
        call.onRequest(Said.of("PRACK", ++cseq).rack(rseq, 1).request(100 + cseq), now);
        done.drain(call);
    }

    private List<Integer> statuses() {
        return done.responses.stream().map(CallAction.Respond::status).toList();
    }

    @Test
    void whatACallerRequiresIsSentReliably() {
        InboundCall call = requiring();
        call.ring(0);
        done.drain(call);
        assertThat(done.lastResponse("Require")).containsExactly("100rel");
        assertThat(lastRseq()).isBetween(1L, (1L << 31) - 1);
    }

    @Test
    void whatACallerSupportsIsSentReliablyWhereThatIsConfigured() {
        for (boolean reliable : List.of(true, false)) {
            InboundCall call = calledBy(Said.of("INVITE", 1).sdp("offer").supported("100rel"), reliable);
            call.ring(0);
            done.drain(call);
            assertThat(done.lastResponse("RSeq")).hasSize(reliable ? 1 : 0);
        }
    }

    @Test
    void anUnacknowledgedOneIsSentAgainAtDoublingIntervalsAndTheInviteRefusedAfter64T1() {
        InboundCall call = requiring();
        call.ring(0);
        done.drain(call);
        for (long at : new long[] {500, 1500, 3500, 7500, 15_500, 31_500}) {
            int before = done.responses.size();
            done.runTo(call, at * MILLI - 1);
            assertThat(done.responses).hasSize(before);
            done.runTo(call, at * MILLI);
            assertThat(done.responses).hasSize(before + 1);
        }
        done.runTo(call, 32 * SECOND);
        assertThat(statuses()).containsExactly(180, 180, 180, 180, 180, 180, 180, 504);
        assertThat(done.told).singleElement().isInstanceOf(TrunkEvent.Ended.class);
    }

    @Test
    void itsPrackIsAnsweredAndEndsTheRepeating() {
        InboundCall call = requiring();
        call.ring(0);
        done.drain(call);
        prack(call, lastRseq(), 100 * MILLI);
        done.runTo(call, 40 * SECOND);
        assertThat(statuses()).containsExactly(180, 200);
    }

    @Test
    void aPrackForAnythingElseIsUnknown() {
        InboundCall call = requiring();
        prack(call, 1, 0);
        call.ring(0);
        done.drain(call);
        long rseq = lastRseq();
        prack(call, rseq + 1, 0);
        prack(call, rseq, 0);
        prack(call, rseq, 0);
        assertThat(statuses()).containsExactly(481, 180, 481, 200, 481);
    }

    @Test
    void oneIsUnderWayAtATime() {
        InboundCall call = requiring();
        call.ring(0);
        call.progress("our answer", 0);
        done.drain(call);
        assertThat(statuses()).containsExactly(180);
        long first = lastRseq();
        prack(call, first, 0);
        assertThat(statuses()).containsExactly(180, 200, 183);
        assertThat(lastRseq()).isEqualTo(first + 1);
    }

    @Test
    void theAnswerWaitsForTheAcknowledgementOfADescriptionAndDoesNotRepeatIt() {
        InboundCall call = requiring();
        call.progress("our answer", 0);
        call.answer("our answer", 0);
        done.drain(call);
        assertThat(statuses()).containsExactly(183);
        prack(call, lastRseq(), SECOND);
        assertThat(statuses()).containsExactly(183, 200, 200);
        assertThat(done.responses.getLast().id()).isEqualTo(1);
        assertThat(done.responses.getLast().sdp()).isEmpty();
    }

    @Test
    void theAnswerDoesNotWaitForWhatHasNoDescriptionAndItsPrackIsStillAnswered() {
        InboundCall call = requiring();
        call.ring(0);
        done.drain(call);
        long rseq = lastRseq();
        call.answer("our answer", 0);
        done.drain(call);
        assertThat(statuses()).containsExactly(180, 200);
        assertThat(done.responses.getLast().sdp()).hasValue("our answer");
        prack(call, rseq, 0);
        done.runTo(call, 600 * MILLI);
        assertThat(statuses()).containsExactly(180, 200, 200);
    }

    @Test
    void anOfferInAPrackIsForOurSideToTakeOrRefuse() {
        for (boolean taken : List.of(true, false)) {
            done.clear();
            cseq = 1;
            InboundCall call = requiring();
            call.progress("our answer", 0);
            done.drain(call);
            call.onRequest(
                    Said.of("PRACK", 2).rack(lastRseq(), 1).sdp("another offer").request(9), 0);
            done.drain(call);
            assertThat(done.told).containsExactly(new TrunkEvent.Reoffer("another offer"));
            if (taken) {
                call.acceptReoffer("another answer", 0);
            } else {
                call.rejectReoffer(0);
            }
            done.drain(call);
            assertThat(done.responses.getLast().id()).isEqualTo(9);
            assertThat(done.responses.getLast().status()).isEqualTo(taken ? 200 : 488);
            assertThat(done.responses.getLast().sdp())
                    .isEqualTo(taken ? Optional.of("another answer") : Optional.empty());
            done.runTo(call, 40 * SECOND);
            assertThat(done.told)
                    .as("the response is acknowledged all the same")
                    .hasSize(1);
        }
    }

    @Test
    void afterTheAcknowledgementBothMayOfferByUpdate() {
        InboundCall call =
                calledBy(Said.of("INVITE", 1).sdp("offer").required("100rel").allow("UPDATE"), true);
        call.progress("our answer", 0);
        call.reoffer("too early", 0);
        done.drain(call);
        assertThat(done.sent).isEmpty();
        prack(call, lastRseq(), 0);
        call.reoffer("our offer", 0);
        done.drain(call);
        assertThat(done.sent).singleElement().satisfies(update -> {
            assertThat(update.method()).isEqualTo("UPDATE");
            assertThat(update.sdp()).hasValue("our offer");
        });
        call.onResponse(Said.of("UPDATE", 1).sdp("their answer").response(200), 0);
        call.onRequest(Said.of("UPDATE", ++cseq).sdp("their offer").request(50), 0);
        done.drain(call);
        assertThat(done.told)
                .endsWith(new TrunkEvent.ReofferAnswered("their answer"), new TrunkEvent.Reoffer("their offer"));
    }

    @Test
    void theLastOneIsSaidAgainEachMinuteWithoutItsDescription() {
        InboundCall call = requiring();
        call.progress("our answer", 0);
        done.drain(call);
        prack(call, lastRseq(), 0);
        done.runTo(call, 60 * SECOND);
        assertThat(statuses()).containsExactly(183, 200, 183);
        assertThat(done.responses.getLast().sdp()).isEmpty();
    }

    @Test
    void aCallerThatRequiresThemButMakesNoOfferHearsTheAnswerOnly() {
        InboundCall call = calledBy(Said.of("INVITE", 1).required("100rel"), true);
        call.ring(0);
        call.answer("our offer", 0);
        done.drain(call);
        assertThat(statuses()).containsExactly(200);
        assertThat(done.responses.getFirst().sdp()).hasValue("our offer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1 2", "1 2 BYE", "-1 2 INVITE", "1 2 INVITE 3", "99999999999 2 INVITE"})
    void whatIsNoRackIsNotRead(String text) {
        assertThat(RAck.parse(text)).isEmpty();
    }

    @Test
    void valuesOfRackAreRead() {
        assertThat(RAck.parse(" 776656  1 INVITE")).hasValue(new RAck(776_656, 1));
    }
}
