package io.ringdown.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.HangupReason;
import io.ringdown.sip.InfoBody;
import io.ringdown.sip.InfoOutcome;
import io.ringdown.sip.InfoRules;
import io.ringdown.sip.PeerCapabilities;
import io.ringdown.sip.Rejection;
import io.ringdown.sip.SessionTimerSettings;
import io.ringdown.sip.TrunkEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Calls in virtual time against a peer that says anything at any time. What must hold whatever happens: exactly one final
 * event, CANCEL only after a provisional response, an ACK for each 2xx, a BYE for each dialog nobody wants, an answer to each
 * request, each INFO of ours in its turn with one outcome, each good one of the peer's told, and in the end nothing left.
 */
final class CallRacesTest {
    private static final InfoRules INFO =
            new InfoRules(List.of("a/b"), body -> !body.text().startsWith("bad"));
    private static final Terms TERMS = new Terms(
            new NoCredentials(),
            SipTimers.of(Duration.ofSeconds(4), Duration.ofSeconds(60)),
            SessionTimerSettings.off(),
            true,
            INFO,
            new Random(1));
    private static final int RUNS = 20_000;

    private final Map<String, Integer> acks = new HashMap<>();
    private final Set<String> byes = new HashSet<>();
    private final Set<Long> unanswered = new HashSet<>();
    private final Set<String> answeredForks = new HashSet<>();
    private final List<TrunkEvent> told = new ArrayList<>();
    private boolean provisionalSent;
    private boolean forgotten;
    private final Set<String> peerByes = new HashSet<>();
    private Optional<OutRequest> lastBye = Optional.empty();
    private final List<String> goodInfos = new ArrayList<>();
    private final List<String> takenInfos = new ArrayList<>();
    private final Map<Long, String> infoOfId = new HashMap<>();
    private final Map<String, OutRequest> infoUnderWay = new HashMap<>();
    private final Map<String, Long> lastInfoSent = new HashMap<>();
    private final Map<Long, InfoOutcome> expected = new HashMap<>();
    private final List<Long> infosAsked = new ArrayList<>();
    private long handle;

    private void reset() {
        goodInfos.clear();
        takenInfos.clear();
        infoOfId.clear();
        infoUnderWay.clear();
        lastInfoSent.clear();
        expected.clear();
        infosAsked.clear();
        handle = 0;
        acks.clear();
        byes.clear();
        unanswered.clear();
        answeredForks.clear();
        told.clear();
        provisionalSent = false;
        forgotten = false;
        peerByes.clear();
        lastBye = Optional.empty();
    }

    private void perform(CallCore core, long seed) {
        for (CallAction action : core.takeActions()) {
            switch (action) {
                case CallAction.SendInvite _ -> {}
                case CallAction.SendAck(OutRequest ack) ->
                    acks.merge(ack.toTag().orElse(""), 1, Integer::sum);
                case CallAction.SendCancel _ ->
                    assertThat(provisionalSent)
                            .as("CANCEL after 1xx, seed %d", seed)
                            .isTrue();
                case CallAction.StopRepeating() ->
                    assertThat(core.stateName()).as("seed %d", seed).isEqualTo("GIVEN_UP");
                case CallAction.ForgetInvite() -> provisionalSent = true;
                case CallAction.Send(OutRequest request) -> {
                    if (request.method().equals("BYE")) {
                        byes.add(request.toTag().orElse(""));
                        lastBye = Optional.of(request);
                    }
                    request.info().ifPresent(body -> infoLeaves(request, Long.parseLong(body.text()), seed));
                }
                case CallAction.Respond(long id, int status, var _, var _) -> {
                    if (status >= 200) {
                        assertThat(unanswered.remove(id) || id == 0)
                                .as("one final response for %d, seed %d", id, seed)
                                .isTrue();
                        Optional.ofNullable(infoOfId.get(id))
                                .filter(_ -> status == 200)
                                .ifPresent(goodInfos::add);
                    }
                }
                case CallAction.ResendAnswer _ -> {}
                case CallAction.Tell(TrunkEvent event) -> {
                    told.add(event);
                    if (event instanceof TrunkEvent.InfoReceived(InfoBody body)) {
                        takenInfos.add(body.text());
                    }
                }
                case CallAction.Forget() -> forgotten = true;
            }
        }
    }

