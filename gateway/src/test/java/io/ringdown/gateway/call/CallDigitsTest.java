package io.ringdown.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.dtmf.Digit;
import io.ringdown.dtmf.DtmfRoad;
import io.ringdown.dtmf.PressReceipt;
import io.ringdown.media.MediaEvent;
import io.ringdown.sip.InfoBody;
import io.ringdown.sip.InfoOutcome;
import io.ringdown.sip.PeerCapabilities;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What a call tells of its digits. */
final class CallDigitsTest {
    private static final Digit ONE = Digit.of('1').orElseThrow();
    private static final Duration LENGTH = Duration.ofMillis(100);
    private static final long SECOND = 1_000_000_000L;

    private final List<CallNews> told = new ArrayList<>();
    private final List<CallAction> done = new ArrayList<>();
    private final CallDigits digits = new CallDigits(CallDigits.State.BEGUN, told::add, done::add, 0);

    private static MediaEvent.DigitFromTrunk one(DtmfRoad road) {
        return new MediaEvent.DigitFromTrunk(ONE, LENGTH, road);
    }

    private static InfoBody info(String signal) {
        return new InfoBody("application/dtmf-relay", "Signal=" + signal + "\r\nDuration=100\r\n");
    }

    private List<PressReceipt> receipts() {
        return told.stream()
                .filter(CallNews.Receipt.class::isInstance)
                .map(news -> ((CallNews.Receipt) news).receipt())
                .toList();
    }

    @Test
    void aPressThatComesByThreeRoadsIsToldOnceAndTwoEqualOnesTwice() {
        for (long now : new long[] {10 * SECOND, 11 * SECOND}) {
            digits.onHeard("carrier", one(DtmfRoad.RTP), now);
            digits.onInfo("carrier", info("1"), now + SECOND / 5);
            digits.onHeard("carrier", one(DtmfRoad.IN_BAND), now + SECOND / 10);
        }
        assertThat(told)
                .containsExactly(
                        new CallNews.Pressed(ONE, LENGTH, DtmfRoad.RTP),
                        new CallNews.Pressed(ONE, LENGTH, DtmfRoad.RTP));
        assertThat(done)
                .as("each road is noted, for what is learnt of the trunk")
                .filteredOn(new CallAction.NoteDigit("carrier", DtmfRoad.INFO, CallAction.NoteDigit.Way.HEARD)::equals)
                .hasSize(2);
    }

    @Test
    void aBodyThatIsNoDigitTellsNothing() {
        digits.onInfo("carrier", info("flash"), SECOND);
        digits.onInfo("carrier", new InfoBody("application/dtmf", "123"), SECOND);
        assertThat(told).isEmpty();
    }

    @Test
    void theAnswerToAnInfoIsTheLastWordOfItsPress() {
        digits.onChosen(new DigitRoads.Choice(Optional.of(DtmfRoad.INFO), DigitRoads.Why.PINNED, false));
        digits.onTaken(Optional.of("ref"), 7, 2);
        digits.onReceipt("carrier", 7, new PressReceipt.Signalled(LENGTH));
        digits.onInfoAnswered("carrier", 7, new InfoOutcome.Answered(200));
        digits.onInfoAnswered("carrier", 7, new InfoOutcome.Answered(200)); // never twice
        digits.onReceipt("carrier", 8, new PressReceipt.Signalled(LENGTH));
        digits.onInfoAnswered("carrier", 8, new InfoOutcome.Unanswered());
        assertThat(receipts())
                .containsExactly(
                        new PressReceipt.Accepted(),
                        new PressReceipt.Accepted(),
                        new PressReceipt.Signalled(LENGTH),
                        new PressReceipt.Confirmed(),
                        new PressReceipt.Signalled(LENGTH),
                        new PressReceipt.Failed(PressReceipt.Failure.NO_ANSWER));
        assertThat(told.getLast())
                .isEqualTo(new CallNews.Receipt(
                        8,
                        Optional.of("ref"),
                        OptionalInt.of(1),
                        new PressReceipt.Failed(PressReceipt.Failure.NO_ANSWER)));
    }

    @Test
    void aTrunkThatDoesNotUnderstandInfoIsLearntAndAnotherRoadChosen() {
        digits.onChosen(new DigitRoads.Choice(Optional.of(DtmfRoad.INFO), DigitRoads.Why.OFFERED, true));
        digits.onReceipt("carrier", 0, new PressReceipt.Accepted());
        digits.onReceipt("carrier", 0, new PressReceipt.Signalled(LENGTH));
        done.clear();
        digits.onInfoAnswered("carrier", 0, new InfoOutcome.Answered(415));
        assertThat(receipts().getLast())
                .isEqualTo(new PressReceipt.Failed(PressReceipt.Failure.REFUSED, OptionalInt.of(415)));
        assertThat(done)
                .containsExactly(
                        new CallAction.LearnOfTrunk("carrier", DigitRoads.Lesson.INFO_REFUSED),
                        new CallAction.ChooseRoad("carrier", PeerCapabilities.UNKNOWN));
    }

    @Test
    void aBusyTrunkTeachesNothing() {
        digits.onChosen(new DigitRoads.Choice(Optional.of(DtmfRoad.INFO), DigitRoads.Why.OFFERED, true));
        digits.onReceipt("carrier", 0, new PressReceipt.Signalled(LENGTH));
        done.clear();
        digits.onInfoAnswered("carrier", 0, new InfoOutcome.Answered(503));
        assertThat(done).isEmpty();
    }

    @Test
    void theEndIsALastWordForAllThatWait() {
        digits.onTaken(Optional.empty(), 0, 2);
        digits.onReceipt("carrier", 0, new PressReceipt.Sent(DtmfRoad.RTP, LENGTH, 8, 160));
        told.clear();
        digits.end();
        digits.end();
        assertThat(receipts())
                .containsExactly(
                        new PressReceipt.Unconfirmable(PressReceipt.Doubt.CALL_ENDED),
                        new PressReceipt.Failed(PressReceipt.Failure.LINE_GONE));
    }

    @Test
    void theRoadIsToldWhenItIsAnother() {
        DigitRoads.Choice choice = new DigitRoads.Choice(Optional.of(DtmfRoad.RTP), DigitRoads.Why.AGREED, false);
        digits.onChosen(choice);
        digits.onChosen(choice);
        assertThat(told).containsExactly(new CallNews.Road(choice));
    }
}
