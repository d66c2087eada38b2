package io.ringdown.gateway.softphones;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.ringdown.dtmf.DtmfRoad;
import io.ringdown.dtmf.PressReceipt;
import io.ringdown.dtmf.Stroke;
import io.ringdown.gateway.call.Call;
import io.ringdown.gateway.call.CallAction;
import io.ringdown.gateway.call.CallEvent;
import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.CallNews;
import io.ringdown.gateway.call.CallRoute;
import io.ringdown.gateway.call.CallSettings;
import io.ringdown.gateway.call.ClientId;
import io.ringdown.gateway.call.EndCause;
import io.ringdown.gateway.call.ErrorCode;
import io.ringdown.gateway.call.RingPlan;
import io.ringdown.gateway.call.TransferTarget;
import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.media.MediaEvent;
import io.ringdown.sip.InboundInvite;
import io.ringdown.sip.InfoBody;
import io.ringdown.sip.ReferTarget;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkFailure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SequencedSet;
import org.junit.jupiter.api.Test;

/** One softphone's call against the real state machine of calls, in virtual time, between a trunk and media that do as told. */
final class PhoneCallTest {
    private static final ClientId BOB = new ClientId("bob", ClientId.Road.SOCKET);
    private static final ClientId PHONE = new ClientId("phone", ClientId.Road.SIP);
    private static final ClientId PAGE = new ClientId("page", ClientId.Road.SOCKET);
    private static final PhoneNumber NUMBER = new PhoneNumber("+12025550100");
    private static final String HOLD = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=sendonly\r\n";
    private static final String TALK = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=sendrecv\r\n";

    @Test
    void aCallOutIs183WithSdpThen180Then200WithTheSameSdp() {
        World world = World.calling();
        assertThat(world.invitesToTrunk).as("at once").isEqualTo(1);
        world.trunk(new TrunkEvent.Progress(180, Optional.empty()));
        world.trunk(new TrunkEvent.Progress(183, Optional.of("early")));
        world.trunk(new TrunkEvent.Answered(Optional.of("answer")));
        assertThat(world.toPhone)
                .containsExactly(
                        new PhoneAction.Progress("web answer"),
                        new PhoneAction.Ring(),
                        new PhoneAction.Answer("web answer"));
    }

    @Test
    void aPhoneThatTakesNoDescriptionBefore200HasTheTimeOfTheRingingAndThenThatOfAConnection() {
        World world = World.calling();
        world.trunk(new TrunkEvent.Progress(180, Optional.empty()));
        world.pass(Duration.ofMinutes(2));
        assertThat(world.call.state()).isEqualTo(Call.State.RINGING);
        world.trunk(new TrunkEvent.Answered(Optional.of("answer")));
        world.pass(Duration.ofSeconds(9));
        assertThat(world.call.ending().orElseThrow().cause()).isEqualTo(EndCause.MEDIA_UNREACHABLE);
        assertThat(world.toPhone.getLast()).isInstanceOf(PhoneAction.HangUp.class);
    }

    @Test
    void whatATrunkRefusesIsTheFinalResponseWithTheTrunksCause() {
        World world = World.calling();
        world.trunk(new TrunkEvent.Failed(new TrunkFailure.Refused(486, OptionalInt.of(17))));
        PhoneAction.Reject reject = (PhoneAction.Reject) world.toPhone.getLast();
        assertThat(reject.rejection().status()).isEqualTo(486);
        assertThat(reject.rejection().reason().q850()).isEqualTo(17);
    }

    @Test
    void aCallInIsOfferedToThePhoneAndIts200TakesIt() {
        World world = World.called(PHONE);
        assertThat(world.toPhone).containsExactly(new PhoneAction.Invite("web offer"));
        world.phone(new TrunkEvent.Progress(180, Optional.empty()));
        world.phone(new TrunkEvent.Answered(Optional.of("phone's answer")));
        world.media(new MediaEvent.WebConnected());
        assertThat(world.trunkAccepted).isTrue();
        assertThat(world.phoneCall.stage()).isEqualTo(PhoneCall.Stage.TALKING);
        world.trunk(new TrunkEvent.Ended(OptionalInt.of(16), "BYE"));
        assertThat(world.toPhone.getLast()).isEqualTo(new PhoneAction.HangUp(EndCause.NORMAL.hangupReason()));
    }

