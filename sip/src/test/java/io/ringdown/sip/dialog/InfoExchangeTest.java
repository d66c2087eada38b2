package io.ringdown.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.HangupReason;
import io.ringdown.sip.InfoBody;
import io.ringdown.sip.InfoOutcome;
import io.ringdown.sip.InfoOutcome.Answered;
import io.ringdown.sip.InfoOutcome.Cause;
import io.ringdown.sip.InfoOutcome.NotSent;
import io.ringdown.sip.InfoOutcome.Unanswered;
import io.ringdown.sip.InfoRules;
import io.ringdown.sip.PeerCapabilities;
import io.ringdown.sip.Secret;
import io.ringdown.sip.SessionTimerSettings;
import io.ringdown.sip.TrunkEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** INFO within calls, in virtual time. */
final class InfoExchangeTest {
    private static final String TYPE = "application/x-key";
    private static final InfoRules RULES =
            new InfoRules(List.of(TYPE, "application/y"), body -> !body.text().startsWith("bad"));
    private static final Terms TERMS = new Terms(
            new NoCredentials(),
            SipTimers.of(Duration.ofSeconds(4), Duration.ofSeconds(180)),
            SessionTimerSettings.off(),
            true,
            RULES,
            new Random(1));
    private static final Optional<String> SDP = Optional.of("v=0");

    private final List<OutRequest> sent = new ArrayList<>();
    private final List<TrunkEvent> told = new ArrayList<>();
    private final List<CallAction.Respond> responses = new ArrayList<>();

    private void perform(CallCore call) {
        for (CallAction action : call.takeActions()) {
            switch (action) {
                case CallAction.Send(OutRequest request) -> sent.add(request);
                case CallAction.Tell(TrunkEvent event) -> told.add(event);
                case CallAction.Respond respond -> responses.add(respond);
                case CallAction.SendInvite _,
                        CallAction.SendAck _,
                        CallAction.SendCancel _,
                        CallAction.StopRepeating _,
                        CallAction.ForgetInvite _,
                        CallAction.ResendAnswer _,
                        CallAction.Forget _ -> {}
            }
        }
    }

    private OutboundCall calling(Terms terms) {
        OutboundCall call = new OutboundCall("sip:1@192.0.2.1", "v=0", List.of(), terms);
        call.start(0);
        return call;
    }

    private OutboundCall established(Terms terms) {
        OutboundCall call = calling(terms);
        call.onResponse(response(200, "INVITE", 1, "t", SDP), 0);
        perform(call);
        told.clear();
        return call;
    }

    private InboundCall comingIn() {
        InboundCall call = new InboundCall(request(1, "INVITE", 1, Optional.empty()), List.of(), TERMS, 0);
        perform(call);
        return call;
    }

    private InboundCall answered() {
        InboundCall call = comingIn();
        call.answer("v=0", 0);
        call.onRequest(request(0, "ACK", 1, Optional.empty()), 0);
        perform(call);
        told.clear();
        responses.clear();
        return call;
    }

    private void info(CallCore call, long handle) {
        call.info(handle, new InfoBody(TYPE, "k" + handle), 0);
        perform(call);
    }

    private void answerLast(CallCore call, int status, String... challenges) {
        OutRequest last = sent.getLast();
        InResponse plain =
                response(status, last.method(), last.cseq(), last.toTag().orElse(""), Optional.empty());
        call.onResponse(
                new InResponse(
                        plain.status(),
                        plain.method(),
                        plain.cseq(),
                        plain.toTag(),
                        plain.contact(),
                        plain.recordRoute(),
                        plain.rseq(),
                        plain.q850(),
                        List.of(challenges),
                        plain.sdp(),
                        plain.capabilities(),
                        Extensions.NONE,
                        List.of()),
                0);
        perform(call);
    }

    private static InResponse response(int status, String method, long cseq, String tag, Optional<String> sdp) {
        return response(status, method, cseq, tag, sdp, PeerCapabilities.UNKNOWN);
    }

    private static InResponse response(
            int status, String method, long cseq, String tag, Optional<String> sdp, PeerCapabilities capabilities) {
        return new InResponse(
                status,
                method,
                cseq,
                Optional.of(tag),
                Optional.of("sip:peer@192.0.2.1"),
                List.of(),
                OptionalLong.empty(),
                OptionalInt.empty(),
                List.of(),
                sdp,
                capabilities,
                Extensions.NONE,
                List.of());
    }

