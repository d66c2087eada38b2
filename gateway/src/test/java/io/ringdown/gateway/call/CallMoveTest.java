package io.ringdown.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.media.MediaEvent;
import io.ringdown.sip.PeerCapabilities;
import io.ringdown.sip.ReferTarget;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that the trunk moves to another telephone: by REFER, and by an INVITE with Replaces. */
final class CallMoveTest {
    private static final ClientId ANN = new ClientId("ann", ClientId.Road.SOCKET);
    private static final PhoneNumber TARGET = new PhoneNumber("+441632960100");
    private static final Optional<String> SDP = Optional.of("sdp");
    private static final Optional<String> NONE = Optional.empty();

    private World world = new World(new Random(1), false);

    @Test
    void theNewTelephoneIsCalledWhoHasAskedIsToldAndTheCallGoesOnWithIt() {
        world.established();
        world.trunk(0, new TrunkEvent.Referred(ReferTarget.of("+441632960100")));
        assertThat(world.done)
                .startsWith(new CallAction.RouteReferral("a", "+441632960100", false), new CallAction.AcceptRefer(0));
        world.trunk(1, new TrunkEvent.Progress(180, NONE));
        world.trunk(1, new TrunkEvent.Progress(180, NONE));
        world.trunk(1, new TrunkEvent.Answered(SDP));
        assertThat(world.toReferrer()).containsExactly(180, 200);
        assertThat(world.stages()).containsExactly(TransferStage.REFERRED, TransferStage.RINGING, TransferStage.DONE);
        assertThat(world.call.attempt()).isEqualTo(1);
        assertThat(world.call.trunk()).contains("b");
        assertThat(world.mediaLeg).isEqualTo(1);
        assertThat(world.open).as("who has asked hangs up itself").containsExactlyInAnyOrder(0, 1);
        world.trunk(0, new TrunkEvent.Ended(OptionalInt.of(16), ""));
        assertThat(world.call.state()).isEqualTo(Call.State.ESTABLISHED);
        world.trunk(1, new TrunkEvent.Ended(OptionalInt.of(16), ""));
        assertThat(world.call.ending().orElseThrow().cause()).isEqualTo(EndCause.NORMAL);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void onlyOneThatIsWithTheNewTelephoneIsBoundByHowLongThatMayBe(boolean isAnswered) {
        world.longest = Optional.of(Duration.ofHours(4));
        world.referred();
        world.trunk(
                1,
                isAnswered
                        ? new TrunkEvent.Answered(SDP)
                        : new TrunkEvent.Failed(new TrunkFailure.Refused(486, OptionalInt.empty())));
        world.after(Duration.ofHours(5));
        assertThat(world.call.ending().map(Ending::cause))
                .isEqualTo(isAnswered ? Optional.of(EndCause.TIME_IS_UP) : Optional.empty());
    }

    @Test
    void digitsTakeTheRoadThatTheNewTrunkUnderstands() {
        PeerCapabilities said = new PeerCapabilities(Optional.of(List.of("INVITE", "INFO")), Optional.empty());
        world.referred();
        world.trunk(1, new TrunkEvent.Capabilities(said));
        world.trunk(1, new TrunkEvent.Progress(183, SDP));
        assertThat(world.done).contains(new CallAction.ChooseRoad("b", said));
        world.done.clear();
        world.trunk(1, new TrunkEvent.Failed(new TrunkFailure.Refused(486, OptionalInt.empty())));
        assertThat(world.done).contains(new CallAction.ChooseRoad("a", PeerCapabilities.UNKNOWN));
    }

    @Test
    void whoHasAskedAndDoesNotHangUpIsHungUpAfterFiveSeconds() {
        world.moved();
        world.after(Duration.ofMillis(4_999));
        assertThat(world.open).contains(0);
        world.after(Duration.ofMillis(1));
        assertThat(world.open).containsExactly(1);
    }

    @Test
    void whoHasAskedMayHangUpBeforeTheAnswerAndTheCallLives() {
        world.referred();
        world.trunk(0, new TrunkEvent.Ended(OptionalInt.of(16), ""));
        assertThat(world.call.state()).isEqualTo(Call.State.ESTABLISHED);
        world.on(new CallEvent.Media(new MediaEvent.TrunkSilent()));
        world.trunk(1, new TrunkEvent.Answered(SDP));
        assertThat(world.toReferrer()).containsExactly(200);
        assertThat(world.open).containsExactly(1);
        assertThat(world.mediaLeg).isEqualTo(1);
    }

    @Test
    void whereNobodyAnswersTheCallIsWithWhoHasAskedUnlessThatOneHasGone() {
        world.referred();
        world.trunk(1, new TrunkEvent.Failed(new TrunkFailure.Refused(486, OptionalInt.empty())));
        assertThat(world.toReferrer()).containsExactly(486);
        assertThat(world.lastTold().failure().orElseThrow().cause()).isEqualTo(EndCause.BUSY);
        assertThat(world.call.attempt()).isZero();
        assertThat(world.mediaLeg).isZero();

        world = new World(new Random(1), false);
        world.referred();
        world.trunk(0, new TrunkEvent.Ended(OptionalInt.of(16), ""));
        world.trunk(1, new TrunkEvent.Failed(new TrunkFailure.Refused(486, OptionalInt.empty())));
        assertThat(world.call.ending().orElseThrow().cause()).isEqualTo(EndCause.BUSY);
        assertThat(world.call.ending().orElseThrow().sip()).hasValue(486);
    }

    @Test
    void aTrunkThatFailsIsFollowedByTheNextAsInADial() {
        world.referred();
        world.trunk(1, new TrunkEvent.Failed(new TrunkFailure.Refused(503, OptionalInt.empty())));
        assertThat(world.done(CallAction.InviteReferred.class))
                .extracting(CallAction.InviteReferred::trunk)
                .containsExactly("b", "c");
        assertThat(world.toReferrer()).isEmpty();
        world.trunk(2, new TrunkEvent.Answered(SDP));
        assertThat(world.call.trunk()).contains("c");
    }

    @Test
    void earlyMediaOfTheNewTelephoneAreHeardAndTakenBackWhereItIsBusy() {
        world.referred();
        world.trunk(1, new TrunkEvent.Progress(183, SDP));
        assertThat(world.mediaLeg).isEqualTo(1);
        assertThat(world.call.attempt()).as("the call is still the old one").isZero();
        world.trunk(1, new TrunkEvent.Failed(new TrunkFailure.Refused(486, OptionalInt.empty())));
        assertThat(world.mediaLeg).isZero();
        assertThat(world.call.state()).isEqualTo(Call.State.ESTABLISHED);
    }

    @Test
    void anAnswerWithoutSdpStandsOnThatOfTheEarlyMedia() {
        world.referred();
        world.trunk(1, new TrunkEvent.Progress(183, SDP));
        world.trunk(1, new TrunkEvent.Answered(NONE));
        assertThat(world.call.attempt()).isEqualTo(1);
    }

    @Test
    void earlyMediaWaitWhileAnOfferOfOursIsOnItsWayToTheOldTelephone() {
        world.established();
        world.on(new CallEvent.Hold(ANN, NONE));
        world.referredNow();
        world.trunk(1, new TrunkEvent.Progress(183, SDP));
        assertThat(world.mediaLeg).isZero();
        world.trunk(0, new TrunkEvent.ReofferAnswered("sdp"));
        assertThat(world.done(CallAction.TakeHoldAnswer.class)).hasSize(1);
        world.trunk(1, new TrunkEvent.Answered(NONE));
        assertThat(world.mediaLeg).isEqualTo(1);
    }

    @Test
    void aHoldIsToldToTheNewTelephoneToo() {
        world.established();
        world.on(new CallEvent.Hold(ANN, NONE));
        world.trunk(0, new TrunkEvent.ReofferAnswered("sdp"));
        world.on(new CallEvent.HoldAnswerTaken(world.call.attempt()));
        world.referredNow();
        world.done.clear();
        world.trunk(1, new TrunkEvent.Answered(SDP));
        assertThat(world.done).contains(new CallAction.OfferHold(true));
        assertThat(world.call.holder()).isEqualTo(Holder.BROWSER);
        world.trunk(1, new TrunkEvent.ReofferAnswered("sdp"));
        assertThat(world.done(CallAction.TakeHoldAnswer.class)).hasSize(1);
    }

    @Test
    void aHoldOfTheOldTelephoneIsOverWithIt() {
        world.established();
        world.on(new CallEvent.TrunkHolds(true));
        assertThat(world.call.holder()).isEqualTo(Holder.TELEPHONE);
        world.referredNow();
        world.trunk(1, new TrunkEvent.Answered(SDP));
        assertThat(world.call.holder()).isEqualTo(Holder.NOBODY);
    }

    @Test
    void oneAtATimeAndNobodyIsJoinedWithAnotherBrowser() {
        world.referred();
        world.trunk(0, new TrunkEvent.Referred(ReferTarget.of("+1")));
        assertThat(world.done).contains(new CallAction.RejectRefer(0, 491));
        world = new World(new Random(1), false);
        world.established();
        world.on(new CallEvent.Transfer(ANN, NONE, new TransferTarget.Dialled(TARGET)));
        world.trunk(0, new TrunkEvent.Referred(ReferTarget.of("+1")));
        assertThat(world.done).contains(new CallAction.RejectRefer(0, 491));
    }

    @Test
    void whereItMayNotGoThatIsSaidAndNothingElseHappens() {
        world.established();
        world.allowed = false;
        world.trunk(0, new TrunkEvent.Referred(ReferTarget.of("112")));
        assertThat(world.done).endsWith(new CallAction.RejectRefer(0, 403));
        assertThat(world.stages()).isEmpty();
    }

    @Test
    void aTransferWithoutAnAnswerInTimeHasFailed() {
        world.referred();
        world.after(Duration.ofMinutes(3));
        assertThat(world.open).containsExactly(0);
        assertThat(world.toReferrer()).containsExactly(480);
        assertThat(world.lastTold().failure().orElseThrow().cause()).isEqualTo(EndCause.NO_ANSWER);
    }

    @Test
    void aCallInThePlaceOfThisOneIsAnsweredAtOnceAndTheOldOneHungUp() {
        world.established();
        world.replaced(0, SDP, Optional.of("+4930"), Optional.of("Ada"));
        assertThat(world.open).containsExactly(-1);
        assertThat(world.mediaLeg).isEqualTo(-1);
        assertThat(world.call.attempt()).isEqualTo(-1);
        assertThat(world.lastTold().number()).contains("+4930");
        assertThat(world.lastTold().name()).contains("Ada");
        assertThat(world.stages()).containsExactly(TransferStage.DONE);
        world.on(new CallEvent.HangUp(ANN, NONE));
        assertThat(world.open).isEmpty();
    }

    @Test
    void oneWithoutAnOfferGetsOursAndIsHeardFromItsAckOn() {
        world.established();
        world.replaced(0, NONE, NONE, NONE);
        assertThat(world.mediaLeg).isZero();
        world.trunk(-1, new TrunkEvent.Confirmed(SDP));
        assertThat(world.mediaLeg).isEqualTo(-1);
        assertThat(world.open).containsExactly(-1);
    }

    @Test
    void oneInThePlaceOfACallThatIsNotThereAnyMoreIsRefused() {
        world.moved();
        world.after(Duration.ofSeconds(5));
        world.replaced(0, SDP, NONE, NONE);
        assertThat(world.done(CallAction.RejectLeg.class))
                .extracting(CallAction.RejectLeg::status)
                .containsExactly(481);
        assertThat(world.call.attempt()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void aHangUpOfTheClientAtAnyStageEndsEveryLeg(int stage) {
        world.established();
        List<Runnable> story = List.of(
                () -> world.trunk(0, new TrunkEvent.Referred(ReferTarget.of("+1"))),
                () -> world.trunk(1, new TrunkEvent.Progress(180, NONE)),
                () -> world.trunk(1, new TrunkEvent.Progress(183, SDP)),
                () -> world.trunk(1, new TrunkEvent.Answered(SDP)),
                () -> world.trunk(0, new TrunkEvent.Ended(OptionalInt.of(16), "")));
        story.subList(0, stage).forEach(Runnable::run);
        world.on(new CallEvent.HangUp(ANN, NONE));
        assertThat(world.call.state()).isEqualTo(Call.State.ENDED);
        assertThat(world.open).isEmpty();
        assertThat(world.owed).as("who waits for a last word").isEmpty();
    }

    /** What trunks, the client and time do to a call that is moved again and again. */
    @Test
    void mediaAreAlwaysWithTheLegThatTheClientWasToldOfAndNoLegIsLeftBehind() {
        long seed = Long.getLong("seed", new Random().nextLong());
        int moves = 0;
        for (long each = seed; each < seed + 20_000; each++) {
            World any = new World(new Random(each), true);
            try {
                moves += any.live();
            } catch (AssertionError | RuntimeException broken) {
                fail("-Dseed=" + each + ": " + broken.getMessage() + any.story, broken);
            }
        }
        assertThat(moves).as("calls do move in this").isGreaterThan(5_000);
    }

    /** One call, with rooms that do what they are told. */
    private static final class World {
        private final Call call = new Call(new CallId("0123456789abcdef0123456789abcdef"), CallSettings.defaults());
        private final Random random;
        private final boolean isMean;
        private final List<CallAction> done = new ArrayList<>();
        private final List<String> story = new ArrayList<>();
        private final Set<Integer> open = new HashSet<>();
        private final Set<Integer> owed = new HashSet<>();
        private boolean allowed = true;
        private int mediaLeg;
        private int asideLeg = Integer.MIN_VALUE;
        private int firstLeg;
        private int inbound;
        private boolean isHeld;
        private long now = -3_000_000_000L;

        World(Random random, boolean isMean) {
            this.random = random;
            this.isMean = isMean;
        }

        // How long the call may last where it is referred to.
        private Optional<Duration> longest = Optional.empty();

        void established() {
            on(new CallEvent.Dial(
                    ANN, NONE, new PhoneNumber("+12025550100"), Caller.UNSAID, "offer", CallRoute.over(List.of("a"))));
            on(new CallEvent.WebAnswered(NONE, "answer"));
            on(new CallEvent.Media(new MediaEvent.WebConnected()));
            trunk(0, new TrunkEvent.Answered(SDP));
            assertThat(call.state()).isEqualTo(Call.State.ESTABLISHED);
            done.clear();
        }

        void referred() {
            established();
            referredNow();
        }

        void referredNow() {
            trunk(0, new TrunkEvent.Referred(ReferTarget.of("+441632960100")));
            assertThat(open).contains(1);
        }

        void moved() {
            referred();
            trunk(1, new TrunkEvent.Answered(SDP));
        }

        void replaced(int leg, Optional<String> offer, Optional<String> number, Optional<String> name) {
            open.add(--inbound);
            on(new CallEvent.Replacing(inbound, leg, "a", offer, number, name));
        }

        int live() {
            established();
            int moves = 0;
            for (int step = 0; step < 40 && call.state() != Call.State.ENDED; step++) {
                int before = call.attempt();
                anything();
                moves += call.attempt() == before ? 0 : 1;
                if (call.state() != Call.State.ENDED) {
                    assertThat(mediaLeg)
                            .as("media are with the leg that is heard")
                            .isEqualTo(call.heardLeg());
                    assertThat(open.size())
                            .as("no more legs than the old and the new")
                            .isLessThanOrEqualTo(2);
                    assertThat(isHeld)
                            .as("held media are a hold, or one that is about to end")
                            .isEqualTo(call.holder() == Holder.BROWSER || call.holder() == Holder.BOTH);
                }
            }
            if (call.state() != Call.State.ENDED) {
                on(new CallEvent.HangUp(ANN, NONE));
            }
            assertThat(open).as("every leg is over").isEmpty();
            assertThat(owed).as("who has asked has a last word").isEmpty();
            return moves;
        }

        private void anything() {
            List<Integer> legs = List.copyOf(open);
            int leg = legs.isEmpty() ? call.attempt() : legs.get(random.nextInt(legs.size()));
            allowed = random.nextInt(6) > 0;
            switch (random.nextInt(14)) {
                case 0, 1, 2 -> trunk(leg, new TrunkEvent.Referred(ReferTarget.of("+1")));
                case 3 ->
                    trunk(leg, new TrunkEvent.Progress(180 + random.nextInt(4), random.nextBoolean() ? SDP : NONE));
                case 4, 5 -> trunk(leg, new TrunkEvent.Answered(random.nextInt(4) > 0 ? SDP : NONE));
                case 6 -> {
                    if (leg != call.attempt() && leg > 0 && !isOld(leg)) {
                        trunk(
                                leg,
                                new TrunkEvent.Failed(new TrunkFailure.Refused(
                                        random.nextBoolean() ? 486 : 503, OptionalInt.empty())));
                    }
                }
                case 7 -> {
                    if (random.nextInt(3) == 0) {
                        trunk(leg, new TrunkEvent.Ended(OptionalInt.of(16), ""));
                    }
                }
                case 8 -> replaced(leg, random.nextInt(4) > 0 ? SDP : NONE, NONE, NONE);
                case 9 -> on(new CallEvent.Hold(ANN, NONE));
                case 10 -> on(new CallEvent.Resume(ANN, NONE));
                case 11 -> trunk(leg, new TrunkEvent.Confirmed(random.nextInt(4) > 0 ? SDP : NONE));
                case 12 ->
                    trunk(
                            leg,
                            random.nextBoolean()
                                    ? new TrunkEvent.ReofferAnswered("sdp")
                                    : new TrunkEvent.ReofferRefused(OptionalInt.of(488)));
                default -> after(Duration.ofSeconds(random.nextInt(60)));
            }
        }

        private boolean isOld(int leg) {
            return leg < call.attempt() || call.attempt() < 0;
        }

        void trunk(int leg, TrunkEvent event) {
            if (event instanceof TrunkEvent.Ended || event instanceof TrunkEvent.Failed) {
                open.remove(leg);
            }
            on(new CallEvent.Trunk(leg, event));
        }

        void after(Duration time) {
            now += time.toNanos();
            on(new CallEvent.Tick());
        }

        void on(CallEvent event) {
            story.add("\n" + event);
            for (CallAction action : call.on(event, now)) {
                story.add("\n  " + action);
                done.add(action);
                perform(action);
            }
        }

        private void perform(CallAction action) {
            switch (action) {
                case CallAction.TakeChannel take -> on(new CallEvent.ChannelTaken(take.attempt()));
                case CallAction.OfferTrunk offer -> on(new CallEvent.TrunkOffered(offer.attempt(), "offer"));
                case CallAction.Invite invite -> open.add(invite.attempt());
                case CallAction.TakeTrunkAnswer take -> on(new CallEvent.TrunkAnswerTaken(take.attempt()));
                case CallAction.RouteReferral _ ->
                    on(
                            allowed
                                    ? new CallEvent.ReferralRouted(
                                            TARGET,
                                            new CallRoute(
                                                    List.of("b", "c"), Set.of(), Optional.empty(), false, longest))
                                    : new CallEvent.ReferralRefused(403));
                case CallAction.AcceptRefer accept -> owed.add(accept.attempt());
                case CallAction.TellReferrer tell -> {
                    assertThat(owed).as("who is told has asked").contains(tell.attempt());
                    if (tell.status() >= 200) {
                        owed.remove(tell.attempt());
                    }
                }
                case CallAction.OfferAside offer -> {
                    asideLeg = offer.attempt();
                    on(new CallEvent.TrunkOffered(offer.attempt(), "offer"));
                }
                case CallAction.InviteReferred invite -> open.add(invite.attempt());
                case CallAction.TakeAsideAnswer take -> {
                    assertThat(asideLeg).as("that leg is aside").isEqualTo(take.attempt());
                    if (isMean && random.nextInt(6) == 0) {
                        on(new CallEvent.AsideAnswerRefused(take.attempt()));
                    } else {
                        swap(take.attempt());
                        on(new CallEvent.AsideAnswerTaken(take.attempt(), false));
                    }
                }
                case CallAction.AnswerAside answer -> {
                    if (isMean && random.nextInt(4) == 0) {
                        on(new CallEvent.AsideRefused(answer.attempt()));
                    } else {
                        swap(answer.attempt());
                        on(new CallEvent.AsideAnswered(answer.attempt(), "answer", false));
                    }
                }
                case CallAction.HearFirst _ -> mediaLeg = firstLeg;
                case CallAction.HangUpTrunk bye -> close(bye.attempt());
                case CallAction.RejectLeg reject -> close(reject.attempt());
                case CallAction.HoldMedia _ -> isHeld = true;
                case CallAction.ResumeMedia _ -> isHeld = false;
                case CallAction.OfferHold _ ->
                    assertThat(mediaLeg)
                            .as("offers are made of what is agreed there")
                            .isEqualTo(call.attempt());
                case CallAction.TakeHoldAnswer take -> {
                    assertThat(mediaLeg).as("and answers taken by it").isEqualTo(call.attempt());
                    on(new CallEvent.HoldAnswerTaken(call.attempt()));
                }
                case CallAction.ForgetLeg forget ->
                    assertThat(open).as("a leg is over before it is forgotten").doesNotContain(forget.attempt());
                default -> {}
            }
        }

        private void swap(int leg) {
            firstLeg = mediaLeg;
            mediaLeg = leg;
        }

        private void close(int leg) {
            assertThat(open.remove(leg)).as("leg %d is ended once", leg).isTrue();
        }

        private List<Integer> toReferrer() {
            return done(CallAction.TellReferrer.class).stream()
                    .map(CallAction.TellReferrer::status)
                    .toList();
        }

        private List<TransferStage> stages() {
            return transfers().stream().map(CallNews.Transfer::stage).toList();
        }

        private CallNews.Transfer lastTold() {
            return transfers().getLast();
        }

        private List<CallNews.Transfer> transfers() {
            return done(CallAction.Tell.class).stream()
                    .map(CallAction.Tell::news)
                    .filter(CallNews.Transfer.class::isInstance)
                    .map(CallNews.Transfer.class::cast)
                    .toList();
        }

        private <A extends CallAction> List<A> done(Class<A> type) {
            return done.stream().filter(type::isInstance).map(type::cast).toList();
        }
    }
}
