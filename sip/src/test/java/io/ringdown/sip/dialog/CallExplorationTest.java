package io.ringdown.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.HangupReason;
import io.ringdown.sip.InfoRules;
import io.ringdown.sip.Rejection;
import io.ringdown.sip.SessionTimerSettings;
import io.ringdown.sip.SessionTimerSettings.Refresher;
import io.ringdown.sip.TrunkEvent;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole calls in virtual time against a peer that forks, repeats, loses, collides, refreshes and hangs up as a seed says; what
 * must hold meanwhile is {@link Witness}'s. The seed stands in each failure: {@link #play} plays that call again.
 */
final class CallExplorationTest {
    private static final int RUNS = Boolean.getBoolean("ringdown.full") ? 300_000 : 45_000;
    private static final int[] FINALS = {
        200, 200, 200, 200, 200, 302, 401, 408, 422, 481, 486, 488, 491, 491, 500, 503, 603
    };
    private static final Set<String> CORNERS = Set.of(
            "INVITE with offer within",
            "UPDATE within",
            "UPDATE with offer within",
            "BYE within",
            "ReofferAnswered",
            "ReofferRefused",
            "Reoffer",
            "OfferWanted",
            "the session was not refreshed",
            "the trunk did not answer the refresh of the session",
            "the trunk does not know the call",
            "the trunk did not acknowledge",
            "hung up by the trunk",
            "422 to UPDATE",
            "481 to PRACK",
            "491 to INVITE",
            "491 to UPDATE",
            "500 to INVITE",
            "488 to INVITE",
            "200 to UPDATE",
            "REFER within",
            "NOTIFY within",
            "Referred",
            "ReferProgress",
            "ReferEnded",
            "202 to REFER",
            "491 to REFER",
            "603 to REFER",
            "200 to NOTIFY",
            "481 to NOTIFY",
            "200 to SUBSCRIBE",
            "200 to BYE");
    private static final Set<String> OF_OURS = Set.of("PRACK within", "Failed", "Progress", "Answered");
    private static final Set<String> OF_THEIRS = Set.of("200 to PRACK", "504 to INVITE", "487 to INVITE", "Confirmed");
    private static final long SECOND = 1_000_000_000;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whateverThePeerDoesTheRulesHold(boolean ours) {
        long first = System.nanoTime();
        Set<String> seen = new HashSet<>();
        for (long seed = first; seed < first + RUNS; seed++) {
            try {
                seen.addAll(play(seed, ours));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "the call of seed " + seed + (ours ? " out" : " in") + ": " + e.getMessage(), e);
            }
        }
        assertThat(seen)
                .as("the corners that calls came to")
                .containsAll(CORNERS)
                .containsAll(ours ? OF_OURS : OF_THEIRS);
    }

    /** Plays the one call of this seed; what it came to do. */
    static Set<String> play(long seed, boolean ours) {
        Play play = new Play(seed, ours);
        play.run();
        return play.witness.seen();
    }

    /** One call. */
    private static final class Play {
        private final Random random;
        private final boolean ours;
        private final Witness witness;
        private final CallCore core;
        private long now;
        private long ids = 1;
        private long theirCseq = 1;
        private Optional<InResponse> lastResponse = Optional.empty();

        Play(long seed, boolean ours) {
            this.random = new Random(seed);
            this.ours = ours;
            Terms terms = new Terms(
                    new NoCredentials(),
                    SipTimers.of(Duration.ofSeconds(4), Duration.ofSeconds(60)),
                    new SessionTimerSettings(
                            random.nextInt(4) == 0 ? Duration.ZERO : Duration.ofSeconds(90 + random.nextInt(60)),
                            List.of(Refresher.AUTO, Refresher.US, Refresher.THEM)
                                    .get(random.nextInt(3))),
                    random.nextBoolean(),
                    random.nextInt(4) != 0,
                    InfoRules.none(),
                    new Random(seed));
            if (ours) {
                OutboundCall call = new OutboundCall(
                        "sip:1@192.0.2.1",
                        List.of(),
                        "our offer",
                        List.of(),
                        Optional.empty(),
                        terms,
                        _ -> random.nextBoolean());
                core = call;
                witness = new Witness(core);
                call.start(now);
            } else {
                Said invite = Said.of("INVITE", 1);
                maybe(() -> invite.sdp("their offer"));
                maybe(() -> invite.supported("timer"));
                maybe(() -> invite.sessionExpires(90 + random.nextInt(100) + role()));
                maybe(() -> invite.supported("100rel"));
                maybe(() -> invite.allow("INVITE", "UPDATE"));
                if (random.nextInt(4) == 0) {
                    invite.required("100rel");
                }
                core = new InboundCall(invite.request(1), List.of(), terms, now);
                witness = new Witness(core);
                witness.asked(invite.request(1));
            }
            witness.look(now);
        }

        private void maybe(Runnable what) {
            if (random.nextBoolean()) {
                what.run();
            }
        }

        private String role() {
            return List.of("", ";refresher=uac", ";refresher=uas").get(random.nextInt(3));
        }

        void run() {
            if (random.nextInt(3) == 0) {
                establish();
            }
            for (int i = random.nextInt(40); i > 0 && !witness.isForgotten(); i--) {
                step();
                witness.look(now);
                pass((long) (Math.pow(random.nextDouble(), 6) * 120 * SECOND));
            }
            if (!witness.isEnded()) {
                core.hangUp(HangupReason.NORMAL, now);
                witness.look(now);
            }
            pass(400 * SECOND);
            witness.assertOver();
        }

        /** The call is answered without ado, so that what may happen within it has its turn. */
        private void establish() {
            if (ours) {
                deliver(Said.of("INVITE", 1).tag("t0").sdp("their answer").response(200));
            } else {
                core.answer("our answer", now);
                witness.look(now);
                acknowledge();
                witness.look(now);
            }
        }

        /** Time passes, and what is due in it happens in its order: wake-ups, and transactions that time out. */
        private void pass(long nanos) {
            long until = now + nanos;
            while (!witness.isForgotten()) {
                Optional<OutRequest> lost = witness.nextTimeout();
                long lostAt = lost.map(request -> witness.timeoutOf(request)).orElse(CallCore.NEVER);
                long due = Math.min(core.nextWakeup(), lostAt);
                if (due > until) {
                    break;
                }
                now = Math.max(now, due);
                if (lostAt == due) {
                    witness.timedOut(lost.orElseThrow());
                    core.onTimeout(lost.orElseThrow(), now);
                } else {
                    core.onTime(now);
                    witness.look(now);
                    assertThat(core.nextWakeup())
                            .as("a wake-up does what it is for")
                            .isGreaterThan(now);
                }
                witness.look(now);
            }
            now = until;
        }

        private void step() {
            switch (random.nextInt(22)) {
                case 0, 1, 2, 3, 4, 5, 6 -> respond();
                case 7 -> lastResponse.ifPresent(this::deliver);
                case 8, 9, 10 -> request();
                case 11, 12 -> acknowledge();
                case 13 -> core.hangUp(HangupReason.NORMAL, now);
                case 14, 15 -> {
                    witness.reoffered();
                    core.reoffer("ours " + ids, now);
                }
                case 16, 17 -> {
                    if (random.nextInt(4) == 0) {
                        core.rejectReoffer(now);
                    } else {
                        core.acceptReoffer("our answer", now);
                    }
                }
                case 18, 19 -> transfer();
                default -> ownSide();
            }
        }

        private void transfer() {
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> {
                    witness.referred();
                    core.refer(List.of(new SipHeader("Refer-To", "<sip:9@192.0.2.9>")), now);
                    maybe(() -> request("NOTIFY"));
                }
                case 3, 4, 5 -> {
                    maybe(() -> request("REFER"));
                    maybe(() -> request("REFER"));
                    core.acceptRefer(now);
                    maybe(() -> request("SUBSCRIBE"));
                }
                case 6 -> core.referProgress(100 + random.nextInt(500), now);
                default -> core.rejectRefer(480, now);
            }
        }

        private void ownSide() {
            switch (random.nextInt(6)) {
                case 0 -> core.ring(now);
                case 1 -> core.progress("our answer", now);
                case 2, 3 -> core.answer("our answer", now);
                case 4 -> {
                    if (random.nextInt(4) == 0) {
                        core.reject(new Rejection(486, new HangupReason(17, "busy")), now);
                    }
                }
                default -> {
                    if (core instanceof InboundCall call && random.nextInt(4) == 0) {
                        call.onCancel(OptionalInt.empty(), now);
                    }
                }
            }
        }

        /** The peer answers something of ours that it has not answered finally. */
        private void respond() {
            List<OutRequest> open = witness.openRequests();
            if (open.isEmpty()) {
                return;
            }
            OutRequest request = open.get(random.nextInt(open.size()));
            boolean invite = request.method().equals("INVITE");
            int status = invite && random.nextInt(3) == 0
                    ? List.of(100, 180, 183).get(random.nextInt(3))
                    : FINALS[random.nextInt(FINALS.length)];
            boolean begins = request.toTag().isEmpty();
            Said said = Said.of(request.method(), request.cseq())
                    .tag(request.toTag().orElseGet(() -> begins && !ours ? "t" : "t" + random.nextInt(3)));
            maybe(() -> said.sdp("their answer"));
            maybe(() -> said.allow("INVITE", "UPDATE"));
            if (status == 422) {
                said.minSe(100 + random.nextInt(200));
            } else if (status == 302) {
                maybe(() -> said.redirects("sip:" + random.nextInt(3) + "@192.0.2.1"));
            } else if (status > 100 && status < 200) {
                maybe(() -> said.rseq(1 + random.nextInt(3)));
                maybe(() -> said.earlyMedia(random.nextBoolean()));
            } else if (status == 200 && !request.method().equals("BYE")) {
                maybe(() -> said.required("timer").sessionExpires(90 + random.nextInt(60) + role()));
            }
            lastResponse = Optional.of(said.response(status));
            deliver(said.response(status));
        }

        private void deliver(InResponse response) {
            witness.responds(response);
            core.onResponse(response, now);
            witness.look(now);
            witness.assertAcknowledged(response);
        }

        private void request() {
            String[] methods = {
                "BYE",
                "INVITE",
                "INVITE",
                "UPDATE",
                "UPDATE",
                "OPTIONS",
                "INFO",
                "PRACK",
                "PRACK",
                "NOTIFY",
                "NOTIFY",
                "REFER",
                "REFER",
                "SUBSCRIBE"
            };
            String method = methods[random.nextInt(methods.length)];
            if (!method.equals("BYE") || random.nextInt(3) == 0) {
                request(method);
            }
        }

        private void request(String method) {
            theirCseq += random.nextInt(6) == 0 ? -1 : 1;
            Said said =
                    Said.of(method, Math.max(1, theirCseq)).tag(ours ? "t" + Math.max(0, random.nextInt(5) - 2) : "t");
            maybe(() -> said.sdp("their offer"));
            if (method.equals("REFER")) {
                said.referTo("<sip:9@192.0.2.9>");
                maybe(() -> said.referSub(random.nextBoolean()));
            } else if (method.equals("NOTIFY")) {
                notify(said);
            } else if (method.equals("SUBSCRIBE")) {
                said.subscribes("refer", Integer.toString(random.nextInt(60)));
            } else if (method.equals("PRACK")) {
                said.rack(witness.rseqToAcknowledge() + (random.nextInt(4) == 0 ? 1 : 0), 1);
            } else {
                maybe(() -> said.supported("timer").sessionExpires(60 + random.nextInt(90) + role()));
            }
            InRequest request = said.request(++ids);
            witness.asked(request);
            core.onRequest(request, now);
        }

        private void notify(Said said) {
            String id = random.nextInt(4) == 0 ? ";id=" + (1 + random.nextInt(6)) : "";
            String state = List.of("active;expires=30", "active;expires=200", "terminated;reason=noresource")
                    .get(random.nextInt(3));
            maybe(() -> said.notified("refer" + id, state, "SIP/2.0 " + (100 + random.nextInt(300)) + " Words"));
        }

        private void acknowledge() {
            witness.unacknowledged()
                    .ifPresentOrElse(
                            open -> {
                                witness.acknowledges(open);
                                core.onRequest(
                                        Said.of("ACK", open.cseq())
                                                .tag(open.tag())
                                                .request(0),
                                        now);
                            },
                            () -> core.onRequest(
                                    Said.of("ACK", theirCseq).tag("t0").request(0), now));
        }
    }

    /** An INVITE of the peer that we have answered by 2xx. */
    record Unacknowledged(String tag, long cseq) {}

    static boolean isFinal(TrunkEvent event) {
        return event instanceof TrunkEvent.Failed || event instanceof TrunkEvent.Ended;
    }
}
