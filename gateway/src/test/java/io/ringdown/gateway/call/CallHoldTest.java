package io.ringdown.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.media.MediaEvent;
import io.ringdown.sip.TrunkEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Hold and resume, by whom and when they may come. */
final class CallHoldTest {
    private static final ClientId ANN = new ClientId("ann", ClientId.Road.SOCKET);
    private static final Optional<String> NONE = Optional.empty();

    private final Call call = new Call(new CallId("0123456789abcdef0123456789abcdef"), CallSettings.defaults());
    private List<CallAction> last = List.of();

    @Test
    void aTrunkThatIsToldNothingHearsMusicAndNothingElseHappens() {
        established();
        on(new CallEvent.Hold(ANN, Optional.of("r1")));
        assertThat(last)
                .containsExactly(
                        new CallAction.HoldMedia(),
                        tell(new CallNews.Held(CallNews.HeldBy.BROWSER, Optional.of("r1"))),
                        new CallAction.OfferHold(true));
        on(new CallEvent.HoldNotOffered(call.attempt()));
        assertThat(last).isEmpty();
        assertThat(call.holder()).isEqualTo(Holder.BROWSER);
        on(new CallEvent.Resume(ANN, Optional.of("r2")));
        assertThat(last).containsExactly(new CallAction.OfferHold(false));
        on(new CallEvent.HoldNotOffered(call.attempt()));
        assertThat(last)
                .containsExactly(
                        new CallAction.ResumeMedia(),
                        tell(new CallNews.Resumed(CallNews.HeldBy.BROWSER, Optional.of("r2"))));
    }

    @Test
    void toTalkAgainWaitsUntilTheTrunkHasTakenIt() {
        heldAndTold();
        on(new CallEvent.Resume(ANN, Optional.of("r2")));
        assertThat(last).containsExactly(new CallAction.OfferHold(false));
        trunk(new TrunkEvent.ReofferAnswered("sdp"));
        assertThat(last).containsExactly(new CallAction.TakeHoldAnswer(false, "sdp"));
        on(new CallEvent.HoldAnswerTaken(call.attempt()));
        assertThat(last)
                .startsWith(
                        new CallAction.ResumeMedia(),
                        tell(new CallNews.Resumed(CallNews.HeldBy.BROWSER, Optional.of("r2"))));
    }

    @Test
    void aTrunkThatRefusesTheHoldHearsMusicAllTheSameAndIsNotAskedToResume() {
        established();
        on(new CallEvent.Hold(ANN, NONE));
        trunk(new TrunkEvent.ReofferRefused(OptionalInt.of(488)));
        assertThat(last).isEmpty();
        assertThat(call.holder()).isEqualTo(Holder.BROWSER);
        on(new CallEvent.Resume(ANN, NONE));
        assertThat(last)
                .containsExactly(
                        new CallAction.ResumeMedia(), tell(new CallNews.Resumed(CallNews.HeldBy.BROWSER, NONE)));
    }

    @Test
    void aTrunkThatRefusesToResumeLeavesTheCallOnHoldAndCanBeAskedAgain() {
        heldAndTold();
        on(new CallEvent.Resume(ANN, Optional.of("r2")));
        trunk(new TrunkEvent.ReofferRefused(OptionalInt.of(500)));
        assertThat(last)
                .containsExactly(tell(new CallNews.Refused(
                        Optional.of("r2"), ErrorCode.HOLD_REFUSED, "The telephone network does not resume the call.")));
        assertThat(call.holder()).isEqualTo(Holder.BROWSER);
        on(new CallEvent.Resume(ANN, Optional.of("r3")));
        assertThat(last).containsExactly(new CallAction.OfferHold(false));
    }

    @Test
    void whatIsWantedMeanwhileIsSaidNext() {
        established();
        on(new CallEvent.Hold(ANN, NONE));
        on(new CallEvent.Resume(ANN, Optional.of("r2")));
        assertThat(last).as("our hold is still out").isEmpty();
        trunk(new TrunkEvent.ReofferAnswered("sdp"));
        on(new CallEvent.HoldAnswerTaken(call.attempt()));
        assertThat(last).startsWith(new CallAction.OfferHold(false));
    }

    @Test
    void anOfferOfTheTrunksComesFirstAndOursIsMadeAnewAfterIt() {
        established();
        trunk(new TrunkEvent.Reoffer("sdp"));
        on(new CallEvent.Hold(ANN, NONE));
        assertThat(last)
                .containsExactly(new CallAction.HoldMedia(), tell(new CallNews.Held(CallNews.HeldBy.BROWSER, NONE)));
        on(new CallEvent.TrunkOfferAnswered("answer"));
        assertThat(last).contains(new CallAction.AcceptReoffer(0, "answer"), new CallAction.OfferHold(true));
        trunk(new TrunkEvent.Reoffer("sdp"));
        trunk(new TrunkEvent.ReofferRefused(OptionalInt.of(491)));
        on(new CallEvent.TrunkOfferRefused("no"));
        assertThat(last).containsExactly(new CallAction.RejectReoffer(0), new CallAction.OfferHold(true));
    }

