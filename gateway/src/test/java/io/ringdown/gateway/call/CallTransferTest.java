package io.ringdown.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.media.MediaEvent;
import io.ringdown.sip.TrunkEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transfers that the client asks for: what the trunk is asked, what the client hears of it, and how the call goes on or ends. */
final class CallTransferTest {
    private static final ClientId ANN = new ClientId("ann", ClientId.Road.SOCKET);
    private static final Optional<String> REF = Optional.of("t");
    private static final PhoneNumber OURS = new PhoneNumber("+12025550111");
    private static final TransferTarget NUMBER = new TransferTarget.Dialled(new PhoneNumber("+441632960100"));
    private static final CallId OTHER = new CallId("abcdefabcdefabcdefabcdefabcdefab");
    private static final TransferTarget CONSULTED = new TransferTarget.Consulted(OTHER);

    private final Call call = new Call(new CallId("0123456789abcdef0123456789abcdef"), CallSettings.defaults());
    private final List<CallAction> done = new ArrayList<>();
    private long now = -7_000_000_000L;

    @Test
    void theTrunkIsAskedTheClientHearsOfItAndTheCallEndsWithTheLastWord() {
        established();
        ask(NUMBER);
        assertThat(done)
                .containsExactly(new CallAction.Refer(0, "a", NUMBER, Optional.of(OURS)), tell(TransferStage.ASKED));
        trunk(new TrunkEvent.ReferProgress(100));
        trunk(new TrunkEvent.ReferProgress(180));
        trunk(new TrunkEvent.ReferProgress(183));
        trunk(new TrunkEvent.ReferEnded(OptionalInt.of(200)));
        assertThat(stages())
                .containsExactly(TransferStage.ASKED, TransferStage.TRYING, TransferStage.RINGING, TransferStage.DONE);
        assertThat(ending().cause()).isEqualTo(EndCause.TRANSFERRED);
        assertThat(done(CallAction.HangUpTrunk.class))
                .singleElement()
                .satisfies(bye -> assertThat(bye.reason().q850()).isEqualTo(16));
    }

    @ParameterizedTest
    @ValueSource(ints = {405, 481, 486, 491, 503, 603})
    void whatFailsIsToldWithItsStatusAndTheCallGoesOnAndMayBeTransferredAgain(int status) {
        established();
        ask(NUMBER);
        trunk(new TrunkEvent.ReferEnded(OptionalInt.of(status)));
        assertThat(lastTold().stage()).isEqualTo(TransferStage.FAILED);
        assertThat(lastTold().sip()).hasValue(status);
        assertThat(lastTold().ref()).isEqualTo(REF);
        assertThat(lastTold().failure().orElseThrow().cause())
                .isEqualTo(EndCause.ofStatus(status, OptionalInt.empty()));
        assertThat(call.state()).isEqualTo(Call.State.ESTABLISHED);
        ask(NUMBER);
        assertThat(done(CallAction.Refer.class)).hasSize(2);
    }

    @Test
    void aTrunkThatHangsUpInTheMiddleOfItHasTransferred() {
        established();
        ask(NUMBER);
        trunk(new TrunkEvent.ReferProgress(100));
        trunk(new TrunkEvent.ReferEnded(OptionalInt.empty())); // as it comes before the end of a call
        trunk(new TrunkEvent.Ended(OptionalInt.of(16), ""));
        assertThat(lastTold().stage()).isEqualTo(TransferStage.DONE);
        assertThat(ending().cause()).isEqualTo(EndCause.TRANSFERRED);
        assertThat(done(CallAction.HangUpTrunk.class)).isEmpty();
    }

    @Test
    void aTelephoneThatHangsUpBeforeItsTrunkHasAgreedWasNotTransferredAndTheConsultedCallLivesOn() {
        established();
        ask(CONSULTED);
        trunk(new TrunkEvent.ReferEnded(OptionalInt.empty()));
        trunk(new TrunkEvent.Ended(OptionalInt.of(16), ""));
        assertThat(ending().cause()).isEqualTo(EndCause.NORMAL);
        assertThat(done)
                .contains(new CallAction.TellCall(OTHER, new CallEvent.BeingReplaced(false)))
                .doesNotContain(new CallAction.TellCall(OTHER, new CallEvent.Replaced()));
    }