    @Test
    void aCallThatAPageTakesEndsAtThePhoneAsAnsweredElsewhere() {
        World world = World.called(PHONE, PAGE);
        world.tell(new CallEvent.Accept(PAGE, Optional.of("r"), "offer"));
        assertThat(world.toPhone.getLast())
                .isEqualTo(new PhoneAction.HangUp(EndCause.ANSWERED_ELSEWHERE.hangupReason()));
        assertThat(EndCause.ANSWERED_ELSEWHERE.hangupReason().q850()).isEqualTo(26);
    }

    @Test
    void aPhoneThatIsBusyOrTurnsTheCallDownIsOnePersonsNo() {
        assertThat(endOfRefusal(486)).isEqualTo(EndCause.BUSY);
        assertThat(endOfRefusal(603)).isEqualTo(EndCause.DECLINED);
        assertThat(endOfRefusal(480)).isEqualTo(EndCause.DECLINED);
        assertThat(endOfRefusal(408)).isEqualTo(EndCause.UNAVAILABLE);
    }

    private static EndCause endOfRefusal(int status) {
        World world = World.called(PHONE);
        world.phone(new TrunkEvent.Failed(new TrunkFailure.Refused(status, OptionalInt.empty())));
        return world.call.ending().orElseThrow().cause();
    }

    @Test
    void anAnswerThatFitsNoOfferEndsThePhonesDialogAndNotTheCallOfTheOthers() {
        World world = World.called(PHONE, PAGE);
        world.refusesAnswers = true;
        world.phone(new TrunkEvent.Answered(Optional.of("nonsense")));
        assertThat(world.toPhone.getLast()).isInstanceOf(PhoneAction.HangUp.class);
        assertThat(world.call.state()).isEqualTo(Call.State.OFFERED);
    }

    @Test
    void aReInviteThatSendsOnlyHoldsAndOneThatDoesBothResumesOnceTheTrunkHasTakenIt() {
        World world = World.talking();
        world.phone(new TrunkEvent.Reoffer(HOLD));
        assertThat(world.isHeld).isTrue();
        assertThat(world.toPhone.getLast()).isEqualTo(new PhoneAction.AcceptReoffer("web answer"));
        world.trunk(new TrunkEvent.ReofferAnswered("held"));
        world.toPhone.clear();
        world.phone(new TrunkEvent.Reoffer(TALK));
        assertThat(world.toPhone).as("the trunk has not said yes yet").isEmpty();
        world.trunk(new TrunkEvent.ReofferAnswered("resumed"));
        assertThat(world.isHeld).isFalse();
        assertThat(world.toPhone).containsExactly(new PhoneAction.AcceptReoffer("web answer"));
    }

    @Test
    void aResumeThatTheTrunkRefusesIs488AndThePhoneGoesOnToHold() {
        World world = World.talking();
        world.phone(new TrunkEvent.Reoffer(HOLD));
        world.trunk(new TrunkEvent.ReofferAnswered("held"));
        world.phone(new TrunkEvent.Reoffer(TALK));
        world.trunk(new TrunkEvent.ReofferRefused(OptionalInt.of(488)));
        assertThat(world.toPhone.getLast()).isEqualTo(new PhoneAction.RejectReoffer());
        assertThat(world.isHeld).isTrue();
    }