    private static InRequest request(long id, String method, long cseq, Optional<InfoRequest> info) {
        return new InRequest(
                id,
                method,
                cseq,
                "t",
                Optional.of("sip:peer@192.0.2.1"),
                Optional.empty(),
                OptionalInt.empty(),
                PeerCapabilities.UNKNOWN,
                info,
                Extensions.NONE);
    }

    private static TrunkEvent outcome(long handle, InfoOutcome outcome) {
        return new TrunkEvent.InfoAnswered(handle, outcome);
    }

    private List<String> sentInfos() {
        return sent.stream()
                .filter(request -> request.method().equals("INFO"))
                .map(request -> request.info().orElseThrow().text())
                .toList();
    }

    /** What a peer may send, and the status that is right for it. */
    private record Sample(InfoRequest request, int status) {
        static Sample any(Random random, String text) {
            int bytes = text.length();
            return switch (random.nextInt(7)) {
                case 0 -> new Sample(new InfoRequest(false, 0, Optional.empty()), 200);
                case 1 -> new Sample(new InfoRequest(true, bytes, Optional.of(new InfoBody(TYPE, text))), 469);
                case 2 -> new Sample(new InfoRequest(false, InfoBody.MAX_BYTES + 1, Optional.empty()), 413);
                case 3 -> new Sample(new InfoRequest(false, bytes, Optional.of(new InfoBody("text/plain", text))), 415);
                case 4 -> new Sample(new InfoRequest(false, bytes, Optional.empty()), 415);
                case 5 -> new Sample(new InfoRequest(false, 4, Optional.of(new InfoBody(TYPE, "bad" + text))), 400);
                default ->
                    new Sample(
                            new InfoRequest(false, bytes, Optional.of(new InfoBody("Application/X-Key", text))), 200);
            };
        }
    }

    @Test
    void eachInfoOfThePeerGetsTheStatusOfItsKindAndTheGoodOnesAreToldInOrder() {
        long seed = Long.getLong("ringdown.seed", System.nanoTime());
        Random random = new Random(seed);
        InboundCall call = answered();
        List<Integer> statuses = new ArrayList<>();
        List<TrunkEvent> good = new ArrayList<>();
        long highest = 1;
        for (int i = 2; i < 3000; i++) {
            Sample sample = Sample.any(random, "k" + i);
            long cseq = Math.max(1, highest + random.nextInt(-2, 4));
            boolean late = cseq <= highest;
            highest = Math.max(highest, cseq);
            statuses.add(late ? 500 : sample.status());
            if (!late && sample.status() == 200) {
                sample.request().body().map(TrunkEvent.InfoReceived::new).ifPresent(good::add);
            }
            call.onRequest(
                    request(i, "INFO", cseq, Optional.of(sample.request())), i * TimeUnit.MILLISECONDS.toNanos(25));
            perform(call);
        }
        assertThat(responses.stream().map(CallAction.Respond::status))
                .as("seed %d", seed)
                .isEqualTo(statuses);
        assertThat(told).as("seed %d", seed).isEqualTo(good);
    }

    @Test
    void refusalsSayWhatWouldDo() {
        InboundCall call = answered();
        InfoBody plain = new InfoBody("text/plain", "x");
        call.onRequest(request(2, "INFO", 2, Optional.of(new InfoRequest(false, 1, Optional.of(plain)))), 0);
        call.onRequest(request(3, "INFO", 3, Optional.of(new InfoRequest(true, 1, Optional.of(plain)))), 0);
        call.onRequest(request(4, "OPTIONS", 4, Optional.empty()), 0);
        perform(call);
        assertThat(responses.stream().map(CallAction.Respond::headers))
                .containsExactly(
                        List.of(new SipHeader("Accept", TYPE + ", application/y")),
                        List.of(new SipHeader("Recv-Info", "nil")),
                        List.of(
                                Methods.allow(false),
                                new SipHeader("Accept", "application/sdp, " + TYPE + ", application/y"),
                                new SipHeader("Supported", "100rel, timer")));
    }

    @Test
    void floodIsRefusedAfterItsBurstAndFiftyASecondPass() {
        InboundCall call = answered();
        InfoRequest good = new InfoRequest(false, 1, Optional.of(new InfoBody(TYPE, "k")));
        for (int i = 0; i < 150; i++) {
            call.onRequest(request(i, "INFO", 2 + i, Optional.of(good)), 0);
        }
        for (int i = 0; i < 100; i++) {
            call.onRequest(request(i, "INFO", 200 + i, Optional.of(good)), TimeUnit.SECONDS.toNanos(1));
        }
        perform(call);
        assertThat(responses.stream().map(CallAction.Respond::status))
                .startsWith(200)
                .containsOnly(200, 503);
        assertThat(told).hasSize(100 + 50);
        assertThat(responses.stream().filter(r -> r.status() == 503))
                .allSatisfy(
                        r -> assertThat(r.headers()).extracting(SipHeader::name).contains("Retry-After"));
    }

