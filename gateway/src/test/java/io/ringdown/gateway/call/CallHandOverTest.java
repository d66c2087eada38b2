package io.ringdown.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.media.MediaEvent;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.sip.TrunkEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A call on its way to somebody else in the house, who has a softphone or a browser. */
final class CallHandOverTest {
    private static final ClientId ANN = new ClientId("ann", ClientId.Road.SOCKET);
    private static final ClientId BOB = new ClientId("bob", ClientId.Road.SOCKET);
    private static final ClientId PHONE = new ClientId("phone", ClientId.Road.SIP);
    private static final Optional<String> REF = Optional.of("t");
    private static final CallSettings SETTINGS = CallSettings.defaults();

    private final Call call = new Call(new CallId("0123456789abcdef0123456789abcdef"), SETTINGS);
    private final List<CallAction> done = new ArrayList<>();
    private long now = -7_000_000_000L;

    @Test
    void aSoftphoneTakesItWithTheAnswerToOurOfferWhileOthersRing() {
        handOver(PHONE, BOB);
        on(new CallEvent.WebOfferWanted(PHONE));
        assertThat(done).contains(new CallAction.OfferWeb(PHONE));
        on(new CallEvent.WebOffered(PHONE, "offer"));
        assertThat(toldTo(PHONE)).contains(new CallNews.Offer("offer"));
        on(new CallEvent.AcceptWithAnswer(PHONE, "answer"));
        assertThat(done).contains(new CallAction.TakeWebAnswer("answer"));
        on(new CallEvent.WebAnswerTaken());
        assertThat(overTo(BOB)).isEqualTo(EndCause.ANSWERED_ELSEWHERE);
        assertThat(toldTo(PHONE).getLast()).isEqualTo(new CallNews.Accepted());
        assertThat(call.owner()).hasValue(ANN);
        connected();
        assertThat(call.owner()).hasValue(PHONE);
        assertThat(overTo(ANN)).isEqualTo(EndCause.TRANSFERRED);
        assertThat(toldTo(PHONE)).contains(new CallNews.Established());
    }

    @Test
    void anOfferThatIsNoGoodLeavesItRinging() {
        handOver(BOB);
        on(new CallEvent.Accept(BOB, REF, "rubbish"));
        on(new CallEvent.WebRefused(REF, "no audio"));
        on(new CallEvent.Accept(BOB, REF, "offer"));
        on(new CallEvent.WebAnswered(REF, "answer"));
        connected();
        assertThat(call.owner()).hasValue(BOB);
    }

    @Test
    void whoCannotBeHeardInTimeDoesNotGetIt() {
        handOver(BOB);
        on(new CallEvent.Accept(BOB, REF, "offer"));
        on(new CallEvent.WebAnswered(REF, "answer"));
        after(SETTINGS.connectTimeout());
        assertThat(overTo(BOB)).isEqualTo(EndCause.MEDIA_UNREACHABLE);
        assertThat(failure().cause()).isEqualTo(EndCause.MEDIA_UNREACHABLE);
        assertTheTakerIsDropped();
    }

    @Test
    void whoTakesItAndThinksBetterOfItIsHeardNoMore() {
        handOver(BOB);
        on(new CallEvent.Accept(BOB, REF, "offer"));
        on(new CallEvent.WebAnswered(REF, "answer"));
        on(new CallEvent.HangUp(BOB, Optional.empty()));
        assertThat(overTo(BOB)).isEqualTo(EndCause.NORMAL);
        assertTheTakerIsDropped();
    }

    @Test
    void whoTakesItAndIsGoneIsHeardNoMore() {
        handOver(BOB);
        on(new CallEvent.Accept(BOB, REF, "offer"));
        on(new CallEvent.WebAnswered(REF, "answer"));
        on(new CallEvent.ClientGone(BOB));
        assertTheTakerIsDropped();
    }

    @Test
    void whoseMediaCanNeverComeUpIsHeardNoMore() {
        handOver(BOB);
        on(new CallEvent.Accept(BOB, REF, "offer"));
        on(new CallEvent.WebAnswered(REF, "answer"));
        on(new CallEvent.Media(new MediaEvent.WebFailed(MediaEvent.WebFailed.Cause.HANDSHAKE_FAILED)));
        assertTheTakerIsDropped();
    }

    @Test
    void nobodyIsDroppedWhereNobodyTookIt() {
        handOver(BOB);
        on(new CallEvent.Reject(BOB, Optional.empty(), false));
        assertThat(failure().cause()).isEqualTo(EndCause.DECLINED);
        assertThat(done).doesNotContain(new CallAction.DropComingWeb());
    }

    @Test
    void anOwnerWhosePlaceTheTakerHadTakenIsAskedForAnotherOffer() {
        handOver(BOB);
        on(new CallEvent.Accept(BOB, REF, "offer"));
        on(new CallEvent.WebAnswered(REF, "answer"));
        after(SETTINGS.connectTimeout());
        on(new CallEvent.WebMediaWanted()); // what media answer to the drop where it was too late
        connected(); // which was on its way then
        assertThat(call.owner()).hasValue(ANN);
        assertThat(toldTo(ANN).getLast()).isEqualTo(new CallNews.Renew());
    }