    @Test
    void aReInviteWhileSomebodyTakesTheCallOverIs491() {
        World world = World.talking();
        takenBy(world, BOB);
        world.phone(new TrunkEvent.OfferWanted());
        assertThat(world.toPhone.getLast()).isEqualTo(new PhoneAction.DeferReoffer());
        world.toPhone.clear();
        world.phone(new TrunkEvent.Reoffer(TALK));
        assertThat(world.toPhone).containsExactly(new PhoneAction.DeferReoffer());
        world.toPhone.clear();
        world.phone(new TrunkEvent.Reoffer(HOLD));
        assertThat(world.toPhone).containsExactly(new PhoneAction.DeferReoffer());
        assertThat(world.isHeld).as("nor is anybody held for it").isFalse();
    }

    @Test
    void aReInviteWhileAnOfferOfOursIsMadeReadyIs491() {
        PhoneCall call = PhoneCall.from(PHONE, false);
        call.onNews(new CallNews.Answer(Optional.empty(), "web answer"));
        call.onNews(new CallNews.Established());
        call.onNews(new CallNews.Renew());
        assertThat(call.onDialog(new TrunkEvent.Reoffer(TALK))).containsExactly(new PhoneAction.DeferReoffer());
        assertThat(call.onDialog(new TrunkEvent.OfferWanted())).containsExactly(new PhoneAction.DeferReoffer());
    }

    @Test
    void anOfferOfOursThatHasToWaitForSomebodyWhoTakesTheCallOverStandsInNobodysWay() {
        World world = World.talking();
        takenBy(world, BOB);
        world.tell(new CallEvent.WebMediaWanted());
        assertThat(world.toPhone).as("not now").noneMatch(PhoneAction.Reoffer.class::isInstance);
        world.tell(new CallEvent.HangUp(BOB, Optional.empty()));
        world.toPhone.clear();
        world.phone(new TrunkEvent.Reoffer(TALK));
        assertThat(world.toPhone).containsExactly(new PhoneAction.AcceptReoffer("web answer"));
    }

    private static void takenBy(World world, ClientId colleague) {
        RingPlan plan = RingPlan.together(new LinkedHashSet<>(List.of(colleague)));
        world.tell(new CallEvent.Transfer(
                PHONE, Optional.empty(), new TransferTarget.Colleague(new PhoneNumber("12"), plan, "11")));
        world.tell(new CallEvent.Accept(colleague, Optional.empty(), "offer"));
    }

    @Test
    void aHoldThatComesTooEarlyIsMadeGoodOnceTheCallIsUp() {
        World world = World.called(PHONE);
        world.phone(new TrunkEvent.Answered(Optional.of("phone's answer")));
        world.phone(new TrunkEvent.Reoffer(HOLD));
        assertThat(world.isHeld).as("there is nobody yet to hold").isFalse();
        world.media(new MediaEvent.WebConnected());
        assertThat(world.phoneCall.stage()).isEqualTo(PhoneCall.Stage.TALKING);
        assertThat(world.isHeld).isTrue();
    }

    @Test
    void aHoldThatTheCallRefusedIsNoneAndTheNextOneIsAskedForAnew() {
        PhoneCall call = PhoneCall.from(PHONE, false);
        call.onNews(new CallNews.Answer(Optional.empty(), "web answer"));
        call.onNews(new CallNews.Established());
        String hold = told(call.onDialog(new TrunkEvent.Reoffer(HOLD)), CallEvent.Hold.class)
                .ref()
                .orElseThrow();
        call.onNews(new CallNews.Refused(Optional.of(hold), ErrorCode.WRONG_STATE, "no"));
        call.onNews(new CallNews.Answer(Optional.of("sip-2"), "web answer"));

        List<PhoneAction> again = call.onDialog(new TrunkEvent.Reoffer(HOLD));
        assertThat(told(again, CallEvent.Hold.class)).isNotNull();
    }

