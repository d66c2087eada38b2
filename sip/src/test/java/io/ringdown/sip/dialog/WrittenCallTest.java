package io.ringdown.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.DialogState;
import io.ringdown.sip.HangupReason;
import io.ringdown.sip.InfoRules;
import io.ringdown.sip.SessionTimerSettings;
import io.ringdown.sip.SessionTimerSettings.Refresher;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that are written down and go on from what was written, as if nothing had been. */
final class WrittenCallTest {
    private static final long SECOND = 1_000_000_000;
    private static final int RUNS = Boolean.getBoolean("ringdown.full") ? 100_000 : 5_000;
    private static final DialogState.Invite INVITE =
            new DialogState.Invite("sip:1@192.0.2.1", List.of(), 1, List.of("SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKb"));

    private static Terms terms(SessionTimerSettings timer) {
        return new Terms(
                new NoCredentials(),
                SipTimers.of(Duration.ofSeconds(4), Duration.ofSeconds(60)),
                timer,
                true,
                InfoRules.none(),
                () -> 7); // both twins draw the same
    }

    private static CallCore readBack(DialogState.Course written, boolean ours, Terms terms, long now) {
        return ours
                ? OutboundCall.of(INVITE, written, terms, now, now)
                : InboundCall.of(1, INVITE, written, terms, now, now);
    }