    @Test
    void aConsultedCallIsLeftToATrunkThatHangsUpInTheMiddle() {
        established();
        ask(CONSULTED);
        trunk(new TrunkEvent.ReferProgress(100));
        trunk(new TrunkEvent.Ended(OptionalInt.of(16), ""));
        assertThat(ending().cause()).isEqualTo(EndCause.TRANSFERRED);
        assertThat(done).doesNotContain(new CallAction.TellCall(OTHER, new CallEvent.Replaced()));
    }

    @Test
    void whereNothingMoreWillBeSaidTheTransferHasFailedUnlessTheTrunkHangsUpSoon() {
        established();
        ask(NUMBER);
        trunk(new TrunkEvent.ReferEnded(OptionalInt.empty()));
        after(Duration.ofMillis(1_999));
        assertThat(lastTold().stage()).isEqualTo(TransferStage.ASKED);
        after(Duration.ofMillis(1));
        assertThat(lastTold().stage()).isEqualTo(TransferStage.FAILED);
        trunk(new TrunkEvent.Ended(OptionalInt.of(16), ""));
        assertThat(ending().cause()).isEqualTo(EndCause.NORMAL);
    }

    @Test
    void withoutAnOutcomeInTimeItHasFailedAndWhatComesLaterChangesNothing() {
        established();
        ask(NUMBER);
        after(Duration.ofSeconds(179));
        assertThat(lastTold().stage()).isEqualTo(TransferStage.ASKED);
        after(Duration.ofSeconds(1));
        assertThat(lastTold().failure().orElseThrow().cause()).isEqualTo(EndCause.NO_ANSWER);
        trunk(new TrunkEvent.ReferEnded(OptionalInt.of(200)));
        assertThat(call.state()).isEqualTo(Call.State.ESTABLISHED);
        assertThat(call.nextWakeup()).isEmpty();
    }

    @Test
    void theOtherCallOfAConsultationIsToldWhatBecomesOfIt() {
        established();
        ask(CONSULTED);
        assertThat(done).first().isEqualTo(new CallAction.TellCall(OTHER, new CallEvent.BeingReplaced(true)));
        trunk(new TrunkEvent.ReferEnded(OptionalInt.of(603)));
        assertThat(done).contains(new CallAction.TellCall(OTHER, new CallEvent.BeingReplaced(false)));
        done.clear();
        ask(CONSULTED);
        trunk(new TrunkEvent.ReferEnded(OptionalInt.of(200)));
        assertThat(done).contains(new CallAction.TellCall(OTHER, new CallEvent.Replaced()));
        assertThat(done).doesNotContain(new CallAction.TellCall(OTHER, new CallEvent.BeingReplaced(false)));
    }

    @Test
    void theCallThatWasConsultedEndsAsTransferredWhoeverHangsUp() {
        established();
        on(new CallEvent.BeingReplaced(true));
        trunk(new TrunkEvent.Ended(OptionalInt.of(16), ""));
        assertThat(ending().cause()).isEqualTo(EndCause.TRANSFERRED);
    }

    @Test
    void theCallThatWasConsultedIsHungUpWhereTheTrunkDoesNot() {
        established();
        on(new CallEvent.BeingReplaced(true));
        on(new CallEvent.Replaced());
        assertThat(ending().cause()).isEqualTo(EndCause.TRANSFERRED);
        assertThat(done(CallAction.HangUpTrunk.class)).hasSize(1);
    }

    @Test
    void aConsultationThatIsOverMeanwhileIsNoFailureOfTheCall() {
        established();
        ask(CONSULTED);
        on(new CallEvent.OtherCallGone());
        assertThat(lastTold().failure().orElseThrow().cause()).isEqualTo(EndCause.UNAVAILABLE);
        assertThat(call.state()).isEqualTo(Call.State.ESTABLISHED);
    }