    @Test
    void twoThatNeverGetPastEachOtherAreGivenUp() {
        established();
        on(new CallEvent.Hold(ANN, NONE));
        int asked = 1;
        for (int i = 0; i < 20; i++) {
            trunk(new TrunkEvent.ReofferRefused(OptionalInt.of(491)));
            asked += last.contains(new CallAction.OfferHold(true)) ? 1 : 0;
        }
        assertThat(asked).isEqualTo(4);
        assertThat(call.holder()).isEqualTo(Holder.BROWSER);
    }

    @Test
    void theClientIsToldWhenTheTrunkHoldsAndWhenBothDo() {
        established();
        on(new CallEvent.TrunkHolds(true));
        assertThat(last).containsExactly(tell(new CallNews.Held(CallNews.HeldBy.TELEPHONE, NONE)));
        on(new CallEvent.TrunkHolds(true));
        assertThat(last).isEmpty();
        on(new CallEvent.Hold(ANN, NONE));
        assertThat(call.holder()).isEqualTo(Holder.BOTH);
        on(new CallEvent.TrunkHolds(false));
        assertThat(last).containsExactly(tell(new CallNews.Resumed(CallNews.HeldBy.TELEPHONE, NONE)));
        assertThat(call.holder()).isEqualTo(Holder.BROWSER);
    }

    @Test
    void earlyMediaThatGoOneWayAreToldAsAHoldOnlyOnceTheCallIsAnswered() {
        dialled();
        trunk(new TrunkEvent.Progress(183, Optional.of("sdp")));
        on(new CallEvent.TrunkAnswerTaken(0));
        on(new CallEvent.TrunkHolds(true));
        assertThat(last).isEmpty();
        trunk(new TrunkEvent.Answered(NONE));
        assertThat(last)
                .endsWith(tell(new CallNews.Established()), tell(new CallNews.Held(CallNews.HeldBy.TELEPHONE, NONE)));
    }

    @Test
    void onlyTheOwnerOfAnAnsweredCallHoldsIt() {
        dialled();
        on(new CallEvent.Hold(ANN, Optional.of("r1")));
        assertThat(last).singleElement().isInstanceOf(CallAction.Tell.class);
        assertThat(last.getFirst().toString()).contains("WRONG_STATE");
        established();
        ClientId stranger = new ClientId("bob", ClientId.Road.SOCKET);
        on(new CallEvent.Hold(stranger, NONE));
        on(new CallEvent.Resume(stranger, NONE));
        assertThat(call.holder()).isEqualTo(Holder.NOBODY);
    }

    /** Requests, answers, refusals and the trunk's own offers in any order and at any time, hang-ups among them. */
    @Test
    void everyRequestHasOneAnswerAndMediaAreAsTheClientWasTold() {
        long seed = Long.getLong("seed", new Random().nextLong());
        for (long each = seed; each < seed + 20_000; each++) {
            try {
                new World(each).live();
            } catch (AssertionError | RuntimeException broken) {
                fail("-Dseed=" + each + ": " + broken.getMessage(), broken);
            }
        }
    }

    private static final class World {
        private final Random random;
        private final Call call = new Call(new CallId("0123456789abcdef0123456789abcdef"), CallSettings.defaults());
        private final List<String> story = new ArrayList<>();
        private final Deque<CallEvent> results = new ArrayDeque<>();
        private final Map<String, Integer> answers = new HashMap<>();
        private final boolean isTold;
        private int refs;
        private boolean isHeld;
        private boolean isHeldAsTold;
        private boolean isTrunkHeld;
        private boolean isOfferOut;
        private boolean isTrunksOfferOpen;
        private boolean isOver;

        World(long seed) {
            random = new Random(seed);
            isTold = random.nextBoolean();
        }

        void live() {
            establish(event -> take(event));
            for (int step = 0; step < 25 && !isOver; step++) {
                if (results.isEmpty() || random.nextInt(3) == 0) {
                    take(anything());
                } else {
                    take(results.poll());
                }
            }
            while (!results.isEmpty()) {
                take(results.poll());
            }
            if (isOver) {
                return;
            }
            assertThat(answers.values())
                    .as("each request has one answer: %s", story)
                    .containsOnly(1);
            assertThat(isHeld).as("media are as was told: %s", story).isEqualTo(isHeldAsTold);
            assertThat(isOfferOut).as("nothing is open: %s", story).isFalse();
            assertThat(isTrunkHeld && !isHeld)
                    .as("nobody talks to a trunk that thinks it is held: %s", story)
                    .isFalse();
        }