    private void infoLeaves(OutRequest request, long which, long seed) {
        String tag = request.toTag().orElse("");
        assertThat(infoUnderWay.put(tag, request))
                .as("one INFO under way in %s, seed %d", tag, seed)
                .isNull();
        assertThat(Optional.ofNullable(lastInfoSent.put(tag, which)).orElse(0L))
                .as("INFO in order in %s, seed %d", tag, seed)
                .isLessThan(which);
        expected.put(which, new InfoOutcome.Unanswered());
    }

    private boolean isEnded() {
        return told.stream().anyMatch(e -> e instanceof TrunkEvent.Failed || e instanceof TrunkEvent.Ended);
    }

    private void sendInfo(CallCore core, long now) {
        handle++;
        if (!isEnded()) {
            infosAsked.add(handle);
        }
        core.info(handle, new InfoBody("a/b", Long.toString(handle)), now);
    }

    /** The peer answers one of ours, or does not. */
    private void answerInfo(Random random, CallCore core, long now) {
        Optional<OutRequest> first =
                infoUnderWay.entrySet().stream().min(Map.Entry.comparingByKey()).map(Map.Entry::getValue);
        if (first.isEmpty()) {
            return;
        }
        OutRequest request = first.get();
        String tag = request.toTag().orElse("");
        infoUnderWay.remove(tag);
        long which = Long.parseLong(request.info().orElseThrow().text());
        int[] statuses = {200, 200, 200, 401, 408, 415, 481, 503};
        int status = statuses[random.nextInt(statuses.length)];
        switch (random.nextInt(6)) {
            case 0 -> core.onTimeout(request, now);
            case 1 -> {
                expect(which, new InfoOutcome.NotSent(InfoOutcome.Cause.TRANSPORT));
                core.onSendFailed(request, "refused", now);
            }
            default -> {
                expect(which, new InfoOutcome.Answered(status));
                core.onResponse(response(status, "INFO", request.cseq(), tag, random), now);
            }
        }
    }

    // What was told, by a BYE of the fork or the call's end, is not taken back when an answer comes late.
    private void expect(long which, InfoOutcome outcome) {
        boolean isTold = told.stream()
                .anyMatch(e -> e instanceof TrunkEvent.InfoAnswered(long handled, var _) && handled == which);
        if (!isEnded() && !isTold) {
            expected.put(which, outcome);
        }
    }

    private void assertInfos(long seed) {
        List<Long> answered = new ArrayList<>();
        for (TrunkEvent event : told) {
            if (event instanceof TrunkEvent.InfoAnswered(long which, InfoOutcome outcome)) {
                answered.add(which);
                assertThat(
                                outcome instanceof InfoOutcome.NotSent(InfoOutcome.Cause cause)
                                                && cause != InfoOutcome.Cause.TRANSPORT
                                        ? Optional.<InfoOutcome>empty()
                                        : Optional.of(outcome))
                        .as("what became of INFO %d, seed %d", which, seed)
                        .isEqualTo(Optional.ofNullable(expected.get(which)));
            }
        }
        assertThat(answered).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(infosAsked);
        assertThat(takenInfos).as("seed %d", seed).isEqualTo(goodInfos);
    }

    private Optional<InfoRequest> anyInfo(long id, Random random) {
        String text = (random.nextInt(4) == 0 ? "bad" : "") + id;
        return switch (random.nextInt(5)) {
            case 0 -> Optional.of(new InfoRequest(false, 0, Optional.empty()));
            case 1 -> Optional.of(new InfoRequest(true, 1, Optional.of(new InfoBody("a/b", text))));
            case 2 -> Optional.of(new InfoRequest(false, 2000, Optional.empty()));
            default -> {
                infoOfId.put(id, text);
                yield Optional.of(new InfoRequest(false, text.length(), Optional.of(new InfoBody("a/b", text))));
            }
        };
    }