    @Test
    void aHoldWhoseDescriptionIsRefusedIsTakenBack() {
        PhoneCall call = PhoneCall.from(PHONE, false);
        call.onNews(new CallNews.Answer(Optional.empty(), "web answer"));
        call.onNews(new CallNews.Established());
        List<PhoneAction> asked = call.onDialog(new TrunkEvent.Reoffer(HOLD));
        String update = told(asked, CallEvent.Update.class).ref().orElseThrow();
        List<PhoneAction> refused =
                call.onNews(new CallNews.Refused(Optional.of(update), ErrorCode.BAD_SDP, "no description"));

        assertThat(refused).contains(new PhoneAction.RejectReoffer());
        assertThat(told(refused, CallEvent.Resume.class)).isNotNull();
    }

    private static <T extends CallEvent> T told(List<PhoneAction> actions, Class<T> kind) {
        return actions.stream()
                .filter(PhoneAction.ToCall.class::isInstance)
                .map(action -> ((PhoneAction.ToCall) action).event())
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind.getSimpleName() + " in " + actions));
    }

    @Test
    void aReInviteWithoutAnOfferHasOursAndItsAnswerComesInTheAck() {
        World world = World.talking();
        world.phone(new TrunkEvent.OfferWanted());
        assertThat(world.toPhone.getLast()).isEqualTo(new PhoneAction.AcceptReoffer("web offer"));
        world.phone(new TrunkEvent.AnswerInAck("answer"));
        assertThat(world.answersTaken).isEqualTo(1);
    }

    @Test
    void aCallWhoseMediaAreToBeRenewedIsOfferedToThePhoneAnew() {
        World world = World.talking();
        world.tell(new CallEvent.WebMediaWanted());
        assertThat(world.toPhone.getLast()).isEqualTo(new PhoneAction.Reoffer("web offer"));
        world.phone(new TrunkEvent.ReofferAnswered("answer"));
        assertThat(world.answersTaken).isEqualTo(1);
    }

    @Test
    void aTrunksHoldIsNothingThatIsNegotiatedWithThePhone() {
        World world = World.talking();
        world.toPhone.clear();
        world.tell(new CallEvent.TrunkHolds(true));
        world.tell(new CallEvent.TrunkHolds(false));
        assertThat(world.toPhone).isEmpty();
    }

    @Test
    void aDigitByInfoIsPressedAndItsReceiptsGoBackToAPhoneThatWantsThem() {
        World world = World.talking();
        world.phone(
                new TrunkEvent.InfoReceived(new InfoBody("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n")));
        assertThat(world.presses).containsExactly("5 160ms");
        world.news(new CallNews.Receipt(
                3,
                Optional.of("sip-1"),
                OptionalInt.of(0),
                new PressReceipt.Sent(DtmfRoad.RTP, Duration.ofMillis(160), 11, 17)));
        PhoneAction.Info info = (PhoneAction.Info) world.toPhone.getLast();
        assertThat(info.body().mediaType()).isEqualTo("application/vnd.ringdown.dtmf-receipt+json");
        assertThat(info.body().text()).isEqualTo("{\"press\":3,\"state\":\"sent\",\"road\":\"rtp\",\"duration\":160}");
    }

    @Test
    void aReferIsAcceptedOnceTheTrunkIsAskedAndItsProgressIsNotified() {
        World world = World.talking();
        world.phone(new TrunkEvent.Referred(ReferTarget.of("+12025550111")));
        assertThat(world.toPhone.getLast()).isEqualTo(new PhoneAction.AcceptRefer());
        world.trunk(new TrunkEvent.ReferProgress(180));
        assertThat(world.toPhone.getLast()).isEqualTo(new PhoneAction.ReferProgress(180));
        world.trunk(new TrunkEvent.ReferEnded(OptionalInt.of(200)));
        assertThat(world.toPhone)
                .endsWith(
                        new PhoneAction.ReferProgress(200),
                        new PhoneAction.HangUp(EndCause.TRANSFERRED.hangupReason()));
    }

    @Test
    void aTransferThatFailsIsNotifiedAndTheCallGoesOn() {
        World world = World.talking();
        world.phone(new TrunkEvent.Referred(ReferTarget.of("+12025550111")));
        world.trunk(new TrunkEvent.ReferEnded(OptionalInt.of(486)));
        assertThat(world.toPhone.getLast()).isEqualTo(new PhoneAction.ReferProgress(486));
        assertThat(world.phoneCall.stage()).isEqualTo(PhoneCall.Stage.TALKING);
    }

    @Test
    void aTransferThatMayNotBeIsARefusedRefer() {
        World world = World.talking();
        world.transfersTo = new TransferTarget.Refused(EndCause.NOT_PERMITTED);
        world.phone(new TrunkEvent.Referred(ReferTarget.of("+12025550111")));
        assertThat(world.toPhone.getLast()).isEqualTo(new PhoneAction.RejectRefer(403));
        world.transfersTo = new TransferTarget.Impossible("no");
        world.phone(new TrunkEvent.Referred(ReferTarget.of("+12025550111")));
        assertThat(world.toPhone.getLast()).isEqualTo(new PhoneAction.RejectRefer(501));
    }

    @Test
    void aPhoneThatIsAwayKeepsItsCallAndOneThatIsGivenUpLosesIt() {
        World world = World.talking();
        world.take(world.phoneCall.onAway(Duration.ZERO));
        world.media(new MediaEvent.WebSilent(Duration.ofSeconds(10), false));
        world.take(world.phoneCall.onBack());
        world.media(new MediaEvent.WebHeard());
        assertThat(world.call.state()).isEqualTo(Call.State.ESTABLISHED);
        world.take(world.phoneCall.onAway(Duration.ZERO));
        world.media(new MediaEvent.WebSilent(Duration.ofSeconds(10), false));
        world.phone(new TrunkEvent.Ended(OptionalInt.empty(), "gone"));
        assertThat(world.call.ending().orElseThrow().cause()).isEqualTo(EndCause.SOCKET_LOST);
    }

    /** Whatever phone, trunk and media do, in whatever order: both sides end, and each request has one answer. */
    @Test
    void phoneAndCallEndTogetherAndEveryRequestIsAnsweredOnce() {
        long seed = Long.getLong("seed", new Random().nextLong());
        for (int i = 0; i < 5_000; i++) {
            long one = seed + i;
            try {
                explore(one);
            } catch (AssertionError | RuntimeException broken) {
                fail("-Dseed=" + one + ": " + broken.getMessage(), broken);
            }
        }
    }

    private static void explore(long seed) {
        Random random = new Random(seed);
        World world = random.nextBoolean() ? World.calling() : World.called(PHONE, PAGE);
        world.isLawful = true;
        for (int step = 0; step < 40 && !world.isOver(); step++) {
            world.refusesAnswers = random.nextInt(8) == 0;
            world.transfersTo = switch (random.nextInt(4)) {
                case 0 -> new TransferTarget.Refused(EndCause.NOT_PERMITTED);
                case 1 -> new TransferTarget.Impossible("no");
                default -> new TransferTarget.Dialled(NUMBER);
            };
            switch (random.nextInt(12)) {
                case 0 -> world.trunk(new TrunkEvent.Progress(180, Optional.empty()));
                case 1 -> world.trunkAnswers();
                case 2 -> world.media(new MediaEvent.WebConnected());
                case 3 -> world.phoneAnswers(random.nextInt(4) > 0);
                case 4 -> world.reoffer(random.nextBoolean() ? HOLD : TALK);
                case 5 -> world.reoffer("");
                case 6 -> world.refer();
                case 7 -> world.trunkSays(random);
                case 8 ->
                    world.take(random.nextBoolean() ? world.phoneCall.onAway(Duration.ZERO) : world.phoneCall.onBack());
                case 9 -> world.tell(new CallEvent.WebMediaWanted());
                case 10 -> world.phoneAnswersOurs(random.nextBoolean());
                default -> world.pass(Duration.ofMillis(random.nextInt(3_000)));
            }
        }
        if (!world.isOver()) {
            if (random.nextBoolean()) {
                world.tell(new CallEvent.Shutdown());
            } else {
                world.phoneEnds();
                world.tell(new CallEvent.Shutdown());
            }
        }
        assertThat(world.isOver()).as("%s", world.story).isTrue();
        assertThat(world.phoneCall.stage()).as("%s", world.story).isEqualTo(PhoneCall.Stage.OVER);
        assertThat(world.isDialogOver).as("the dialog is over: %s", world.story).isTrue();
    }

    /** The call, the phone's call, and what is around both. */
    private static final class World {
        final Call call = new Call(new CallId("0123456789abcdef0123456789abcdef"), CallSettings.defaults());
        final PhoneCall phoneCall;
        final List<PhoneAction> toPhone = new ArrayList<>();
        final List<String> presses = new ArrayList<>();
        final List<String> story = new ArrayList<>();
        private final Deque<CallEvent> events = new ArrayDeque<>();
        private final boolean isCalled;
        private boolean isRunning;
        private long now;
        int invitesToTrunk;
        int answersTaken;
        boolean trunkAccepted;
        boolean isHeld;
        boolean refusesAnswers;
        TransferTarget transfersTo = new TransferTarget.Dialled(NUMBER);

        // What the phone has asked and not been answered, and whether its dialog is over.
        boolean isLawful;
        boolean isReofferOpen;
        boolean isAckAwaited;
        boolean isOursOpen;
        boolean isReferOpen;
        boolean isInvited;
        boolean isAnswered;
        boolean isDialogOver;
        boolean isTrunkReferred;
        boolean isTrunkOffered;

        private World(PhoneCall phoneCall, boolean isCalled) {
            this.phoneCall = phoneCall;
            this.isCalled = isCalled;
        }

        static World calling() {
            World world = new World(PhoneCall.from(PHONE, true), false);
            world.isInvited = true;
            world.tell(new CallEvent.Dial(
                    PHONE, Optional.empty(), NUMBER, Caller.UNSAID, "offer", CallRoute.over(List.of("t0"))));
            return world;
        }

        static World called(ClientId... rung) {
            World world = new World(PhoneCall.to(PHONE, true), true);
            SequencedSet<ClientId> clients = new LinkedHashSet<>(List.of(rung));
            world.tell(new CallEvent.Invited(
                    new InboundInvite("t0", "+1", Optional.of("+44"), Optional.empty(), Optional.of("trunk offer")),
                    NUMBER,
                    RingPlan.together(clients)));
            return world;
        }

        static World talking() {
            World world = calling();
            world.media(new MediaEvent.WebConnected());
            world.trunk(new TrunkEvent.Answered(Optional.of("answer")));
            assertThat(world.phoneCall.stage()).isEqualTo(PhoneCall.Stage.TALKING);
            return world;
        }

        boolean isOver() {
            return call.state() == Call.State.ENDED;
        }

        void trunk(TrunkEvent event) {
            tell(new CallEvent.Trunk(0, event));
        }

        void media(MediaEvent event) {
            tell(new CallEvent.Media(event));
        }

        void phone(TrunkEvent event) {
            story.add("phone: " + event);
            take(phoneCall.onDialog(event));
        }

        void news(CallNews news) {
            take(phoneCall.onNews(news));
        }

        void pass(Duration time) {
            long until = now + time.toNanos();
            OptionalLong wakeup = call.nextWakeup();
            while (wakeup.isPresent() && wakeup.getAsLong() <= until) {
                now = Math.max(now, wakeup.getAsLong());
                tell(new CallEvent.Tick());
                wakeup = call.nextWakeup();
            }
            now = until;
        }

        // ---- a phone that keeps to SIP

        void phoneAnswers(boolean isYes) {
            if (isCalled && isInvited && !isAnswered && !isDialogOver) {
                isAnswered = isYes;
                if (!isYes) {
                    isDialogOver = true;
                }
                phone(
                        isYes
                                ? new TrunkEvent.Answered(Optional.of("answer"))
                                : new TrunkEvent.Failed(new TrunkFailure.Refused(486, OptionalInt.empty())));
            }
        }

        private boolean isUp() {
            return isAnswered && !isDialogOver;
        }

        void reoffer(String sdp) {
            if (isUp() && !isReofferOpen && !isAckAwaited && !isOursOpen) {
                isReofferOpen = true;
                isAckAwaited = sdp.isEmpty();
                phone(sdp.isEmpty() ? new TrunkEvent.OfferWanted() : new TrunkEvent.Reoffer(sdp));
                if (isAckAwaited && !isReofferOpen) {
                    isAckAwaited = false;
                    phone(new TrunkEvent.AnswerInAck("answer"));
                }
            }
        }

        void phoneAnswersOurs(boolean isYes) {
            if (isUp() && isOursOpen) {
                isOursOpen = false;
                phone(isYes ? new TrunkEvent.ReofferAnswered("a") : new TrunkEvent.ReofferRefused(OptionalInt.of(488)));
            }
        }

        void refer() {
            if (isUp() && !isReferOpen) {
                isReferOpen = true;
                phone(new TrunkEvent.Referred(ReferTarget.of("+12025550111")));
            }
        }

        void phoneEnds() {
            if (isUp()) {
                isDialogOver = true;
                phone(new TrunkEvent.Ended(OptionalInt.empty(), "BYE"));
            }
        }

        // ---- a trunk that keeps to SIP

        void trunkAnswers() {
            if (!isCalled && invitesToTrunk == 1 && call.state().compareTo(Call.State.ESTABLISHED) < 0) {
                trunk(new TrunkEvent.Answered(Optional.of("answer")));
            }
        }

        void trunkSays(Random random) {
            if (isTrunkOffered) {
                isTrunkOffered = false;
                trunk(
                        random.nextBoolean()
                                ? new TrunkEvent.ReofferAnswered("answer")
                                : new TrunkEvent.ReofferRefused(OptionalInt.of(488)));
            } else if (isTrunkReferred) {
                isTrunkReferred = false;
                trunk(new TrunkEvent.ReferEnded(random.nextBoolean() ? OptionalInt.of(200) : OptionalInt.of(486)));
            }
        }

        // ---- both machines and their rooms

        void tell(CallEvent event) {
            events.add(event);
            if (isRunning) {
                return;
            }
            isRunning = true;
            while (!events.isEmpty()) {
                CallEvent next = events.poll();
                story.add(next.toString());
                call.on(next, now).forEach(this::perform);
            }
            isRunning = false;
        }

        private void perform(CallAction action) {
            story.add("  " + action);
            switch (action) {
                case CallAction.Tell tell -> {
                    if (tell.client().equals(PHONE)) {
                        take(phoneCall.onNews(tell.news()));
                    }
                }
                case CallAction.AnswerWeb web -> events.add(new CallEvent.WebAnswered(web.ref(), "web answer"));
                case CallAction.OfferWeb web -> events.add(new CallEvent.WebOffered(web.client(), "web offer"));
                case CallAction.TakeWebAnswer _ -> {
                    answersTaken++;
                    events.add(
                            refusesAnswers
                                    ? new CallEvent.WebRefused(Optional.empty(), "no")
                                    : new CallEvent.WebAnswerTaken());
                }
                case CallAction.TakeChannel take -> events.add(new CallEvent.ChannelTaken(take.attempt()));
                case CallAction.OfferTrunk offer -> events.add(new CallEvent.TrunkOffered(offer.attempt(), "offer"));
                case CallAction.Invite _ -> invitesToTrunk++;
                case CallAction.TakeTrunkAnswer take -> events.add(new CallEvent.TrunkAnswerTaken(take.attempt()));
                case CallAction.AnswerTrunk _ -> events.add(new CallEvent.TrunkOfferAnswered("answer"));
                case CallAction.AcceptTrunk _ -> trunkAccepted = true;
                case CallAction.HoldMedia _ -> isHeld = true;
                case CallAction.ResumeMedia _ -> isHeld = false;
                case CallAction.TakeHoldAnswer _ -> events.add(new CallEvent.HoldAnswerTaken(0));
                case CallAction.OfferHold _ -> isTrunkOffered = true;
                case CallAction.Refer _ -> isTrunkReferred = true;
                case CallAction.Press press ->
                    presses.add(press.strokes().stream()
                                    .map(stroke ->
                                            ((Stroke.Press) stroke).digit().character())
                                    .map(String::valueOf)
                                    .reduce("", String::concat)
                            + " " + press.length().toMillis() + "ms");
                default -> {}
            }
        }

        void take(List<PhoneAction> actions) {
            for (PhoneAction action : actions) {
                story.add("    " + action.getClass().getSimpleName());
                if (action instanceof PhoneAction.ToCall told) {
                    tell(told.event());
                } else if (action instanceof PhoneAction.Transfer wanted) {
                    tell(new CallEvent.Transfer(PHONE, Optional.of(wanted.ref()), transfersTo));
                } else {
                    if (!(action instanceof PhoneAction.Forget)) {
                        toPhone.add(action);
                    }
                    if (isLawful) {
                        hold(action);
                    }
                    follow(action);
                }
            }
        }

        /** What SIP lets us say to the phone just now. */
        private void hold(PhoneAction action) {
            switch (action) {
                case PhoneAction.Invite _ ->
                    assertThat(isInvited).as("%s", story).isFalse();
                case PhoneAction.Ring _, PhoneAction.Progress _, PhoneAction.Answer _, PhoneAction.Reject _ -> {
                    assertThat(isCalled).as("%s", story).isFalse();
                    assertThat(isAnswered || isDialogOver)
                            .as("before a final response: %s", story)
                            .isFalse();
                }
                case PhoneAction.HangUp _ ->
                    assertThat(isInvited && !isDialogOver).as("%s", story).isTrue();
                case PhoneAction.AcceptReoffer _, PhoneAction.RejectReoffer _, PhoneAction.DeferReoffer _ ->
                    assertThat(isReofferOpen && isUp())
                            .as("it has offered: %s", story)
                            .isTrue();
                case PhoneAction.Reoffer _ ->
                    assertThat(isUp() && !isOursOpen)
                            .as("one of ours at a time: %s", story)
                            .isTrue();
                case PhoneAction.AcceptRefer _, PhoneAction.RejectRefer _ ->
                    assertThat(isReferOpen && isUp())
                            .as("it has referred: %s", story)
                            .isTrue();
                case PhoneAction.ReferProgress _, PhoneAction.Info _ ->
                    assertThat(isUp()).as("%s", story).isTrue();
                case PhoneAction.Forget _ -> assertThat(phoneCall.stage()).isEqualTo(PhoneCall.Stage.OVER);
                case PhoneAction.ToCall _, PhoneAction.Transfer _ ->
                    throw new IllegalStateException("not to the phone");
            }
        }

        private void follow(PhoneAction action) {
            switch (action) {
                case PhoneAction.Invite _ -> isInvited = true;
                case PhoneAction.Answer _ -> isAnswered = true;
                case PhoneAction.Reject _, PhoneAction.HangUp _ -> isDialogOver = true;
                case PhoneAction.AcceptReoffer _ -> isReofferOpen = false;
                case PhoneAction.RejectReoffer _, PhoneAction.DeferReoffer _ -> {
                    isReofferOpen = false;
                    isAckAwaited = false;
                }
                case PhoneAction.Reoffer _ -> isOursOpen = true;
                case PhoneAction.RejectRefer _ -> isReferOpen = false;
                case PhoneAction.ReferProgress progress -> isReferOpen &= progress.status() < 200;
                case PhoneAction.Forget _ -> isDialogOver |= !isInvited;
                default -> {}
            }
        }
    }
}