        private CallEvent anything() {
            String ref = "r" + refs++;
            return switch (random.nextInt(7)) {
                case 0, 1 -> {
                    answers.put(ref, 0);
                    yield new CallEvent.Hold(ANN, Optional.of(ref));
                }
                case 2, 3 -> {
                    answers.put(ref, 0);
                    yield new CallEvent.Resume(ANN, Optional.of(ref));
                }
                case 4 -> new CallEvent.TrunkHolds(random.nextBoolean());
                case 5 -> random.nextInt(10) > 0 ? new CallEvent.Tick() : new CallEvent.HangUp(ANN, NONE);
                default ->
                    isTrunksOfferOpen ? new CallEvent.Tick() : new CallEvent.Trunk(0, new TrunkEvent.Reoffer("sdp"));
            };
        }

        private void take(CallEvent event) {
            story.add(event.toString());
            if (event instanceof CallEvent.Trunk trunk) {
                isTrunksOfferOpen |= trunk.event() instanceof TrunkEvent.Reoffer;
            }
            for (CallAction action : call.on(event, 0)) {
                story.add("  " + action);
                perform(action);
            }
        }

        private void perform(CallAction action) {
            switch (action) {
                case CallAction.HoldMedia _ -> isHeld = true;
                case CallAction.ResumeMedia _ -> isHeld = false;
                case CallAction.OfferHold offer -> {
                    assertThat(isOfferOut || isTrunksOfferOpen)
                            .as("one offer at a time: %s", story)
                            .isFalse();
                    isOfferOut = true;
                    results.add(isTold ? answer() : new CallEvent.HoldNotOffered(call.attempt()));
                    if (!isTold) {
                        isOfferOut = false;
                    }
                }
                case CallAction.TakeHoldAnswer taken -> {
                    isOfferOut = false;
                    boolean fits = random.nextInt(6) > 0;
                    isTrunkHeld = fits ? taken.held() : isTrunkHeld;
                    results.addFirst(
                            fits
                                    ? new CallEvent.HoldAnswerTaken(call.attempt())
                                    : new CallEvent.HoldAnswerRefused(call.attempt()));
                }
                case CallAction.AnswerTrunk _ ->
                    results.add(
                            random.nextBoolean()
                                    ? new CallEvent.TrunkOfferAnswered("answer")
                                    : new CallEvent.TrunkOfferRefused("no"));
                case CallAction.AcceptReoffer _, CallAction.RejectReoffer _ -> isTrunksOfferOpen = false;
                case CallAction.Tell tell -> onNews(tell.news());
                case CallAction.Finish _ -> isOver = true;
                default -> {}
            }
        }

        private CallEvent answer() {
            return new CallEvent.Trunk(
                    0,
                    switch (random.nextInt(5)) {
                        case 0 -> refused(OptionalInt.of(491));
                        case 1 -> refused(random.nextBoolean() ? OptionalInt.of(488) : OptionalInt.empty());
                        default -> new TrunkEvent.ReofferAnswered("sdp");
                    });
        }

        private TrunkEvent refused(OptionalInt status) {
            isOfferOut = false;
            return new TrunkEvent.ReofferRefused(status);
        }

        private void onNews(CallNews news) {
            switch (news) {
                case CallNews.Held held -> {
                    count(held.ref());
                    isHeldAsTold |= held.by() == CallNews.HeldBy.BROWSER;
                }
                case CallNews.Resumed resumed -> {
                    count(resumed.ref());
                    isHeldAsTold &= resumed.by() != CallNews.HeldBy.BROWSER;
                }
                case CallNews.Refused refused -> count(refused.ref());
                default -> {}
            }
        }

        private void count(Optional<String> ref) {
            ref.ifPresent(known -> answers.merge(known, 1, Integer::sum));
        }
    }

    private static void establish(java.util.function.Consumer<CallEvent> on) {
        dial(on);
        on.accept(new CallEvent.Trunk(0, new TrunkEvent.Answered(Optional.of("sdp"))));
        on.accept(new CallEvent.TrunkAnswerTaken(0));
    }

    private static void dial(java.util.function.Consumer<CallEvent> on) {
        on.accept(new CallEvent.Dial(
                ANN,
                NONE,
                new PhoneNumber("+12025550100"),
                Caller.UNSAID,
                "offer",
                CallRoute.over(List.of("carrier"))));
        on.accept(new CallEvent.WebAnswered(NONE, "answer"));
        on.accept(new CallEvent.Media(new MediaEvent.WebConnected()));
        on.accept(new CallEvent.TrunkOffered(0, "offer"));
    }

    private void dialled() {
        dial(this::on);
    }

    private void established() {
        establish(this::on);
    }

    private void heldAndTold() {
        established();
        on(new CallEvent.Hold(ANN, NONE));
        trunk(new TrunkEvent.ReofferAnswered("sdp"));
        on(new CallEvent.HoldAnswerTaken(call.attempt()));
    }

    private void trunk(TrunkEvent event) {
        on(new CallEvent.Trunk(0, event));
    }

    private void on(CallEvent event) {
        last = call.on(event, 0);
    }

    private static CallAction tell(CallNews news) {
        return new CallAction.Tell(ANN, news);
    }
}