    private static InResponse response(int status, String method, long cseq, String tag, Random random) {
        return new InResponse(
                status,
                method,
                cseq,
                Optional.of(tag),
                Optional.of("sip:peer@192.0.2.1"),
                random.nextBoolean() ? List.of() : List.of("sip:192.0.2.2;lr"),
                status > 100 && status < 200 && random.nextInt(4) == 0
                        ? OptionalLong.of(1 + random.nextInt(3))
                        : OptionalLong.empty(),
                OptionalInt.empty(),
                List.of(),
                random.nextBoolean() ? Optional.of("v=0") : Optional.empty(),
                PeerCapabilities.UNKNOWN,
                Extensions.NONE,
                List.of());
    }

    private InRequest request(long id, String method, long cseq, String tag, Random random) {
        return new InRequest(
                id,
                method,
                cseq,
                tag,
                Optional.of("sip:peer@192.0.2.1"),
                random.nextBoolean() ? Optional.of("v=0") : Optional.empty(),
                OptionalInt.empty(),
                PeerCapabilities.UNKNOWN,
                method.equals("INFO") ? anyInfo(id, random) : Optional.empty(),
                Extensions.NONE);
    }

    private long step(Random random, long now, CallCore core) {
        long due = core.nextWakeup();
        long then = now + (long) (random.nextDouble() * random.nextDouble() * 20e9);
        if (due <= then) {
            core.onTime(due);
            assertThat(core.nextWakeup()).isGreaterThan(due);
            return due;
        }
        return then;
    }

    private long finish(CallCore core, long from, long seed) {
        long now = from;
        for (int i = 0; i < 500 && !forgotten; i++) {
            long due = core.nextWakeup();
            assertThat(due)
                    .as("something is waited for until it is forgotten, seed %d", seed)
                    .isNotEqualTo(CallCore.NEVER);
            now = Math.max(now, due);
            core.onTime(now);
            perform(core, seed);
            Optional<OutRequest> bye = lastBye;
            if (bye.isPresent()) {
                lastBye = Optional.empty();
                core.onTimeout(bye.get(), now);
                perform(core, seed);
            }
        }
        assertThat(forgotten).as("forgotten in the end, seed %d", seed).isTrue();
        assertThat(core.nextWakeup()).as("seed %d", seed).isEqualTo(CallCore.NEVER);
        return now;
    }

    private void assertOneEnd(long seed) {
        assertThat(told.stream()
                        .filter(e -> e instanceof TrunkEvent.Failed || e instanceof TrunkEvent.Ended)
                        .count())
                .as("one final event in %s, seed %d", told, seed)
                .isEqualTo(1);
        assertThat(told.getLast()).as("seed %d", seed).isInstanceOfAny(TrunkEvent.Failed.class, TrunkEvent.Ended.class);
    }

    @Test
    void callsOutEndWellWhateverThePeerDoes() {
        long base = System.nanoTime();
        for (int run = 0; run < RUNS; run++) {
            outbound(base + run);
        }
    }

