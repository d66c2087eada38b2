package io.ringdown.gateway.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.ringdown.gateway.house.HouseCall.Ask;
import io.ringdown.gateway.house.HouseCall.End;
import io.ringdown.sip.HangupReason;
import io.ringdown.sip.InfoBody;
import io.ringdown.sip.InfoOutcome;
import io.ringdown.sip.Rejection;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkFailure;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What one end of a call within the house asks, and what the other is told. */
final class HouseCallTest {
    private static final HangupReason BUSY = new HangupReason(17, "Busy");
    private static final InfoBody FIVE = new InfoBody("application/dtmf-relay", "Signal=5");

    private final HouseCall call = new HouseCall();

    @Test
    void itRingsIsAnsweredAndIsHungUp() {
        assertThat(called(new Ask.Ring())).containsExactly(caller(new TrunkEvent.Progress(180, Optional.empty())));
        assertThat(called(new Ask.Progress("early")))
                .containsExactly(caller(new TrunkEvent.Progress(183, Optional.of("early"))));
        assertThat(called(new Ask.Answer("answer")))
                .containsExactly(
                        caller(new TrunkEvent.Answered(Optional.of("answer"))),
                        called(new TrunkEvent.Confirmed(Optional.empty())));
        TrunkEvent over = new TrunkEvent.Ended(OptionalInt.of(16), HangupReason.NORMAL.text());
        assertThat(caller(new Ask.HangUp(HangupReason.NORMAL))).containsExactly(caller(over), called(over));
    }

    @Test
    void whoIsCalledAndDoesNotWantToSaysWhy() {
        assertThat(called(new Ask.Reject(new Rejection(486, BUSY))))
                .containsExactly(
                        caller(new TrunkEvent.Failed(new TrunkFailure.Refused(486, OptionalInt.of(17)))),
                        called(new TrunkEvent.Ended(OptionalInt.of(17), "Busy")));
    }

    @Test
    void aCancelThatCrossesTheAnswerEndsTheCallOnceWhicheverIsFirst() {
        assertThat(caller(new Ask.HangUp(HangupReason.NORMAL)))
                .contains(caller(new TrunkEvent.Failed(new TrunkFailure.Cancelled())));
        assertThat(called(new Ask.Answer("late"))).isEmpty();

        HouseCall other = new HouseCall();
        other.on(End.CALLED, new Ask.Answer("answer"));
        assertThat(other.on(End.CALLER, new Ask.HangUp(HangupReason.NORMAL)))
                .contains(called(new TrunkEvent.Ended(OptionalInt.of(16), HangupReason.NORMAL.text())));
    }

    @Test
    void anOfferIsAnsweredByTheOtherEndAndAnotherMeanwhileWaits() {
        answer();
        assertThat(caller(new Ask.Reoffer("hold"))).containsExactly(called(new TrunkEvent.Reoffer("hold")));
        assertThat(caller(new Ask.Reoffer("again"))).isEmpty();
        assertThat(caller(new Ask.Reoffer("resume")))
                .containsExactly(caller(new TrunkEvent.ReofferRefused(OptionalInt.empty())));
        assertThat(called(new Ask.AcceptReoffer("held")))
                .containsExactly(
                        caller(new TrunkEvent.ReofferAnswered("held")), called(new TrunkEvent.Reoffer("resume")));
        assertThat(called(new Ask.RejectReoffer()))
                .containsExactly(caller(new TrunkEvent.ReofferRefused(OptionalInt.of(488))));
    }

    @Test
    void anOfferThatIsPutOffMeetsRequestPending() {
        answer();
        caller(new Ask.Reoffer("hold"));
        assertThat(called(new Ask.DeferReoffer()))
                .containsExactly(caller(new TrunkEvent.ReofferRefused(OptionalInt.of(491))));
    }

    @Test
    void offersThatCollideMeetRequestPendingAtWhoCameSecond() {
        answer();
        caller(new Ask.Reoffer("first"));
        assertThat(called(new Ask.Reoffer("second")))
                .containsExactly(called(new TrunkEvent.ReofferRefused(OptionalInt.of(491))));
    }

    @Test
    void anInfoGetsThroughOnceThereIsADialog() {
        assertThat(caller(new Ask.Info(7, FIVE)))
                .containsExactly(
                        caller(new TrunkEvent.InfoAnswered(7, new InfoOutcome.NotSent(InfoOutcome.Cause.NO_DIALOG))));
        answer();
        assertThat(caller(new Ask.Info(8, FIVE)))
                .containsExactly(
                        called(new TrunkEvent.InfoReceived(FIVE)),
                        caller(new TrunkEvent.InfoAnswered(8, new InfoOutcome.Answered(200))));
    }

    @Test
    void nobodyIsAskedByReferSinceTheGatewayTransfersItself() {
        answer();
        assertThat(caller(new Ask.Refer())).containsExactly(caller(new TrunkEvent.ReferEnded(OptionalInt.of(405))));
    }

