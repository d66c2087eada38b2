package io.ringdown.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.dtmf.DtmfRoad;
import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.media.MediaEvent;
import io.ringdown.sip.InboundInvite;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CallTest {
    private static final ClientId ANN = new ClientId("ann", ClientId.Road.SOCKET);
    private static final ClientId BOB = new ClientId("bob", ClientId.Road.SOCKET);
    private static final ClientId DEVICE = new ClientId("device", ClientId.Road.HTTP);
    private static final PhoneNumber NUMBER = new PhoneNumber("+12025550100");
    private static final CallId ID = new CallId("0123456789abcdef0123456789abcdef");
    private static final Duration RELOAD = Duration.ofSeconds(10);

    private Call call = new Call(ID, CallSettings.defaults());
    private final List<CallAction> done = new ArrayList<>();
    private long now = -5_000_000_000L; // clocks may stand below zero

    @Test
    void inviteWaitsForIceAndDtls() {
        dial("a");
        assertThat(done(CallAction.Invite.class)).isEmpty();
        on(new CallEvent.Media(new MediaEvent.WebConnected()));
        assertThat(done(CallAction.Invite.class)).hasSize(1);
        assertThat(call.state()).isEqualTo(Call.State.DIALLING);
    }

    @Test
    void inviteLeavesAtOnceWhereConfigured() {
        call = new Call(ID, CallSettings.defaults().withDial(CallSettings.Dial.AT_ONCE));
        dial("a");
        assertThat(done(CallAction.Invite.class)).hasSize(1);
        trunk(new TrunkEvent.Answered(Optional.of("sdp")));
        after(Duration.ofSeconds(8));
        assertThat(cause()).isEqualTo(EndCause.MEDIA_UNREACHABLE);
        assertThat(done(CallAction.HangUpTrunk.class)).hasSize(1);
    }

    @Test
    void noPhoneRingsWhenMediaDoNotConnectInTime() {
        dial("a");
        after(Duration.ofMillis(7_999));
        assertThat(call.state()).isEqualTo(Call.State.CONNECTING);
        after(Duration.ofMillis(1));
        assertThat(cause()).isEqualTo(EndCause.MEDIA_UNREACHABLE);
        assertThat(done(CallAction.Invite.class)).isEmpty();
        assertThat(call.ending().orElseThrow().hint()).isPresent();
    }

    @Test
    void onlyWhatTheTrunkSaidIsTold() {
        dialled("a");
        trunk(new TrunkEvent.Trying());
        trunk(new TrunkEvent.Trying());
        trunk(new TrunkEvent.Progress(180, Optional.empty()));
        trunk(new TrunkEvent.Progress(180, Optional.empty()));
        trunk(new TrunkEvent.Progress(183, Optional.of("sdp")));
        trunk(new TrunkEvent.Progress(180, Optional.empty()));
        trunk(new TrunkEvent.Answered(Optional.of("sdp")));
        assertThat(told(ANN))
                .filteredOn(news -> !(news instanceof CallNews.Answer))
                .containsExactly(
                        new CallNews.Progress(CallNews.Progress.Stage.TRYING, OptionalInt.of(100)),
                        new CallNews.Progress(CallNews.Progress.Stage.RINGING, OptionalInt.of(180)),
                        new CallNews.Progress(CallNews.Progress.Stage.EARLY_MEDIA, OptionalInt.of(183)),
                        new CallNews.Established());
    }

    @Test
    void nextTrunkIsTriedWhenOneIsSilentUnreachableOrFails() {
        for (TrunkFailure failure : List.of(
                new TrunkFailure.Silent(),
                new TrunkFailure.Unreachable("refused"),
                new TrunkFailure.Unauthorized(403),
                new TrunkFailure.Refused(503, OptionalInt.empty()),
                new TrunkFailure.Refused(500, OptionalInt.empty()),
                new TrunkFailure.Refused(408, OptionalInt.empty()))) {
            fresh();
            dialled("a", "b");
            trunk(new TrunkEvent.Failed(failure));
            assertThat(done(CallAction.Invite.class))
                    .as(failure.toString())
                    .extracting(CallAction.Invite::trunk)
                    .containsExactly("a", "b");
        }
    }

    @Test
    void anAnswerToTheCallIsNotTriedElsewhere() {
        for (int status : new int[] {486, 600, 603, 607, 404, 403, 480, 487, 488}) {
            fresh();
            dialled("a", "b");
            trunk(new TrunkEvent.Failed(new TrunkFailure.Refused(status, OptionalInt.empty())));
            assertThat(done(CallAction.Invite.class)).as("" + status).hasSize(1);
            assertThat(call.ending().orElseThrow().sip()).hasValue(status);
        }
    }

    @Test
    void nothingIsTriedElsewhereAfterMediaFlowed() {
        dialled("a", "b");
        trunk(new TrunkEvent.Progress(183, Optional.of("sdp")));
        trunk(new TrunkEvent.Failed(new TrunkFailure.Refused(503, OptionalInt.empty())));
        assertThat(done(CallAction.Invite.class)).hasSize(1);
        assertThat(cause()).isEqualTo(EndCause.CONGESTION);
    }

    @Test
    void lateNewsOfAnAbandonedTrunkChangeNothing() {
        dialled("a", "b");
        trunk(new TrunkEvent.Failed(new TrunkFailure.Silent()));
        on(new CallEvent.Trunk(0, new TrunkEvent.Answered(Optional.of("late"))));
        assertThat(call.state()).isEqualTo(Call.State.DIALLING);
        assertThat(done(CallAction.TakeTrunkAnswer.class)).isEmpty();
    }

    @Test
    void hangUpDuringSetUpCancelsOnceAndAnAnswerThatCrossesItIsLeftToSip() {
        dialled("a");
        on(new CallEvent.HangUp(ANN, Optional.empty()));
        trunk(new TrunkEvent.Answered(Optional.of("sdp")));
        trunk(new TrunkEvent.Ended(OptionalInt.empty(), ""));
        assertThat(cause()).isEqualTo(EndCause.CANCELLED);
        assertThat(done(CallAction.HangUpTrunk.class)).hasSize(1);
        assertThat(done.getLast()).isInstanceOf(CallAction.Finish.class);
    }

    @Test
    void establishedIsToldOnlyWhenTheTrunksAnswerFits() {
        dialled("a");
        accept = false;
        trunk(new TrunkEvent.Answered(Optional.of("video only")));
        assertThat(told(ANN)).noneMatch(CallNews.Established.class::isInstance);
        assertThat(cause()).isEqualTo(EndCause.MEDIA_NOT_ACCEPTABLE);
        assertThat(done(CallAction.HangUpTrunk.class)).hasSize(1);
    }

    @Test
    void answerWithoutSdpStandsOnThatOfTheProgress() {
        dialled("a");
        trunk(new TrunkEvent.Progress(183, Optional.of("sdp")));
        trunk(new TrunkEvent.Answered(Optional.empty()));
        assertThat(call.state()).isEqualTo(Call.State.ESTABLISHED);
    }

    @Test
    void lostSocketEndsACallThatIsStillBeingSetUp() {
        dialled("a");
        on(new CallEvent.ClientGone(ANN));
        assertThat(cause()).isEqualTo(EndCause.SOCKET_LOST);
    }

    @Test
    void establishedCallOutlivesItsSocketUntilTheBrowserIsSilentForTenSeconds() {
        established();
        on(new CallEvent.ClientGone(ANN));
        assertThat(call.state()).isEqualTo(Call.State.ESTABLISHED);
        on(new CallEvent.Media(new MediaEvent.WebSilent(Duration.ofSeconds(10), false)));
        assertThat(cause()).isEqualTo(EndCause.SOCKET_LOST);
    }

    @Test
    void whoIsAwayIsWaitedForWhileTheCallIsSetUp() {
        dialled("a");
        on(new CallEvent.ClientAway(ANN, RELOAD));
        trunk(new TrunkEvent.Progress(180, Optional.empty()));
        on(new CallEvent.ClientBack(ANN));
        trunk(new TrunkEvent.Answered(Optional.of("sdp")));
        assertThat(call.state()).isEqualTo(Call.State.ESTABLISHED);

        fresh();
        invited(ANN, BOB);
        on(new CallEvent.ClientAway(ANN, RELOAD));
        on(new CallEvent.Reject(BOB, Optional.empty(), true));
        assertThat(call.state()).isEqualTo(Call.State.OFFERED);
        on(new CallEvent.Accept(ANN, Optional.empty(), "offer"));
        assertThat(call.owner()).contains(ANN);
    }

    @Test
    void whoIsGoneWhileItRingsFindsItOverWhenItComesBack() {
        invited(ANN, BOB);
        on(new CallEvent.ClientGone(ANN));
        assertThat(told(ANN)).last().isEqualTo(new CallNews.Over(Optional.empty(), Ending.of(EndCause.SOCKET_LOST)));
        assertThat(call.state()).isEqualTo(Call.State.OFFERED);
    }

    @Test
    void silentBrowserThatIsAwayHasThirtySecondsToo() {
        established();
        on(new CallEvent.ClientAway(ANN, RELOAD));
        on(new CallEvent.Media(new MediaEvent.WebSilent(Duration.ofSeconds(10), false)));
        assertThat(call.state()).isEqualTo(Call.State.ESTABLISHED);
        on(new CallEvent.Media(new MediaEvent.WebSilent(Duration.ofSeconds(30), true)));
        assertThat(cause()).isEqualTo(EndCause.SOCKET_LOST);
        assertThat(call.ending().orElseThrow().detail())
                .hasValueSatisfying(seen -> assertThat(seen).contains("fell silent"));
    }

    @Test
    void closedPageHasTheTimeOfAReloadToBeBackInEitherOrder() {
        established();
        on(new CallEvent.ClientAway(ANN, RELOAD));
        on(new CallEvent.Media(new MediaEvent.WebClosed()));
        after(RELOAD.minusMillis(1));
        assertThat(call.state()).isEqualTo(Call.State.ESTABLISHED);
        after(Duration.ofMillis(1));
        assertThat(cause()).isEqualTo(EndCause.SOCKET_LOST);
        assertThat(call.ending().orElseThrow().detail())
                .hasValueSatisfying(seen -> assertThat(seen).contains("closed"));

        fresh();
        established();
        on(new CallEvent.Media(new MediaEvent.WebClosed()));
        on(new CallEvent.ClientAway(ANN, RELOAD));
        after(RELOAD.minusMillis(1));
        on(new CallEvent.ClientBack(ANN));
        after(RELOAD);
        assertThat(call.state()).isEqualTo(Call.State.ESTABLISHED);
    }

    @Test
    void closeOfTheOldPageThatIsToldAfterTheAnswerSaysNothingOfTheNewOne() {
        established();
        on(new CallEvent.Update(ANN, Optional.empty(), "offer"));
        on(new CallEvent.Media(new MediaEvent.WebClosed()));
        on(new CallEvent.Media(new MediaEvent.WebConnected()));
        on(new CallEvent.ClientAway(ANN, RELOAD));
        after(RELOAD);
        assertThat(call.state()).isEqualTo(Call.State.ESTABLISHED);
    }

    @Test
    void answerToWhoClosedItsPageIsNoPageUntilItIsConnected() {
        established();
        on(new CallEvent.Media(new MediaEvent.WebClosed()));
        on(new CallEvent.Update(ANN, Optional.empty(), "offer"));
        on(new CallEvent.ClientAway(ANN, RELOAD));
        after(RELOAD);
        assertThat(cause()).isEqualTo(EndCause.SOCKET_LOST);
    }

    @Test
    void whoComesBackAtTheLastMomentHasTimeToBeHeardButNotForEver() {
        established();
        on(new CallEvent.ClientAway(ANN, RELOAD));
        on(new CallEvent.Media(new MediaEvent.WebSilent(Duration.ofSeconds(10), false)));
        on(new CallEvent.ClientBack(ANN));
        on(new CallEvent.Media(new MediaEvent.WebSilent(Duration.ofSeconds(30), true)));
        assertThat(call.state()).isEqualTo(Call.State.ESTABLISHED);
        after(CallSettings.defaults().connectTimeout());
        assertThat(cause()).isEqualTo(EndCause.MEDIA_LOST);
    }

    @Test
    void whoComesAgainAndAgainHasNoMoreTimeToBeHeard() {
        established();
        on(new CallEvent.Media(new MediaEvent.WebSilent(Duration.ofSeconds(10), false)));
        on(new CallEvent.ClientBack(ANN));
        on(new CallEvent.Media(new MediaEvent.WebSilent(Duration.ofSeconds(30), true)));
        for (int i = 0; i < 4 && call.state() == Call.State.ESTABLISHED; i++) {
            after(CallSettings.defaults().connectTimeout().dividedBy(4));
            on(new CallEvent.ClientBack(ANN));
        }
        assertThat(cause()).isEqualTo(EndCause.MEDIA_LOST);
    }

    @Test
    void callFromItsWrittenStateAsksForMediaUntilItHasAnOffer() {
        established();
        on(new CallEvent.WebMediaWanted());
        assertThat(told(ANN)).last().isEqualTo(new CallNews.Renew());
        assertThat(call.face().mediaWanted()).isTrue();
        on(new CallEvent.Update(ANN, Optional.empty(), "offer"));
        assertThat(call.face().mediaWanted()).isFalse();
    }

    @Test
    void silentBrowserWithItsSocketHasThirtySeconds() {
        established();
        on(new CallEvent.Media(new MediaEvent.WebSilent(Duration.ofSeconds(10), false)));
        on(new CallEvent.Media(new MediaEvent.WebHeard()));
        on(new CallEvent.Media(new MediaEvent.WebSilent(Duration.ofSeconds(10), false)));
        assertThat(call.state()).isEqualTo(Call.State.ESTABLISHED);
        on(new CallEvent.Media(new MediaEvent.WebSilent(Duration.ofSeconds(30), true)));
        assertThat(cause()).isEqualTo(EndCause.MEDIA_LOST);
    }

    @Test
    void silenceThatEndsWithANewOfferIsOverOnceTheBrowserIsHeard() {
        established();
        on(new CallEvent.Media(new MediaEvent.WebSilent(Duration.ofSeconds(10), false)));
        on(new CallEvent.Update(ANN, Optional.empty(), "offer"));
        on(new CallEvent.Media(new MediaEvent.WebSilent(Duration.ofSeconds(10), false)));
        assertThat(call.state()).as("its time began anew").isEqualTo(Call.State.ESTABLISHED);
        on(new CallEvent.Media(new MediaEvent.WebHeard()));
        on(new CallEvent.ClientGone(ANN));
        assertThat(call.state()).isEqualTo(Call.State.ESTABLISHED);
    }

    @Test
    void callFromItsWrittenStateForgetsTheSilenceBefore() {
        established();
        on(new CallEvent.Media(new MediaEvent.WebSilent(Duration.ofSeconds(10), false)));
        on(new CallEvent.WebMediaWanted());
        on(new CallEvent.ClientGone(ANN));
        assertThat(call.state()).isEqualTo(Call.State.ESTABLISHED);
    }

    @Test
    void closedDtlsEndsTheCallWhenTheSocketIsGoneTooInEitherOrder() {
        established();
        on(new CallEvent.Media(new MediaEvent.WebClosed()));
        assertThat(call.state()).isEqualTo(Call.State.ESTABLISHED);
        on(new CallEvent.ClientGone(ANN));
        assertThat(cause()).isEqualTo(EndCause.SOCKET_LOST);

        fresh();
        established();
        on(new CallEvent.ClientGone(ANN));
        on(new CallEvent.Media(new MediaEvent.WebClosed()));
        assertThat(cause()).isEqualTo(EndCause.SOCKET_LOST);
    }

    @Test
    void httpCallEndsWithItsDtlsBecauseItHasNoSocket() {
        on(new CallEvent.Dial(DEVICE, Optional.empty(), NUMBER, Caller.UNSAID, "offer", CallRoute.over(List.of("a"))));
        on(new CallEvent.Media(new MediaEvent.WebConnected()));
        trunk(new TrunkEvent.Answered(Optional.of("sdp")));
        on(new CallEvent.Media(new MediaEvent.WebClosed()));
        assertThat(cause()).isEqualTo(EndCause.NORMAL);
    }

    @Test
    void silentTrunkEndsBoth() {
        established();
        on(new CallEvent.Media(new MediaEvent.TrunkSilent()));
        assertThat(cause()).isEqualTo(EndCause.TRUNK_SILENT);
        assertThat(done(CallAction.HangUpTrunk.class)).hasSize(1);
        assertThat(done(CallAction.CloseMedia.class)).hasSize(1);
    }

    @Test
    void reofferThatCannotBeCarriedIsRefusedAndTheCallLives() {
        established();
        accept = false;
        trunk(new TrunkEvent.Reoffer("video"));
        assertThat(done(CallAction.RejectReoffer.class)).hasSize(1);
        assertThat(call.state()).isEqualTo(Call.State.ESTABLISHED);
        accept = true;
        trunk(new TrunkEvent.Reoffer("audio"));
        assertThat(done(CallAction.AcceptReoffer.class)).hasSize(1);
    }

    @Test
    void withoutAPortTheInviteIsRefusedAsOverloadAndACallThatIsUpGoesOn() {
        portLeft = false;
        invited(ANN);
        on(new CallEvent.Accept(ANN, Optional.empty(), "offer"));
        on(new CallEvent.Media(new MediaEvent.WebConnected()));
        assertThat(cause()).isEqualTo(EndCause.OVERLOADED);
        assertThat(done(CallAction.RejectTrunk.class))
                .extracting(reject -> reject.rejection().status())
                .containsExactly(503);
        fresh();
        established();
        portLeft = false;
        trunk(new TrunkEvent.Reoffer("audio"));
        assertThat(done(CallAction.RejectReoffer.class)).hasSize(1);
        assertThat(call.state()).isEqualTo(Call.State.ESTABLISHED);
    }

    @Test
    void reinviteWithoutOfferGetsOursAndAnAnswerThatDoesNotFitChangesNothing() {
        established();
        trunk(new TrunkEvent.OfferWanted());
        assertThat(done(CallAction.AcceptReoffer.class)).hasSize(1);
        accept = false;
        trunk(new TrunkEvent.AnswerInAck("video"));
        assertThat(done(CallAction.TakeTrunkAnswer.class)).hasSize(2);
        assertThat(call.state()).isEqualTo(Call.State.ESTABLISHED);
    }

    @Test
    void trunkThatAnswersARefreshInAnotherWayIsFollowedAndOneThatDoesNotFitChangesNothing() {
        established();
        trunk(new TrunkEvent.RefreshAnswered("moved"));
        assertThat(done(CallAction.TakeRefresh.class)).containsExactly(new CallAction.TakeRefresh(0, "moved"));
        accept = false;
        trunk(new TrunkEvent.RefreshAnswered("video"));
        assertThat(done(CallAction.TakeRefresh.class)).hasSize(2);
        assertThat(call.state()).isEqualTo(Call.State.ESTABLISHED);
    }

    @Test
    void updateThatCannotBeAnsweredIsRefusedAndTheCallLives() {
        established();
        accept = false;
        on(new CallEvent.Update(ANN, Optional.of("u"), "video"));
        assertThat(told(ANN).getLast())
                .isInstanceOfSatisfying(
                        CallNews.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.BAD_SDP));
        assertThat(call.state()).isEqualTo(Call.State.ESTABLISHED);
    }

    @Test
    void incomingCallIsAnsweredToTheTrunkOnlyWhenTheBrowserIsConnected() {
        invited(ANN);
        assertThat(done(CallAction.RingTrunk.class)).hasSize(1);
        on(new CallEvent.Accept(ANN, Optional.empty(), "offer"));
        assertThat(done(CallAction.AcceptTrunk.class)).isEmpty();
        on(new CallEvent.Media(new MediaEvent.WebConnected()));
        assertThat(done(CallAction.AcceptTrunk.class)).hasSize(1);
        assertThat(call.state()).isEqualTo(Call.State.ESTABLISHED);
        assertThat(told(ANN).getLast()).isEqualTo(new CallNews.Established());
    }

    @Test
    void whoTakesACallWithTheAnswerToOurOfferIsToldThatItHasItBeforeItsMediaRun() {
        invited(ANN, BOB);
        on(new CallEvent.WebOfferWanted(ANN));
        on(new CallEvent.AcceptWithAnswer(ANN, "answer"));
        assertThat(told(ANN)).doesNotContain(new CallNews.Accepted());
        on(new CallEvent.WebAnswerTaken());
        assertThat(told(ANN).getLast()).isEqualTo(new CallNews.Accepted());
        on(new CallEvent.Media(new MediaEvent.WebConnected()));
        assertThat(told(ANN).getLast()).isEqualTo(new CallNews.Established());
        assertThat(told(ANN)).containsOnlyOnce(new CallNews.Accepted());
    }

    @Test
    void firstAcceptWinsAndTheOthersAreTold() {
        invited(ANN, BOB);
        on(new CallEvent.Accept(BOB, Optional.empty(), "offer"));
        on(new CallEvent.Accept(ANN, Optional.of("late"), "offer"));
        assertThat(told(ANN))
                .anyMatch(news ->
                        news instanceof CallNews.Over over && over.ending().cause() == EndCause.ANSWERED_ELSEWHERE);
        assertThat(told(ANN).getLast())
                .isInstanceOfSatisfying(
                        CallNews.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.WRONG_STATE));
        assertThat(call.owner()).contains(BOB);
    }

    @Test
    void badOfferOfAnAcceptLeavesTheCallRinging() {
        invited(ANN, BOB);
        accept = false;
        on(new CallEvent.Accept(ANN, Optional.empty(), "rubbish"));
        assertThat(call.state()).isEqualTo(Call.State.OFFERED);
        accept = true;
        on(new CallEvent.Accept(BOB, Optional.empty(), "offer"));
        assertThat(call.owner()).contains(BOB);
    }

    @ParameterizedTest
    @CsvSource({
        "busy busy, 486",
        "busy declined, 603",
        "declined busy, 603",
        "gone busy, 486",
        "declined gone, 603",
        "gone gone, 480",
        "silent busy, 480",
        "declined silent, 480",
    })
    void onesNoIsNoAnswerForTheOthersAndAllOfThemTogetherGiveOne(String said, int status) {
        invitedInOrder(ANN, BOB);
        say(ANN, said.split(" ", -1)[0]);
        assertThat(call.state()).isEqualTo(Call.State.OFFERED);
        say(BOB, said.split(" ", -1)[1]);
        assertThat(done(CallAction.RejectTrunk.class))
                .singleElement()
                .satisfies(reject -> assertThat(reject.rejection().status()).isEqualTo(status));
    }

    private void say(ClientId client, String word) {
        switch (word) {
            case "busy" -> on(new CallEvent.Reject(client, Optional.empty(), true));
            case "declined" -> on(new CallEvent.Reject(client, Optional.empty(), false));
            case "gone" -> on(new CallEvent.ClientGone(client));
            default ->
                after(
                        client.equals(ANN)
                                ? Duration.ofSeconds(10)
                                : CallSettings.defaults().ringTimeout());
        }
    }

    @Test
    void oneWhoDeclinesLeavesTheOthersRinging() {
        invited(ANN, BOB);
        on(new CallEvent.Reject(ANN, Optional.empty(), false));
        assertThat(call.state()).isEqualTo(Call.State.OFFERED);
        on(new CallEvent.Accept(BOB, Optional.empty(), "offer"));
        assertThat(call.owner()).contains(BOB);
    }

    @Test
    void inOrderEachRingsForItsTimeAndIsToldThatItIsOver() {
        invitedInOrder(ANN, BOB);
        assertThat(told(BOB)).isEmpty();
        after(Duration.ofMillis(9_999));
        assertThat(told(ANN)).hasSize(1);
        after(Duration.ofMillis(1));
        assertThat(told(ANN)).last().isEqualTo(new CallNews.Over(Optional.empty(), Ending.of(EndCause.NO_ANSWER)));
        assertThat(told(BOB)).singleElement().isInstanceOf(CallNews.Incoming.class);
        on(new CallEvent.Accept(ANN, Optional.of("late"), "offer"));
        assertThat(call.owner()).isEmpty();
        on(new CallEvent.Accept(BOB, Optional.empty(), "offer"));
        after(Duration.ofSeconds(7)); // the stage's time would be over meanwhile
        assertThat(call.owner()).contains(BOB);
        assertThat(call.state()).isEqualTo(Call.State.CONNECTING);
    }

    @Test
    void ruleSaysHowLongItRingsInAll() {
        on(new CallEvent.Invited(
                new InboundInvite("a", "+1", Optional.empty(), Optional.empty(), Optional.of("offer")),
                NUMBER,
                new RingPlan(
                        List.of(new LinkedHashSet<>(List.of(ANN))),
                        Duration.ofSeconds(10),
                        Optional.of(Duration.ofSeconds(20)))));
        after(Duration.ofMillis(19_999));
        assertThat(call.state()).isEqualTo(Call.State.OFFERED);
        after(Duration.ofMillis(1));
        assertThat(cause()).isEqualTo(EndCause.NO_ANSWER);
    }

    @Test
    void fullTrunkIsPassedOverAndWhenAllAreFullTheNetworkIsBusy() {
        full.add("a");
        dialled("a", "b");
        assertThat(done(CallAction.Invite.class))
                .extracting(CallAction.Invite::trunk)
                .containsExactly("b");
        fresh();
        full.addAll(List.of("a", "b"));
        dialled("a", "b");
        assertThat(done(CallAction.Invite.class)).isEmpty();
        assertThat(cause()).isEqualTo(EndCause.CONGESTION);
        assertThat(call.ending().orElseThrow().hint())
                .hasValueSatisfying(hint -> assertThat(hint).contains("in use"));
    }

    @Test
    void whatATrunkSaidCountsMoreThanThatTheNextOneIsFull() {
        full.add("b");
        dialled("a", "b");
        trunk(new TrunkEvent.Failed(new TrunkFailure.Unauthorized(403)));
        assertThat(cause()).isEqualTo(EndCause.TRUNK_UNAUTHORIZED);
    }

    @Test
    void callForHelpFindsALineOnAFullTrunkAndGoesOnAfterEveryRefusal() {
        full.addAll(List.of("a", "b", "c"));
        dial(new CallRoute(List.of("a", "b", "c"), Set.of(), Optional.empty(), true, Optional.empty()));
        on(new CallEvent.Media(new MediaEvent.WebConnected()));
        trunk(new TrunkEvent.Failed(new TrunkFailure.Refused(404, OptionalInt.empty())));
        trunk(new TrunkEvent.Failed(new TrunkFailure.Refused(486, OptionalInt.empty())));
        assertThat(done(CallAction.Invite.class))
                .extracting(CallAction.Invite::trunk)
                .containsExactly("a", "b", "c");
        assertThat(done(CallAction.Invite.class))
                .allMatch(invite -> invite.call().emergency());
    }

    @ParameterizedTest
    @CsvSource({"403, true", "404, true", "480, false", "486, false", "600, false", "603, false", "607, false"})
    void ruleMayHaveOtherRefusalsTriedElsewhere(int status, boolean tried) {
        dial(new CallRoute(List.of("a", "b"), Set.of(403, 404), Optional.empty(), false, Optional.empty()));
        on(new CallEvent.Media(new MediaEvent.WebConnected()));
        trunk(new TrunkEvent.Failed(new TrunkFailure.Refused(status, OptionalInt.empty())));
        assertThat(done(CallAction.Invite.class)).hasSize(tried ? 2 : 1);
    }

    @Test
    void callIsOverWhenItHasTalkedForAsLongAsItMay() {
        dial(new CallRoute(List.of("a"), Set.of(), Optional.empty(), false, Optional.of(Duration.ofMinutes(20))));
        on(new CallEvent.Media(new MediaEvent.WebConnected()));
        after(Duration.ofMinutes(1));
        trunk(new TrunkEvent.Answered(Optional.of("answer")));
        after(Duration.ofMinutes(19).plusSeconds(59));
        assertThat(call.state()).isEqualTo(Call.State.ESTABLISHED);
        after(Duration.ofSeconds(1));
        assertThat(cause()).isEqualTo(EndCause.TIME_IS_UP);
        assertThat(done(CallAction.HangUpTrunk.class)).hasSize(1);
    }

    @Test
    void callThatTheGuardHasNoMoreTalkForIsOver() {
        established();
        on(new CallEvent.LimitReached());
        assertThat(cause()).isEqualTo(EndCause.LIMIT_REACHED);
        assertThat(done(CallAction.HangUpTrunk.class)).hasSize(1);
    }

    @Test
    void timeoutOfATrunkIsTriedElsewhereUnlessItRang() {
        dialled("a", "b");
        trunk(new TrunkEvent.Trying());
        trunk(new TrunkEvent.Failed(new TrunkFailure.Refused(408, OptionalInt.empty())));
        assertThat(done(CallAction.Invite.class)).hasSize(2);
        fresh();
        dialled("a", "b");
        trunk(new TrunkEvent.Progress(180, Optional.empty()));
        trunk(new TrunkEvent.Failed(new TrunkFailure.Refused(408, OptionalInt.empty())));
        assertThat(cause()).isEqualTo(EndCause.NO_ANSWER);
    }

    @Test
    void calledsOwnWordBehindA503IsNotTriedElsewhere() {
        for (int q850 : new int[] {17, 21}) {
            fresh();
            dialled("a", "b");
            trunk(new TrunkEvent.Failed(new TrunkFailure.Refused(503, OptionalInt.of(q850))));
            assertThat(done(CallAction.Invite.class)).as("Q.850 " + q850).hasSize(1);
        }
    }

    @Test
    void trunkThatSaysWhenToTryAgainIsLeftAloneForSoLong() {
        dialled("a", "b");
        trunk(new TrunkEvent.Failed(new TrunkFailure.Refused(503, OptionalInt.empty(), OptionalInt.of(7))));
        assertThat(done(CallAction.RestTrunk.class))
                .containsExactly(new CallAction.RestTrunk("a", Duration.ofSeconds(7)));
        trunk(new TrunkEvent.Failed(new TrunkFailure.Refused(500, OptionalInt.empty(), OptionalInt.of(7))));
        assertThat(done(CallAction.RestTrunk.class)).as("500 asks for nothing").hasSize(1);
    }

    @Test
    void browserHearsOneStoryWhateverHappensBehindIt() {
        dialled("a", "b");
        trunk(new TrunkEvent.Trying());
        trunk(new TrunkEvent.Progress(180, Optional.empty()));
        trunk(new TrunkEvent.Failed(new TrunkFailure.Refused(503, OptionalInt.empty())));
        trunk(new TrunkEvent.Trying());
        trunk(new TrunkEvent.Progress(180, Optional.empty()));
        trunk(new TrunkEvent.Answered(Optional.of("sdp")));
        assertThat(told(ANN))
                .filteredOn(news -> !(news instanceof CallNews.Answer))
                .containsExactly(
                        new CallNews.Progress(CallNews.Progress.Stage.TRYING, OptionalInt.of(100)),
                        new CallNews.Progress(CallNews.Progress.Stage.RINGING, OptionalInt.of(180)),
                        new CallNews.Established());
    }

    @Test
    void callerWhoHangsUpWhileItRingsStopsTheRinging() {
        invited(ANN, BOB);
        trunk(new TrunkEvent.Ended(OptionalInt.empty(), "cancelled"));
        assertThat(cause()).isEqualTo(EndCause.CANCELLED);
        assertThat(told(ANN)).hasSize(2);
        assertThat(told(BOB)).hasSize(2);
        assertThat(done(CallAction.RejectTrunk.class)).isEmpty();
    }

    @Test
    void nobodySignedInIsUnavailable() {
        invited();
        assertThat(done(CallAction.RejectTrunk.class))
                .singleElement()
                .satisfies(reject -> assertThat(reject.rejection().status()).isEqualTo(480));
    }

    @Test
    void offerlessInviteGetsOurOfferAndItsAnswerComesInTheAck() {
        on(new CallEvent.Invited(
                new InboundInvite("a", "+1", Optional.empty(), Optional.empty(), Optional.empty()),
                NUMBER,
                RingPlan.together(new LinkedHashSet<>(List.of(ANN)))));
        on(new CallEvent.Accept(ANN, Optional.empty(), "offer"));
        on(new CallEvent.Media(new MediaEvent.WebConnected()));
        assertThat(done(CallAction.OfferTrunk.class)).hasSize(1);
        assertThat(done(CallAction.AcceptTrunk.class)).hasSize(1);
        trunk(new TrunkEvent.Confirmed(Optional.of("answer")));
        assertThat(done(CallAction.TakeTrunkAnswer.class)).hasSize(1);
    }

    @Test
    void strangersCannotTouchACall() {
        established();
        on(new CallEvent.HangUp(BOB, Optional.of("h")));
        on(new CallEvent.Mute(BOB, Optional.of("m"), true));
        on(new CallEvent.Update(BOB, Optional.of("u"), "offer"));
        assertThat(call.state()).isEqualTo(Call.State.ESTABLISHED);
        assertThat(done(CallAction.Tell.class))
                .extracting(CallAction.Tell::news)
                .filteredOn(CallNews.Refused.class::isInstance)
                .extracting(refused -> ((CallNews.Refused) refused).ref().orElse(""))
                .as("what refuses a request repeats its ref")
                .containsExactly("h", "m", "u");
        assertThat(done(CallAction.MuteWeb.class)).isEmpty();
    }

    @Test
    void numberWithoutTrunkHasNoRoute() {
        dial();
        assertThat(cause()).isEqualTo(EndCause.NO_ROUTE);
        assertThat(done(CallAction.CloseMedia.class)).isEmpty();
    }

    // ---- a small world: media and SIP that answer at once

    private boolean accept = true;
    private boolean portLeft = true;
    private final Set<String> full = new HashSet<>();

    private void fresh() {
        call = new Call(ID, CallSettings.defaults());
        done.clear();
        full.clear();
        accept = true;
        portLeft = true;
    }

    @Test
    void secureInputHoldsFromTheFirstSoundOnAndIsTold() {
        invited(ANN, BOB);
        on(new CallEvent.SecureInput(ANN, Optional.of("s"), true));
        assertThat(told(ANN).getLast()).isEqualTo(new CallNews.SecureInput(Optional.of("s"), true));
        assertThat(done(CallAction.SecureInput.class))
                .as("there are no media yet")
                .isEmpty();
        on(new CallEvent.Accept(ANN, Optional.empty(), "offer"));
        assertThat(done(CallAction.SecureInput.class)).containsExactly(new CallAction.SecureInput(true));
        on(new CallEvent.SecureInput(BOB, Optional.empty(), false));
        on(new CallEvent.SecureInput(ANN, Optional.empty(), true));
        assertThat(done(CallAction.SecureInput.class)).hasSize(1);
        on(new CallEvent.SecureInput(ANN, Optional.empty(), false));
        assertThat(told(ANN).getLast()).isEqualTo(new CallNews.SecureInput(Optional.empty(), false));
        assertThat(done(CallAction.SecureInput.class).getLast().wanted()).isFalse();
    }

    @Test
    void secureInputThatIsConfiguredIsToldWithTheAnswerAndNotTakenBack() {
        call = new Call(ID, CallSettings.defaults().withSecureInput(CallSettings.SecureInput.ALWAYS));
        dial("a");
        assertThat(told(ANN).getLast()).isEqualTo(new CallNews.SecureInput(Optional.empty(), true));
        on(new CallEvent.SecureInput(ANN, Optional.of("off"), false));
        assertThat(told(ANN).getLast()).isEqualTo(new CallNews.SecureInput(Optional.of("off"), true));
        assertThat(done(CallAction.SecureInput.class)).containsExactly(new CallAction.SecureInput(true));
    }

    @Test
    void aFlashIsToldAndIsNoDigit() {
        dialled("a");
        on(new CallEvent.Media(new MediaEvent.FlashFromTrunk()));
        assertThat(told(ANN).getLast()).isEqualTo(new CallNews.Flashed(DtmfRoad.RTP));
    }

    private void dial(String... trunks) {
        dial(CallRoute.over(List.of(trunks)));
    }

    private void dial(CallRoute route) {
        on(new CallEvent.Dial(ANN, Optional.of("r"), NUMBER, Caller.UNSAID, "offer", route));
    }

    private void dialled(String... trunks) {
        dial(trunks);
        on(new CallEvent.Media(new MediaEvent.WebConnected()));
    }

    private void established() {
        dialled("a");
        trunk(new TrunkEvent.Answered(Optional.of("sdp")));
        assertThat(call.state()).isEqualTo(Call.State.ESTABLISHED);
    }

    private void invited(ClientId... clients) {
        on(new CallEvent.Invited(
                new InboundInvite("a", "+1", Optional.of("+44"), Optional.empty(), Optional.of("offer")),
                NUMBER,
                RingPlan.together(new LinkedHashSet<>(List.of(clients)))));
    }

    private void invitedInOrder(ClientId... clients) {
        List<SequencedSet<ClientId>> stages = new ArrayList<>();
        for (ClientId client : clients) {
            stages.add(new LinkedHashSet<>(List.of(client)));
        }
        on(new CallEvent.Invited(
                new InboundInvite("a", "+1", Optional.empty(), Optional.empty(), Optional.of("offer")),
                NUMBER,
                new RingPlan(stages, Duration.ofSeconds(10), Optional.empty())));
    }

    private void trunk(TrunkEvent event) {
        on(new CallEvent.Trunk(call.attempt(), event));
    }

    private void after(Duration time) {
        now += time.toNanos();
        on(new CallEvent.Tick());
    }

    private void on(CallEvent event) {
        for (CallAction action : call.on(event, now)) {
            done.add(action);
            switch (action) {
                case CallAction.AnswerWeb web ->
                    on(
                            accept
                                    ? new CallEvent.WebAnswered(web.ref(), "answer")
                                    : new CallEvent.WebRefused(web.ref(), "no audio"));
                case CallAction.TakeChannel take ->
                    on(
                            full.contains(take.trunk()) && !take.anyway()
                                    ? new CallEvent.TrunkFull(take.attempt())
                                    : new CallEvent.ChannelTaken(take.attempt()));
                case CallAction.OfferTrunk offer -> on(new CallEvent.TrunkOffered(offer.attempt(), "offer"));
                case CallAction.TakeTrunkAnswer take ->
                    on(
                            accept
                                    ? new CallEvent.TrunkAnswerTaken(take.attempt())
                                    : new CallEvent.TrunkAnswerRefused(take.attempt(), "no audio"));
                case CallAction.TakeRefresh take ->
                    on(
                            accept
                                    ? new CallEvent.TrunkAnswerTaken(take.attempt())
                                    : new CallEvent.TrunkAnswerRefused(take.attempt(), "no audio"));
                case CallAction.OfferAgain _ -> on(new CallEvent.TrunkOfferAnswered("offer"));
                case CallAction.AnswerTrunk _ ->
                    on(
                            !portLeft
                                    ? new CallEvent.MediaUnavailable("no port")
                                    : accept
                                            ? new CallEvent.TrunkOfferAnswered("answer")
                                            : new CallEvent.TrunkOfferRefused("no audio"));
                default -> {}
            }
        }
    }

    private EndCause cause() {
        return call.ending().orElseThrow().cause();
    }

    private <A extends CallAction> List<A> done(Class<A> type) {
        return done.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private List<CallNews> told(ClientId client) {
        return done(CallAction.Tell.class).stream()
                .filter(tell -> tell.client().equals(client))
                .map(CallAction.Tell::news)
                .toList();
    }
}
