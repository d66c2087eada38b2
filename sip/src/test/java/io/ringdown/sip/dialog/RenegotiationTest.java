package io.ringdown.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.HangupReason;
import io.ringdown.sip.InfoRules;
import io.ringdown.sip.PeerCapabilities;
import io.ringdown.sip.Secret;
import io.ringdown.sip.SessionTimerSettings;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkEvent.ReofferAnswered;
import io.ringdown.sip.TrunkEvent.ReofferRefused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our own offers in established calls, in virtual time. */
final class RenegotiationTest {
    private static final Terms TERMS = new Terms(
            new NoCredentials(),
            SipTimers.of(Duration.ofSeconds(4), Duration.ofSeconds(180)),
            SessionTimerSettings.off(),
            true,
            InfoRules.none(),
            new Random(1));
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1000 * MILLI;

    private final List<OutRequest> sent = new ArrayList<>();
    private final List<OutRequest> acks = new ArrayList<>();
    private final List<TrunkEvent> told = new ArrayList<>();
    private final List<CallAction> others = new ArrayList<>();

    @Test
    void theOfferLeavesByReinviteAndItsAnswerIsAcknowledgedAndTold() {
        CallCore call = ours(TERMS);
        reoffer(call, "hold", 0);
        assertThat(sent).singleElement().satisfies(invite -> {
            assertThat(invite.method()).isEqualTo("INVITE");
            assertThat(invite.sdp()).hasValue("hold");
            assertThat(invite.toTag()).hasValue("t");
            assertThat(invite.cseq()).isEqualTo(2);
        });
        answer(call, 200, "held", 0);
        assertThat(told).containsExactly(new ReofferAnswered("held"));
        assertThat(acks).singleElement().satisfies(ack -> assertThat(ack.cseq()).isEqualTo(2));
    }

    @Test
    void aRepeatedAnswerIsAcknowledgedAgainAndToldOnce() {
        CallCore call = ours(TERMS);
        reoffer(call, "hold", 0);
        answer(call, 200, "held", 0);
        answer(call, 200, "held", SECOND);
        assertThat(told).containsExactly(new ReofferAnswered("held"));
        assertThat(acks).hasSize(2);
    }