    @Test
    void oursLeaveOneAfterTheOtherInOrderAndSixtyFourMayWait() {
        OutboundCall call = established(TERMS);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 66; i++) {
            info(call, i);
            texts.add("k" + i);
        }
        assertThat(sentInfos()).containsExactly("k0");
        assertThat(told).containsExactly(outcome(65, new NotSent(Cause.QUEUE_FULL)));
        told.clear();
        for (int i = 0; i < 65; i++) {
            assertThat(sentInfos()).hasSize(i + 1);
            answerLast(call, 100);
            assertThat(told).hasSize(i);
            answerLast(call, i % 2 == 0 ? 200 : 415);
        }
        assertThat(sentInfos()).isEqualTo(texts.subList(0, 65));
        assertThat(told.getFirst()).isEqualTo(outcome(0, new Answered(200)));
        assertThat(told.getLast()).isEqualTo(outcome(64, new Answered(200)));
        assertThat(told).hasSize(65).contains(outcome(63, new Answered(415)));
    }

    @Test
    void oneThatHasNoAnswerOrCannotBeSentMakesRoomForTheNext() {
        OutboundCall call = established(TERMS);
        info(call, 1);
        info(call, 2);
        info(call, 3);
        call.onTimeout(sent.getLast(), 0);
        perform(call);
        call.onSendFailed(sent.getLast(), "refused", 0);
        perform(call);
        assertThat(sentInfos()).containsExactly("k1", "k2", "k3");
        assertThat(told).containsExactly(outcome(1, new Unanswered()), outcome(2, new NotSent(Cause.TRANSPORT)));
    }

    @Test
    void whatIsOutstandingIsToldBeforeTheEnd() {
        OutboundCall call = established(TERMS);
        info(call, 1);
        info(call, 2);
        call.hangUp(HangupReason.NORMAL, 0);
        perform(call);
        info(call, 3);
        assertThat(told)
                .containsExactly(
                        outcome(1, new Unanswered()),
                        outcome(2, new NotSent(Cause.CALL_OVER)),
                        new TrunkEvent.Ended(OptionalInt.of(16), HangupReason.NORMAL.text()));
        assertThat(sentInfos()).containsExactly("k1");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 405, 408, 415, 469, 489, 500, 501, 503, 603})
    void refusalOfAnInfoLeavesTheCallAlone(int status) {
        OutboundCall call = established(TERMS);
        info(call, 1);
        answerLast(call, status);
        assertThat(told).containsExactly(outcome(1, new Answered(status)));
        assertThat(call.stateName()).isEqualTo("ESTABLISHED");
        info(call, 2);
        assertThat(sentInfos()).hasSize(2);
    }

    @Test
    void unknownDialogEndsAnEstablishedCallByBye() {
        OutboundCall call = established(TERMS);
        info(call, 1);
        info(call, 2);
        answerLast(call, 481);
        assertThat(sent.getLast().method()).isEqualTo("BYE");
        assertThat(sentInfos()).containsExactly("k1");
        assertThat(told).startsWith(outcome(1, new Answered(481)), outcome(2, new NotSent(Cause.CALL_OVER)));
        assertThat(told.getLast()).isInstanceOf(TrunkEvent.Ended.class);
    }

    @Test
    void unknownDialogWhileItIsEarlyIsOnlyTold() {
        InboundCall call = comingIn();
        call.progress("v=0", 0);
        info(call, 1);
        call.answer("v=0", 0);
        call.onRequest(request(0, "ACK", 1, Optional.empty()), 0);
        perform(call);
        told.clear();
        answerLast(call, 481);
        assertThat(told).containsExactly(outcome(1, new Answered(481)));
        assertThat(call.stateName()).isEqualTo("ESTABLISHED");
    }

    @Test
    void anIncomingCallHasNoDialogBeforeOurFirstWordAndWaitsForTheAckAfterOurAnswer() {
        InboundCall call = comingIn();
        info(call, 1);
        assertThat(told).containsExactly(outcome(1, new NotSent(Cause.NO_DIALOG)));
        call.answer("v=0", 0);
        info(call, 2);
        assertThat(sent).isEmpty();
        call.onRequest(request(0, "ACK", 1, Optional.empty()), 0);
        perform(call);
        assertThat(sentInfos()).containsExactly("k2");
    }

    @Test
    void infoGoesToTheForkThatCarriedSdpLastAndThenToTheOneThatAnswered() {
        OutboundCall call = calling(TERMS);
        call.onResponse(response(180, "INVITE", 1, "a", Optional.empty()), 0);
        perform(call);
        info(call, 1);
        assertThat(told).contains(outcome(1, new NotSent(Cause.NO_DIALOG)));
        call.onResponse(response(183, "INVITE", 1, "a", SDP), 0);
        info(call, 2);
        info(call, 3);
        told.clear();
        call.onResponse(response(183, "INVITE", 1, "b", SDP), 0);
        info(call, 4);
        assertThat(told)
                .as("meant for a's media")
                .contains(outcome(3, new NotSent(Cause.NO_DIALOG)))
                .doesNotContain(outcome(2, new Unanswered()));
        call.onResponse(response(180, "INVITE", 1, "a", Optional.empty()), 0);
        answerLast(call, 200);
        info(call, 5);
        call.onResponse(response(200, "INVITE", 1, "c", SDP), 0);
        info(call, 6);
        assertThat(sent.stream()
                        .map(request -> request.toTag().orElse("")
                                + request.info().orElseThrow().text()))
                .containsExactly("ak2", "bk4", "bk5", "ck6");
    }

    @Test
    void infoOfAForkThatLostIsNotTold() {
        OutboundCall call = calling(TERMS);
        call.onResponse(response(183, "INVITE", 1, "t", SDP), 0);
        call.onResponse(response(200, "INVITE", 1, "winner", SDP), 0);
        perform(call);
        told.clear();
        call.onRequest(
                request(5, "INFO", 1, Optional.of(new InfoRequest(false, 1, Optional.of(new InfoBody(TYPE, "k"))))), 0);
        perform(call);
        assertThat(told).isEmpty();
        assertThat(responses.getLast().status()).isEqualTo(481);
    }

    @Test
    void challengeIsAnsweredOnceAndAStaleNonceOnceMore() {
        String fresh = "Digest realm=\"r\",nonce=\"n%d\",qop=\"auth\"";
        OutboundCall call = established(new Terms(
                new DigestAuthorizer("u", new Secret("p"), Optional.empty(), new Random(1)),
                TERMS.timers(),
                SessionTimerSettings.off(),
                true,
                RULES,
                new Random(1)));
        info(call, 1);
        answerLast(call, 407, fresh.formatted(1));
        assertThat(sent.getLast().headers()).extracting(SipHeader::name).containsExactly("Proxy-Authorization");
        assertThat(told).isEmpty();
        answerLast(call, 407, fresh.formatted(2) + ",stale=true");
        answerLast(call, 407, fresh.formatted(3) + ",stale=true");
        assertThat(sentInfos()).containsExactly("k1", "k1", "k1");
        assertThat(told).containsExactly(outcome(1, new Answered(407)));
        told.clear();
        info(call, 2);
        assertThat(sent.getLast().headers()).as("ahead").hasSize(1);
        answerLast(call, 401, fresh.formatted(4));
        answerLast(call, 401, fresh.formatted(5));
        assertThat(told).containsExactly(outcome(2, new Answered(401)));
        assertThat(sentInfos()).hasSize(5);
    }

    @Test
    void whatThePeerSaysOfItselfIsToldWhenItIsHeardAndChanges() {
        PeerCapabilities some = new PeerCapabilities(Optional.of(List.of("INVITE", "INFO")), Optional.empty());
        PeerCapabilities more = new PeerCapabilities(Optional.empty(), Optional.of(List.of("application/*")));
        OutboundCall call = calling(TERMS);
        call.onResponse(response(180, "INVITE", 1, "t", Optional.empty(), some), 0);
        call.onResponse(response(183, "INVITE", 1, "t", SDP), 0);
        call.onResponse(response(200, "INVITE", 1, "t", SDP, more), 0);
        perform(call);
        PeerCapabilities both = some.updatedBy(more);
        assertThat(told)
                .containsSubsequence(
                        new TrunkEvent.Capabilities(some),
                        new TrunkEvent.Progress(183, SDP),
                        new TrunkEvent.Capabilities(both),
                        new TrunkEvent.Answered(SDP));
        assertThat(told.stream().filter(TrunkEvent.Capabilities.class::isInstance))
                .hasSize(2);
        assertThat(both.allows("INFO")).hasValue(true);
        assertThat(both.allows("UPDATE")).hasValue(false);
        assertThat(both.accepts(TYPE)).hasValue(true);
        assertThat(both.accepts("text/plain")).hasValue(false);
        assertThat(PeerCapabilities.UNKNOWN.allows("INFO")).isEmpty();
    }
}