    /** Whatever both ask, in any order. */
    @Test
    void eachEndHearsOfTheEndExactlyOnceAndOfEachOfItsRequestsToo() {
        long seed = Long.getLong("seed", new Random().nextLong());
        for (int i = 0; i < 20_000; i++) {
            try {
                new World(seed + i).live();
            } catch (AssertionError broken) {
                fail("-Dseed=" + (seed + i) + ": " + broken.getMessage(), broken);
            }
        }
    }

    private static final class World {
        private final Random random;
        private final HouseCall call = new HouseCall();
        private final List<String> story = new ArrayList<>();
        private final Set<End> over = new HashSet<>();
        private final Map<End, Integer> offers = new EnumMap<>(End.class);
        private final Set<Long> infos = new HashSet<>();
        private final Set<End> abandoned = new HashSet<>();
        private long handle;

        World(long seed) {
            random = new Random(seed);
        }

        void live() {
            for (int step = 0; step < 40; step++) {
                ask(random.nextBoolean() ? End.CALLER : End.CALLED, anything());
            }
            ask(End.CALLED, new Ask.RejectReoffer());
            ask(End.CALLER, new Ask.RejectReoffer());
            ask(End.CALLED, new Ask.RejectReoffer());
            ask(End.CALLER, new Ask.RejectReoffer());
            assertThat(over.isEmpty() ? List.of(0) : List.of())
                    .as("every offer is settled while the call stands: %s", story)
                    .allMatch(_ -> offers.values().stream().allMatch(open -> open == 0));
            ask(End.CALLER, new Ask.HangUp(HangupReason.NORMAL));
            over.addAll(abandoned);
            assertThat(over).as("both know: %s", story).containsExactlyInAnyOrder(End.values());
            assertThat(infos).as("each INFO has its answer: %s", story).isEmpty();
        }

        private void ask(End from, Ask ask) {
            story.add(from + " " + ask);
            boolean isOver = call.isOver();
            if (!isOver && ask instanceof Ask.Reoffer) {
                offers.merge(from, 1, Integer::sum);
            }
            if (!isOver && ask instanceof Ask.Info info) {
                infos.add(info.handle());
            }
            if (!isOver && ask instanceof Ask.Abandon) {
                abandoned.add(from);
            }
            List<HouseCall.Told> told = call.on(from, ask);
            assertThat(isOver && !told.isEmpty())
                    .as("nothing after the end: %s", story)
                    .isFalse();
            told.forEach(this::onTold);
        }

        private void onTold(HouseCall.Told told) {
            story.add("  " + told);
            assertThat(over).as("nothing after its end: %s", story).doesNotContain(told.to());
            switch (told.event()) {
                case TrunkEvent.Failed _ -> {
                    assertThat(told.to()).isEqualTo(End.CALLER);
                    over.add(told.to());
                }
                case TrunkEvent.Ended _ -> over.add(told.to());
                case TrunkEvent.ReofferAnswered _, TrunkEvent.ReofferRefused _ ->
                    assertThat(offers.merge(told.to(), -1, Integer::sum))
                            .as("%s", story)
                            .isNotNegative();
                case TrunkEvent.InfoAnswered answered ->
                    assertThat(infos.remove(answered.handle())).as("%s", story).isTrue();
                default -> assertThat(told.event()).isNotNull();
            }
        }

        private Ask anything() {
            return switch (random.nextInt(24)) {
                case 0, 1 -> new Ask.Ring();
                case 2 -> new Ask.Progress("early");
                case 3, 4, 5 -> new Ask.Answer("answer");
                case 6 -> random.nextInt(8) == 0 ? new Ask.Reject(new Rejection(486, BUSY)) : new Ask.Refer();
                case 7 -> random.nextInt(8) == 0 ? new Ask.HangUp(BUSY) : new Ask.Refer();
                case 8 -> random.nextInt(16) == 0 ? new Ask.Abandon() : new Ask.Refer();
                case 9, 10, 11 -> new Ask.Info(handle++, FIVE);
                case 12, 13, 14, 15, 16 -> new Ask.Reoffer("offer");
                case 17, 18, 19, 20 -> new Ask.AcceptReoffer("answer");
                default -> new Ask.RejectReoffer();
            };
        }
    }

    private void answer() {
        called(new Ask.Answer("answer"));
    }

    private List<HouseCall.Told> caller(Ask ask) {
        return call.on(End.CALLER, ask);
    }

    private List<HouseCall.Told> called(Ask ask) {
        return call.on(End.CALLED, ask);
    }

    private static HouseCall.Told caller(TrunkEvent event) {
        return new HouseCall.Told(End.CALLER, event);
    }

    private static HouseCall.Told called(TrunkEvent event) {
        return new HouseCall.Told(End.CALLED, event);
    }
}