    @Test
    void theOwnersOwnOffersWaitWhileSomebodyTakesIt() {
        handOver(BOB);
        on(new CallEvent.Accept(BOB, REF, "offer"));
        on(new CallEvent.WebAnswered(REF, "answer"));
        done.clear();
        on(new CallEvent.WebOfferWanted(ANN));
        on(new CallEvent.Update(ANN, REF, "offer"));
        on(new CallEvent.Media(new MediaEvent.WebCodecWanted(AudioCodec.PCMU)));
        assertThat(toldTo(ANN))
                .hasSize(2)
                .allMatch(news -> news instanceof CallNews.Refused refused && refused.code() == ErrorCode.WRONG_STATE);
        assertThat(done).hasOnlyElementsOfType(CallAction.Tell.class);
        connected();
        assertThat(call.owner()).hasValue(BOB);
    }

    @Test
    void theOwnersAnswerToAnOfferFromBeforeTakesNobodysPlaceAndTheOwnerIsAskedAgainWhereTheCallStays() {
        handOver(BOB);
        on(new CallEvent.WebOfferWanted(ANN));
        on(new CallEvent.WebOffered(ANN, "offer"));
        on(new CallEvent.Accept(BOB, REF, "offer"));
        on(new CallEvent.AcceptWithAnswer(ANN, "answer"));
        on(new CallEvent.WebAnswered(REF, "answer"));
        assertThat(toldTo(BOB)).contains(new CallNews.Answer(REF, "answer"));
        assertThat(done).doesNotContain(new CallAction.TakeWebAnswer("answer"));
        on(new CallEvent.HangUp(BOB, Optional.empty()));
        assertTheTakerIsDropped();
        assertThat(toldTo(ANN).getLast()).isEqualTo(new CallNews.Renew());
    }

    private void assertTheTakerIsDropped() {
        assertThat(done).containsOnlyOnce(new CallAction.DropComingWeb());
        assertThat(call.owner()).hasValue(ANN);
        assertThat(call.state()).isEqualTo(Call.State.ESTABLISHED);
    }

    @Test
    void itRingsAsLongAsACallInWould() {
        handOver(BOB);
        after(SETTINGS.ringTimeout());
        assertThat(overTo(BOB)).isEqualTo(EndCause.NO_ANSWER);
        assertThat(failure().cause()).isEqualTo(EndCause.NO_ANSWER);
    }

    @Test
    void theEndOfTheCallIsToldToAllWhoAreRungAndToWhoIsTakingIt() {
        handOver(PHONE, BOB);
        on(new CallEvent.Accept(BOB, REF, "offer"));
        on(new CallEvent.HangUp(ANN, Optional.empty()));
        assertThat(overTo(BOB)).isEqualTo(EndCause.NORMAL);
        assertThat(overTo(PHONE)).isEqualTo(EndCause.NORMAL);
    }

    private void handOver(ClientId... rung) {
        on(new CallEvent.Dial(
                ANN,
                Optional.empty(),
                new PhoneNumber("+12025550100"),
                Caller.UNSAID,
                "offer",
                CallRoute.over(List.of("a"))));
        on(new CallEvent.WebAnswered(Optional.empty(), "answer"));
        connected();
        on(new CallEvent.ChannelTaken(0));
        on(new CallEvent.TrunkOffered(0, "offer"));
        on(new CallEvent.Trunk(0, new TrunkEvent.Answered(Optional.of("sdp"))));
        on(new CallEvent.TrunkAnswerTaken(0));
        RingPlan plan = RingPlan.together(new LinkedHashSet<>(List.of(rung)));
        on(new CallEvent.Transfer(ANN, REF, new TransferTarget.Colleague(new PhoneNumber("12"), plan, "11")));
    }

    private void connected() {
        on(new CallEvent.Media(new MediaEvent.WebConnected()));
    }

    private void after(Duration time) {
        now += time.toNanos();
        on(new CallEvent.Tick());
    }

    private void on(CallEvent event) {
        done.addAll(call.on(event, now));
    }

    private List<CallNews> toldTo(ClientId client) {
        return done.stream()
                .filter(CallAction.Tell.class::isInstance)
                .map(CallAction.Tell.class::cast)
                .filter(tell -> tell.client().equals(client))
                .map(CallAction.Tell::news)
                .toList();
    }

    private EndCause overTo(ClientId client) {
        assertThat(toldTo(client).getLast()).isInstanceOf(CallNews.Over.class);
        return ((CallNews.Over) toldTo(client).getLast()).ending().cause();
    }

    private Ending failure() {
        return toldTo(ANN).stream()
                .filter(CallNews.Transfer.class::isInstance)
                .map(CallNews.Transfer.class::cast)
                .flatMap(transfer -> transfer.failure().stream())
                .toList()
                .getLast();
    }
}