    @Test
    void anOfferInAnIncomingCallWaitsForTheAck() {
        InboundCall call = new InboundCall(request(1, "INVITE", 1, "v=0"), List.of(), TERMS, 0);
        call.answer("v=0", 0);
        reoffer(call, "hold", 0);
        assertThat(sent).isEmpty();
        call.onRequest(request(0, "ACK", 1, null), SECOND);
        perform(call);
        assertThat(sent)
                .singleElement()
                .satisfies(invite -> assertThat(invite.sdp()).hasValue("hold"));
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 415, 488, 500, 503, 603})
    void aRefusalIsToldAndTheCallGoesOn(int status) {
        CallCore call = ours(TERMS);
        reoffer(call, "hold", 0);
        answer(call, status, null, 0);
        assertThat(told).containsExactly(new ReofferRefused(OptionalInt.of(status)));
        reoffer(call, "hold again", 0);
        assertThat(sent).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 481})
    void aPeerThatHasLostTheCallEndsIt(int status) {
        CallCore call = ours(TERMS);
        reoffer(call, "hold", 0);
        answer(call, status, null, 0);
        assertThat(told).singleElement().isInstanceOf(TrunkEvent.Ended.class);
        assertThat(sent).extracting(OutRequest::method).containsExactly("INVITE", "BYE");
    }

    @Test
    void silenceIsToldAsARefusalWithoutStatus() {
        CallCore call = ours(TERMS);
        reoffer(call, "hold", 0);
        call.onTimeout(sent.getFirst(), 32 * SECOND);
        perform(call);
        assertThat(told).containsExactly(new ReofferRefused(OptionalInt.empty()));
    }

    @Test
    void aPeerThatOnlyRingsIsCancelledAfter64T1() {
        CallCore call = ours(TERMS);
        reoffer(call, "hold", 0);
        answer(call, 180, null, SECOND);
        assertThat(call.nextWakeup()).isEqualTo(32 * SECOND);
        call.onTime(32 * SECOND);
        perform(call);
        assertThat(others).singleElement().isInstanceOf(CallAction.SendCancel.class);
        answer(call, 487, null, 33 * SECOND);
        assertThat(told).containsExactly(new ReofferRefused(OptionalInt.empty()));
    }

    @Test
    void anAnswerThatCrossesTheCancelCounts() {
        CallCore call = ours(TERMS);
        reoffer(call, "hold", 0);
        answer(call, 100, null, SECOND);
        call.onTime(32 * SECOND);
        perform(call);
        answer(call, 200, "held", 33 * SECOND);
        assertThat(told).containsExactly(new ReofferAnswered("held"));
        assertThat(acks).hasSize(1);
    }

    @Test
    void aPeerThatIgnoresTheCancelTooIsForgottenAfterAnother64T1() {
        CallCore call = ours(TERMS);
        reoffer(call, "hold", 0);
        answer(call, 100, null, SECOND);
        call.onTime(32 * SECOND);
        call.onTime(64 * SECOND);
        perform(call);
        assertThat(told).containsExactly(new ReofferRefused(OptionalInt.empty()));
        answer(call, 200, "much too late", 70 * SECOND);
        assertThat(told).hasSize(1);
        assertThat(acks).as("a 2xx is acknowledged whenever it comes").hasSize(1);
    }

    @Test
    void afterAGlareWhoOwnsTheCallIdWaits2100To4000Ms() {
        for (int seed = 0; seed < 200; seed++) {
            CallCore call = ours(terms(seed));
            glare(call);
            assertThat(call.nextWakeup())
                    .as("seed %d", seed)
                    .isBetween(2100 * MILLI, 4000 * MILLI)
                    .matches(wait -> wait % (10 * MILLI) == 0);
        }
    }

    @Test
    void afterAGlareTheOtherWaits0To2000Ms() {
        for (int seed = 0; seed < 200; seed++) {
            CallCore call = theirs(terms(seed));
            glare(call);
            assertThat(sent.size() > 1 ? 0 : call.nextWakeup())
                    .as("seed %d", seed)
                    .isBetween(0L, 2000 * MILLI)
                    .matches(wait -> wait % (10 * MILLI) == 0);
        }
    }

    private void glare(CallCore call) {
        sent.clear();
        reoffer(call, "hold", 0);
        answer(call, 491, null, 0);
    }

    @Test
    void afterAGlareTheSameOfferLeavesAgain() {
        CallCore call = ours(TERMS);
        glare(call);
        assertThat(told).isEmpty();
        call.onTime(call.nextWakeup());
        perform(call);
        assertThat(sent).extracting(OutRequest::sdp).containsExactly(Optional.of("hold"), Optional.of("hold"));
        assertThat(sent).extracting(OutRequest::cseq).containsExactly(2L, 3L);
    }

    @Test
    void endsThatNeverGetPastEachOtherAreToldSoInTheEnd() {
        CallCore call = ours(TERMS);
        long now = 0;
        reoffer(call, "hold", now);
        for (int i = 0; i < 20 && told.isEmpty(); i++) {
            answer(call, 491, null, now);
            if (told.isEmpty()) {
                now = call.nextWakeup();
                call.onTime(now);
                perform(call);
            }
        }
        assertThat(told).containsExactly(new ReofferRefused(OptionalInt.of(491)));
        assertThat(sent).hasSize(9);
    }

    @Test
    void theirOffersMeet491WhileOursIsOut() {
        CallCore call = ours(TERMS);
        reoffer(call, "hold", 0);
        call.onRequest(request(5, "INVITE", 5, "theirs"), 0);
        call.onRequest(request(6, "UPDATE", 6, "theirs"), 0);
        call.onRequest(request(7, "UPDATE", 7, null), 0);
        perform(call);
        assertThat(others)
                .extracting(action -> ((CallAction.Respond) action).status())
                .containsExactly(491, 491, 200);
    }

    @Test
    void oursWaitsWhileTheirOfferIsOpenAndTheirAnswerUnacknowledged() {
        CallCore call = ours(TERMS);
        call.onRequest(request(5, "INVITE", 5, "theirs"), 0);
        call.acceptReoffer("answer", 0);
        reoffer(call, "hold", 0);
        assertThat(sent).isEmpty();
        call.onRequest(request(0, "ACK", 5, null), 0);
        perform(call);
        assertThat(sent).hasSize(1);
    }

    @Test
    void theirOfferTakenMeanwhileOverrulesOursThatWaits() {
        CallCore call = ours(TERMS);
        call.onRequest(request(5, "INVITE", 5, "theirs"), 0);
        reoffer(call, "hold", 0);
        call.acceptReoffer("answer", 0);
        call.onRequest(request(0, "ACK", 5, null), 0);
        perform(call);
        assertThat(told).contains(new ReofferRefused(OptionalInt.of(491)));
        assertThat(sent).isEmpty();
    }

    @Test
    void theirOfferRefusedLetsOursLeave() {
        CallCore call = ours(TERMS);
        call.onRequest(request(5, "INVITE", 5, "theirs"), 0);
        reoffer(call, "hold", 0);
        call.rejectReoffer(0);
        perform(call);
        assertThat(sent).hasSize(1);
    }

    @Test
    void theirOfferPutOffIs491AndTheirNextOneIsTaken() {
        CallCore call = ours(TERMS);
        call.onRequest(request(5, "INVITE", 5, "theirs"), 0);
        call.deferReoffer(0);
        perform(call);
        assertThat(statuses()).containsExactly(491);
        call.onRequest(request(0, "ACK", 5, null), 0);
        call.onRequest(request(6, "INVITE", 6, "theirs"), 0);
        call.acceptReoffer("answer", 0);
        perform(call);
        assertThat(statuses()).containsExactly(491, 200);
    }

    @Test
    void ofThoseThatWaitTheLatestLeavesAndEachIsToldOnceInOrder() {
        CallCore call = ours(TERMS);
        for (String offer : List.of("first", "second", "third", "fourth")) {
            reoffer(call, offer, 0);
        }
        assertThat(sent).hasSize(1);
        answer(call, 200, "to the first", 0);
        answer(call, 200, "to the fourth", 0);
        assertThat(sent).extracting(OutRequest::sdp).containsExactly(Optional.of("first"), Optional.of("fourth"));
        assertThat(told)
                .containsExactly(
                        new ReofferAnswered("to the first"),
                        new ReofferRefused(OptionalInt.empty()),
                        new ReofferRefused(OptionalInt.empty()),
                        new ReofferAnswered("to the fourth"));
    }

    @Test
    void aChallengeIsAnsweredOnceAndTheAckCarriesTheCredentials() {
        CallCore call = ours(new Terms(
                new DigestAuthorizer("u", new Secret("p"), Optional.empty(), new Random(1)),
                TERMS.timers(),
                TERMS.sessionTimer(),
                TERMS.reliable(),
                TERMS.info(),
                new Random(1)));
        reoffer(call, "hold", 0);
        challenge(call, 1);
        assertThat(sent).hasSize(2);
        answer(call, 200, "held", 0);
        assertThat(acks.getLast().headers()).extracting(SipHeader::name).containsExactly("Proxy-Authorization");
        reoffer(call, "resume", 0);
        challenge(call, 2);
        challenge(call, 3);
        assertThat(told).containsExactly(new ReofferAnswered("held"), new ReofferRefused(OptionalInt.of(407)));
    }

    private void challenge(CallCore call, int nonce) {
        OutRequest last = sent.getLast();
        call.onResponse(
                new InResponse(
                        407,
                        "INVITE",
                        last.cseq(),
                        Optional.of("t"),
                        Optional.empty(),
                        List.of(),
                        OptionalLong.empty(),
                        OptionalInt.empty(),
                        List.of("Digest realm=\"r\",nonce=\"n" + nonce + "\",qop=\"auth\""),
                        Optional.empty(),
                        PeerCapabilities.UNKNOWN,
                        Extensions.NONE,
                        List.of()),
                0);
        perform(call);
    }

    @Test
    void whatIsOutAtTheEndOfTheCallIsNotToldButStillAcknowledged() {
        CallCore call = ours(TERMS);
        reoffer(call, "hold", 0);
        reoffer(call, "resume", 0);
        call.hangUp(HangupReason.NORMAL, 0);
        perform(call);
        answer(call, "INVITE", 200, "held", 0);
        assertThat(told).singleElement().isInstanceOf(TrunkEvent.Ended.class);
        assertThat(acks).hasSize(1);
        assertThat(sent).extracting(OutRequest::method).containsExactly("INVITE", "BYE");
    }

    @Test
    void beforeTheAnswerNothingIsOffered() {
        OutboundCall call = new OutboundCall("sip:1@192.0.2.1", "v=0", List.of(), TERMS);
        call.start(0);
        reoffer(call, "hold", 0);
        assertThat(told).containsExactly(new ReofferRefused(OptionalInt.empty()));
    }

    private static Terms terms(int seed) {
        return new Terms(
                TERMS.authorizer(),
                TERMS.timers(),
                TERMS.sessionTimer(),
                TERMS.reliable(),
                TERMS.info(),
                new Random(seed));
    }

    private CallCore ours(Terms terms) {
        OutboundCall call = new OutboundCall("sip:1@192.0.2.1", "v=0", List.of(), terms);
        call.start(0);
        call.onResponse(response(200, 1, "v=0"), 0);
        begin(call);
        return call;
    }

    private CallCore theirs(Terms terms) {
        InboundCall call = new InboundCall(request(1, "INVITE", 1, "v=0"), List.of(), terms, 0);
        call.answer("v=0", 0);
        call.onRequest(request(0, "ACK", 1, null), 0);
        begin(call);
        return call;
    }

    private void begin(CallCore call) {
        perform(call);
        sent.clear();
        acks.clear();
        told.clear();
        others.clear();
    }

    private void reoffer(CallCore call, String sdp, long now) {
        call.reoffer(sdp, now);
        perform(call);
    }

    private void answer(CallCore call, int status, @Nullable String sdp, long now) {
        answer(call, sent.getLast().method(), status, sdp, now);
    }

    private void answer(CallCore call, String method, int status, @Nullable String sdp, long now) {
        long cseq = sent.stream()
                .filter(request -> request.method().equals(method))
                .mapToLong(OutRequest::cseq)
                .max()
                .orElseThrow();
        call.onResponse(response(status, cseq, sdp), now);
        perform(call);
    }

    private List<Integer> statuses() {
        return others.stream()
                .filter(CallAction.Respond.class::isInstance)
                .map(action -> ((CallAction.Respond) action).status())
                .toList();
    }

    private void perform(CallCore call) {
        for (CallAction action : call.takeActions()) {
            switch (action) {
                case CallAction.Send(OutRequest request) -> sent.add(request);
                case CallAction.SendAck(OutRequest ack) -> acks.add(ack);
                case CallAction.Tell(TrunkEvent event) -> told.add(event);
                default -> others.add(action);
            }
        }
    }

    private static InResponse response(int status, long cseq, @Nullable String sdp) {
        return new InResponse(
                status,
                "INVITE",
                cseq,
                Optional.of("t"),
                Optional.of("sip:peer@192.0.2.1"),
                List.of(),
                OptionalLong.empty(),
                OptionalInt.empty(),
                List.of(),
                Optional.ofNullable(sdp),
                PeerCapabilities.UNKNOWN,
                Extensions.NONE,
                List.of());
    }

    private static InRequest request(long id, String method, long cseq, @Nullable String sdp) {
        return new InRequest(
                id,
                method,
                cseq,
                "t",
                Optional.of("sip:peer@192.0.2.1"),
                Optional.ofNullable(sdp),
                OptionalInt.empty(),
                PeerCapabilities.UNKNOWN,
                Optional.empty(),
                Extensions.NONE);
    }
}