    private void outbound(long seed) {
        reset();
        Random random = new Random(seed);
        OutboundCall core = new OutboundCall("sip:1@192.0.2.1", "v=0", List.of(), TERMS);
        long now = random.nextLong(1L << 40);
        core.start(now);
        perform(core, seed);
        boolean finalSent = false;
        long id = 0;
        for (int i = random.nextInt(20); i > 0; i--) {
            now = step(random, now, core);
            perform(core, seed);
            if (forgotten) {
                break;
            }
            String tag = "t" + random.nextInt(3);
            switch (random.nextInt(14)) {
                case 0, 1, 2 -> {
                    provisionalSent = true;
                    core.onResponse(
                            response(random.nextBoolean() ? 100 : 180 + random.nextInt(4), "INVITE", 1, tag, random),
                            now);
                }
                case 3 -> {
                    if (!finalSent && !forgotten) {
                        answeredForks.add(tag);
                    }
                    if (!finalSent) {
                        core.onResponse(response(200, "INVITE", 1, tag, random), now);
                    }
                }
                case 4 -> {
                    if (answeredForks.isEmpty()) {
                        finalSent = true;
                        core.onResponse(response(300 + random.nextInt(400), "INVITE", 1, tag, random), now);
                    }
                }
                case 5 -> core.hangUp(HangupReason.NORMAL, now);
                case 6 -> {
                    unanswered.add(++id);
                    String[] methods = {"BYE", "INVITE", "UPDATE", "OPTIONS", "INFO", "REFER", "PRACK"};
                    String method = methods[random.nextInt(methods.length)];
                    if (method.equals("BYE")) {
                        peerByes.add(tag);
                    }
                    core.onRequest(request(id, method, random.nextInt(20), tag, random), now);
                }
                case 7 -> core.onRequest(request(0, "ACK", random.nextInt(20), tag, random), now);
                case 8, 9 -> sendInfo(core, now);
                case 10, 11 -> answerInfo(random, core, now);
                case 12 -> {
                    unanswered.add(++id);
                    core.onRequest(request(id, "INFO", random.nextInt(20), tag, random), now);
                }
                default -> {
                    if (random.nextBoolean()) {
                        core.acceptReoffer("v=0", now);
                    } else {
                        core.rejectReoffer(now);
                    }
                }
            }
            perform(core, seed);
        }
        if (!told.isEmpty()
                && told.stream().noneMatch(e -> e instanceof TrunkEvent.Failed || e instanceof TrunkEvent.Ended)) {
            core.hangUp(HangupReason.NORMAL, now);
            perform(core, seed);
        }
        finish(core, now, seed);
        assertOneEnd(seed);
        assertInfos(seed);
        assertThat(acks.keySet()).as("each 2xx is acknowledged, seed %d", seed).containsAll(answeredForks);
        answeredForks.removeAll(peerByes);
        assertThat(byes).as("each dialog is ended, seed %d", seed).containsAll(answeredForks);
        assertThat(unanswered).as("each request is answered, seed %d", seed).isEmpty();
    }

    @Test
    void callsInEndWellWhateverThePeerDoes() {
        long base = System.nanoTime();
        for (int run = 0; run < RUNS; run++) {
            inbound(base + run);
        }
    }

    private void inbound(long seed) {
        reset();
        Random random = new Random(seed);
        provisionalSent = true;
        long now = random.nextLong(1L << 40);
        unanswered.add(1L);
        InboundCall core = new InboundCall(request(1, "INVITE", 1, "p", random), List.of(), TERMS, now);
        perform(core, seed);
        long id = 1;
        for (int i = random.nextInt(22); i > 0; i--) {
            now = step(random, now, core);
            perform(core, seed);
            if (forgotten) {
                break;
            }
            switch (random.nextInt(17)) {
                case 12, 13 -> sendInfo(core, now);
                case 14, 15 -> answerInfo(random, core, now);
                case 16 -> {
                    unanswered.add(++id);
                    core.onRequest(request(id, "INFO", 1 + random.nextInt(20), "p", random), now);
                }
                case 0 -> core.ring(now);
                case 1 -> core.progress("v=0", now);
                case 2, 3 -> core.answer("v=0", now);
                case 4 -> core.reject(new Rejection(486, new HangupReason(17, "busy")), now);
                case 5 -> core.hangUp(HangupReason.NORMAL, now);
                case 6 -> core.onCancel(OptionalInt.empty(), now);
                case 7 -> core.onInviteAgain(now);
                case 8, 9 -> core.onRequest(request(0, "ACK", 1 + random.nextInt(4), "p", random), now);
                case 10 -> {
                    unanswered.add(++id);
                    String[] methods = {"BYE", "INVITE", "UPDATE", "OPTIONS", "INFO", "REFER", "PRACK"};
                    core.onRequest(
                            request(id, methods[random.nextInt(methods.length)], 1 + random.nextInt(9), "p", random),
                            now);
                }
                default -> {
                    if (random.nextBoolean()) {
                        core.acceptReoffer("v=0", now);
                    } else {
                        core.rejectReoffer(now);
                    }
                }
            }
            perform(core, seed);
        }
        if (told.stream().noneMatch(e -> e instanceof TrunkEvent.Failed || e instanceof TrunkEvent.Ended)) {
            core.hangUp(HangupReason.NORMAL, now);
            perform(core, seed);
        }
        finish(core, now, seed);
        assertOneEnd(seed);
        assertInfos(seed);
        assertThat(unanswered).as("each request is answered, seed %d", seed).isEmpty();
    }
}
