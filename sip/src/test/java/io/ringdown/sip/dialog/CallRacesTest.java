package io.ringdown.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.HangupReason;
import io.ringdown.sip.InfoRules;
import io.ringdown.sip.PeerCapabilities;
import io.ringdown.sip.Rejection;
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
 * request, and in the end nothing left.
 */
final class CallRacesTest {
    private static final Terms TERMS = new Terms(
            new NoCredentials(), SipTimers.of(Duration.ofSeconds(4), Duration.ofSeconds(60)), InfoRules.none());
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

    private void reset() {
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
                }
                case CallAction.Respond(long id, int status, var _, var _) -> {
                    if (status >= 200) {
                        assertThat(unanswered.remove(id) || id == 0)
                                .as("one final response for %d, seed %d", id, seed)
                                .isTrue();
                    }
                }
                case CallAction.ResendAnswer _ -> {}
                case CallAction.Tell(TrunkEvent event) -> told.add(event);
                case CallAction.Forget() -> forgotten = true;
            }
        }
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
                PeerCapabilities.UNKNOWN);
    }

    private static InRequest request(long id, String method, long cseq, String tag, Random random) {
        return new InRequest(
                id,
                method,
                cseq,
                tag,
                Optional.of("sip:peer@192.0.2.1"),
                random.nextBoolean() ? Optional.of("v=0") : Optional.empty(),
                OptionalInt.empty(),
                PeerCapabilities.UNKNOWN,
                Optional.empty());
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
        for (int i = random.nextInt(14); i > 0; i--) {
            now = step(random, now, core);
            perform(core, seed);
            if (forgotten) {
                break;
            }
            String tag = "t" + random.nextInt(3);
            switch (random.nextInt(9)) {
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
        for (int i = random.nextInt(16); i > 0; i--) {
            now = step(random, now, core);
            perform(core, seed);
            if (forgotten) {
                break;
            }
            switch (random.nextInt(12)) {
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
        assertThat(unanswered).as("each request is answered, seed %d", seed).isEmpty();
    }
}