    /**
     * Two calls that hear the same: one is written and read again whenever it is settled and the seed says so, the other never.
     * What they do is the same to the last header, timers and all, until both are forgotten.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoWasWrittenAndReadGoesOnAsWhoWasNot(boolean ours) {
        long first = System.nanoTime();
        Set<String> seen = new HashSet<>();
        int written = 0;
        for (long seed = first; seed < first + RUNS; seed++) {
            Twins twins = new Twins(seed, ours);
            try {
                twins.run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("the call of seed " + seed + (ours ? " out" : " in"), e);
            }
            written += twins.written;
            seen.addAll(twins.seen);
        }
        assertThat(written).as("times a call was read back").isGreaterThan(RUNS);
        assertThat(seen)
                .as("what they came to")
                .contains(
                        "INVITE",
                        "UPDATE",
                        "BYE",
                        "ACK",
                        "Reoffer",
                        "ReofferAnswered",
                        "hung up by the trunk",
                        "the session was not refreshed",
                        "200 to INVITE",
                        "200 to UPDATE");
    }

    private static final class Twins {
        private final Random random;
        private final boolean ours;
        private final Terms terms;
        private final CallCore steady;
        private CallCore moved;
        private final Map<Long, OutRequest> open = new LinkedHashMap<>();
        private final Map<Long, String> unanswered = new LinkedHashMap<>();
        private final Set<String> seen = new HashSet<>();
        private Optional<Long> unacknowledged = Optional.empty();
        private boolean forgotten;
        private int written;
        private long now;
        private long ids = 1;
        private long theirCseq = 1;

        Twins(long seed, boolean ours) {
            this.random = new Random(seed);
            this.ours = ours;
            this.terms = terms(new SessionTimerSettings(
                    random.nextInt(4) == 0 ? Duration.ZERO : Duration.ofSeconds(90 + random.nextInt(60)),
                    List.of(Refresher.AUTO, Refresher.US, Refresher.THEM).get(random.nextInt(3))));
            this.steady = established();
            CallCore twin = established();
            twin.takeActions();
            this.moved = twin;
            look(steady.takeActions());
        }

        private CallCore established() {
            Random same = new Random(random.nextInt(1000));
            Said said = Said.of("INVITE", 1).tag("t").sdp("theirs").supported("timer");
            if (same.nextBoolean()) {
                said.allow("INVITE", "UPDATE");
            }
            if (ours) {
                OutboundCall call = new OutboundCall("sip:1@192.0.2.1", "ours", List.of(), terms);
                call.start(now);
                call.onResponse(said.required("timer").sessionExpires("90").response(200), now);
                return call;
            }
            InboundCall call = new InboundCall(said.request(1), List.of("sip:192.0.2.7;lr"), terms, now);
            call.answer("ours", now);
            call.onRequest(Said.of("ACK", 1).tag("t").request(0), now);
            return call;
        }

        void run() {
            for (int i = random.nextInt(40); i > 0 && !forgotten; i--) {
                perhapsMove();
                step();
                pass((long) (Math.pow(random.nextDouble(), 4) * 100 * SECOND));
            }
            both(core -> core.hangUp(HangupReason.NORMAL, now));
            pass(400 * SECOND);
            assertThat(forgotten).as("forgotten in the end").isTrue();
        }

        private void perhapsMove() {
            Optional<DialogState.Course> course = moved.written(now);
            assertThat(course).as("what both would write").isEqualTo(steady.written(now));
            if (course.filter(DialogState.Course::settled).isPresent() && random.nextBoolean()) {
                moved = readBack(course.get(), ours, terms, now);
                written++;
            }
        }

        private interface Input {
            void to(CallCore core);
        }

        private void both(Input input) {
            input.to(steady);
            input.to(moved);
            List<CallAction> did = steady.takeActions();
            assertThat(moved.takeActions()).as("at %d", now).isEqualTo(did);
            assertThat(moved.nextWakeup()).as("when it wakes, at %d", now).isEqualTo(steady.nextWakeup());
            look(did);
        }

        private void look(List<CallAction> did) {
            for (CallAction action : did) {
                switch (action) {
                    case CallAction.Send(OutRequest request) -> {
                        open.put(request.cseq(), request);
                        seen.add(request.method());
                    }
                    case CallAction.SendAck _ -> seen.add("ACK");
                    case CallAction.Respond response -> {
                        seen.add(response.status() + " to " + unanswered.getOrDefault(response.id(), "?"));
                        unanswered.remove(response.id());
                    }
                    case CallAction.Tell(TrunkEvent event) ->
                        seen.add(
                                event instanceof TrunkEvent.Ended ended
                                        ? ended.reason()
                                        : event.getClass().getSimpleName());
                    case CallAction.Forget _ -> forgotten = true;
                    case CallAction.SendInvite _,
                            CallAction.SendCancel _,
                            CallAction.StopRepeating _,
                            CallAction.ForgetInvite _,
                            CallAction.ResendAnswer _ -> {
                        // Compared, and nothing more.
                    }
                }
            }
        }

        private void pass(long nanos) {
            long until = now + nanos;
            while (!forgotten && steady.nextWakeup() <= until) {
                now = Math.max(now, steady.nextWakeup());
                both(core -> core.onTime(now));
            }
            now = until;
        }

        private void step() {
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> respond();
                case 4, 5 -> request();
                case 6 -> acknowledge();
                case 7 -> {
                    String offer = "offer " + ids;
                    both(core -> core.reoffer(offer, now));
                }
                case 8 -> {
                    boolean yes = random.nextInt(4) != 0;
                    both(core -> {
                        if (yes) {
                            core.acceptReoffer("our answer", now);
                        } else {
                            core.rejectReoffer(now);
                        }
                    });
                }
                default -> {
                    if (random.nextInt(20) == 0) {
                        both(core -> core.hangUp(HangupReason.NORMAL, now));
                    }
                }
            }
        }

        private void respond() {
            if (open.isEmpty()) {
                return;
            }
            List<OutRequest> requests = new ArrayList<>(open.values());
            OutRequest request = requests.get(random.nextInt(requests.size()));
            int status = List.of(200, 200, 200, 200, 491, 488, 422, 405).get(random.nextInt(8));
            Said said = Said.of(request.method(), request.cseq()).tag("t").sdp("answer " + random.nextInt(2));
            if (status == 422) {
                said.minSe(100 + random.nextInt(100));
            } else if (random.nextBoolean()) {
                said.required("timer").sessionExpires(90 + random.nextInt(60) + role());
            }
            if (status != 200 || random.nextInt(3) != 0) { // else it comes again
                open.remove(request.cseq());
            }
            InResponse response = said.response(status);
            both(core -> core.onResponse(response, now));
        }

        private String role() {
            return List.of("", ";refresher=uac", ";refresher=uas").get(random.nextInt(3));
        }

        private void request() {
            String method = List.of("INVITE", "INVITE", "UPDATE", "UPDATE", "INFO", "OPTIONS", "BYE")
                    .get(random.nextInt(random.nextInt(6) == 0 ? 7 : 6));
            theirCseq += random.nextInt(6) == 0 ? -1 : 1;
            Said said = Said.of(method, Math.max(1, theirCseq)).tag("t");
            if (random.nextBoolean()) {
                said.sdp("their offer");
            }
            if (random.nextBoolean()) {
                said.supported("timer").sessionExpires(90 + random.nextInt(60) + role());
            }
            InRequest request = said.request(++ids);
            unanswered.put(ids, method);
            if (method.equals("INVITE")) {
                unacknowledged = Optional.of(request.cseq());
            }
            both(core -> core.onRequest(request, now));
        }

        private void acknowledge() {
            InRequest ack = Said.of("ACK", unacknowledged.orElse(1L))
                    .tag("t")
                    .sdp("their answer")
                    .request(0);
            both(core -> core.onRequest(ack, now));
        }
    }

    private static DialogState.Course early(boolean ours) {
        Terms terms = terms(SessionTimerSettings.defaults());
        if (ours) {
            OutboundCall call = new OutboundCall("sip:1@192.0.2.1", "ours", List.of(), terms);
            call.start(0);
            call.onResponse(Said.of("INVITE", 1).tag("t").rseq(1).response(180), 0); // its PRACK has number 2
            return call.written(0).orElseThrow();
        }
        InboundCall call = new InboundCall(Said.of("INVITE", 1).sdp("theirs").request(1), List.of(), terms, 0);
        call.ring(0);
        return call.written(0).orElseThrow();
    }

    @Test
    void anEarlyCallOfOursIsCancelledAndItsRefusalEndsIt() {
        CallCore call = readBack(early(true), true, terms(SessionTimerSettings.defaults()), SECOND);
        Performed did = new Performed();
        did.drain(call);
        assertThat(did.others).as("it sends nothing by itself").isEmpty();
        call.hangUp(new HangupReason(41, "Temporary failure"), SECOND);
        did.drain(call);
        assertThat(did.others).containsExactly(new CallAction.SendCancel(new HangupReason(41, "Temporary failure")));
        assertThat(call.written(SECOND)).as("until it is refused").isPresent();
        call.onResponse(Said.of("INVITE", 1).tag("t").response(487), SECOND);
        assertThat(call.written(SECOND)).as("nothing is left to be done").isEmpty();
    }

    @Test
    void anEarlyCallOfOursThatWasAnsweredMeanwhileGetsAckAndByeBehindAllNumbersThatWereUsed() {
        CallCore call = readBack(early(true), true, terms(SessionTimerSettings.defaults()), SECOND);
        Performed did = new Performed();
        call.hangUp(HangupReason.NORMAL, SECOND);
        call.onResponse(Said.of("INVITE", 1).tag("t").sdp("theirs").response(200), SECOND);
        did.drain(call);
        assertThat(did.acks).hasSize(1);
        assertThat(did.sent).singleElement().satisfies(bye -> {
            assertThat(bye.method()).isEqualTo("BYE");
            assertThat(bye.cseq()).isEqualTo(3);
            assertThat(bye.toTag()).contains("t");
        });
    }

    /** RFC 3261 13.2.2.4: whether the 2xx crosses our CANCEL or comes from another fork after the refusal. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCallThatIsAnsweredWhenNobodyWantsItIsWrittenUntilItsByeIsAnswered(boolean refusedBefore) {
        OutboundCall call =
                new OutboundCall("sip:1@192.0.2.1", "ours", List.of(), terms(SessionTimerSettings.defaults()));
        Performed did = new Performed();
        call.start(0);
        call.onResponse(Said.of("INVITE", 1).tag("t").response(180), 0);
        call.hangUp(HangupReason.NORMAL, 0);
        if (refusedBefore) {
            call.onResponse(Said.of("INVITE", 1).tag("t").response(487), 0);
            assertThat(call.written(0)).as("refused").isEmpty();
        }
        did.drain(call);
        call.onResponse(Said.of("INVITE", 1).tag("late").sdp("theirs").response(200), SECOND);
        DialogState.Course written = call.written(SECOND).orElseThrow();
        assertThat(written.stage()).isEqualTo(DialogState.Stage.CONFIRMED);
        assertThat(written.remoteTag()).isEqualTo("late");
        assertThat(written.settled()).isFalse();
        did.drain(call);
        OutRequest bye = did.sent.getLast();
        assertThat(bye.method()).isEqualTo("BYE");
        assertThat(written.localCseq()).isEqualTo(bye.cseq());
        call.onResponse(Said.of("BYE", bye.cseq()).tag("late").response(200), SECOND);
        assertThat(call.written(SECOND)).as("nothing is left to be done").isEmpty();
    }

    @Test
    void anEarlyCallOfOursThatNobodyAnswersIsOverInTheEnd() {
        CallCore call = readBack(early(true), true, terms(SessionTimerSettings.defaults()), SECOND);
        Performed did = new Performed();
        did.runTo(call, 1000 * SECOND);
        assertThat(did.told).containsExactly(new TrunkEvent.Failed(new TrunkFailure.Unanswered()));
        assertThat(did.others).contains(new CallAction.Forget());
        assertThat(did.invites).as("nobody is called again").isEmpty();
    }

    @Test
    void aRefusalOfOursIsSentAgainUntilItsAckComes() {
        CallCore call = readBack(early(false), false, terms(SessionTimerSettings.defaults()), SECOND);
        Performed did = new Performed();
        call.answer("ours", SECOND);
        call.ring(SECOND);
        did.runTo(call, SECOND);
        assertThat(did.responses).as("it cannot be answered any more").isEmpty();
        call.hangUp(new HangupReason(41, "Temporary failure"), SECOND);
        did.runTo(call, 3 * SECOND);
        assertThat(did.responses)
                .singleElement()
                .extracting(CallAction.Respond::status)
                .isEqualTo(503);
        assertThat(did.others).as("T1 and 2·T1 later").hasSize(2).containsOnly(new CallAction.ResendAnswer(1));
        call.onRequest(Said.of("ACK", 1).tag("t").request(0), 3 * SECOND);
        did.clear();
        did.runTo(call, 1000 * SECOND);
        assertThat(did.others).containsExactly(new CallAction.Forget());
    }

    @Test
    void aCallerWhoGivesUpMeanwhileIsTold487() {
        InboundCall call = (InboundCall) readBack(early(false), false, terms(SessionTimerSettings.defaults()), SECOND);
        Performed did = new Performed();
        call.onCancel(OptionalInt.empty(), SECOND);
        did.drain(call);
        assertThat(did.responses)
                .singleElement()
                .extracting(CallAction.Respond::status)
                .isEqualTo(487);
    }
}