    @Test
    void aHoldStaysOverATransferThatFails() {
        established();
        on(new CallEvent.Hold(ANN, Optional.empty()));
        ask(NUMBER);
        trunk(new TrunkEvent.ReofferAnswered("sdp")); // crosses
        on(new CallEvent.HoldAnswerTaken(call.attempt()));
        trunk(new TrunkEvent.ReferEnded(OptionalInt.of(486)));
        assertThat(call.holder()).isEqualTo(Holder.BROWSER);
        on(new CallEvent.Resume(ANN, Optional.empty()));
        assertThat(done).endsWith(new CallAction.OfferHold(false));
    }

    @Test
    void silenceOfATelephoneThatIsBeingTransferredEndsNothing() {
        established();
        ask(NUMBER);
        on(new CallEvent.Media(new MediaEvent.TrunkSilent()));
        assertThat(call.state()).isEqualTo(Call.State.ESTABLISHED);
    }

    @Test
    void aClientThatHangsUpLeavesTheTrunkToItself() {
        established();
        ask(CONSULTED);
        on(new CallEvent.HangUp(ANN, Optional.empty()));
        assertThat(ending().cause()).isEqualTo(EndCause.NORMAL);
        assertThat(done(CallAction.HangUpTrunk.class)).hasSize(1);
        assertThat(done).contains(new CallAction.TellCall(OTHER, new CallEvent.BeingReplaced(false)));
    }

    @Test
    void whatMayNotBeIsRefusedAndNobodyIsAsked() {
        dialled();
        ask(NUMBER);
        assertThat(refused()).isEqualTo(ErrorCode.WRONG_STATE);
        answered();
        ask(new TransferTarget.Impossible("Why not."));
        assertThat(refused()).isEqualTo(ErrorCode.NO_TRANSFER);
        ask(new TransferTarget.Refused(EndCause.FORBIDDEN));
        assertThat(lastTold().failure().orElseThrow().cause()).isEqualTo(EndCause.FORBIDDEN);
        on(new CallEvent.Transfer(new ClientId("bob", ClientId.Road.SOCKET), REF, NUMBER));
        assertThat(refused()).isEqualTo(ErrorCode.WRONG_STATE);
        assertThat(done(CallAction.Refer.class)).isEmpty();
        ask(NUMBER);
        ask(NUMBER);
        assertThat(refused()).isEqualTo(ErrorCode.WRONG_STATE);
        assertThat(done(CallAction.Refer.class)).hasSize(1);
    }

    private void dialled() {
        on(new CallEvent.Dial(
                ANN,
                Optional.empty(),
                new PhoneNumber("+12025550100"),
                Caller.of(Optional.of(OURS), Optional.empty()),
                "offer",
                CallRoute.over(List.of("a"))));
        on(new CallEvent.WebAnswered(Optional.empty(), "answer"));
        on(new CallEvent.Media(new MediaEvent.WebConnected()));
        on(new CallEvent.ChannelTaken(0));
        on(new CallEvent.TrunkOffered(0, "offer"));
    }

    private void answered() {
        trunk(new TrunkEvent.Answered(Optional.of("sdp")));
        on(new CallEvent.TrunkAnswerTaken(0));
    }

    private void established() {
        dialled();
        answered();
        done.clear();
    }

    private void ask(TransferTarget target) {
        on(new CallEvent.Transfer(ANN, REF, target));
    }

    private void trunk(TrunkEvent event) {
        on(new CallEvent.Trunk(0, event));
    }

    private void after(Duration time) {
        now += time.toNanos();
        on(new CallEvent.Tick());
    }

    private void on(CallEvent event) {
        done.addAll(call.on(event, now));
    }

    private Ending ending() {
        return call.ending().orElseThrow();
    }

    private ErrorCode refused() {
        return done(CallAction.Tell.class).stream()
                .map(CallAction.Tell::news)
                .filter(CallNews.Refused.class::isInstance)
                .map(news -> ((CallNews.Refused) news).code())
                .toList()
                .getLast();
    }

    private CallNews.Transfer lastTold() {
        return transfers().getLast();
    }

    private List<TransferStage> stages() {
        return transfers().stream().map(CallNews.Transfer::stage).toList();
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

    private static CallAction tell(TransferStage stage) {
        return new CallAction.Tell(ANN, CallNews.Transfer.of(CallNews.Transfer.By.BROWSER, stage, REF));
    }
}
