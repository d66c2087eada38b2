package io.ringdown.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.HangupReason;
import io.ringdown.sip.InfoRules;
import io.ringdown.sip.SessionTimerSettings;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkFailure;
import io.ringdown.sip.dialog.Opening.Turn;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What may leave before a dialog is written down, and what waits for that. */
final class OpeningTest {
    private static final long INVITE = 7;
    private static final CallAction TRYING = new CallAction.Tell(new TrunkEvent.Trying());
    private static final CallAction OURS = new CallAction.SendInvite(new OutRequest(
            "INVITE",
            1,
            "sip:1@192.0.2.1",
            List.of(),
            Optional.empty(),
            List.of(),
            Optional.of("ours"),
            Optional.empty()));

    private static CallAction response(int status) {
        return new CallAction.Respond(INVITE, status, List.of(), Optional.empty());
    }

    @Test
    void anInviteOfOursWaitsAndOurSideIsToldMeanwhile() {
        Opening opening = Opening.ofOurs();
        assertThat(opening.on(OURS)).isEqualTo(Turn.WRITE);
        assertThat(opening.on(TRYING)).isEqualTo(Turn.NOW);
        assertThat(opening.done()).containsExactly(OURS);
        assertThat(opening.on(OURS)).as("the next one, with credentials").isEqualTo(Turn.NOW);
    }

    @Test
    void nobodyIsSilentWhileOurInviteWaits() {
        Terms terms = new Terms(
                new NoCredentials(),
                SipTimers.of(Duration.ofSeconds(4), Duration.ofSeconds(60)),
                SessionTimerSettings.off(),
                true,
                InfoRules.none(),
                () -> 7);
        OutboundCall call = new OutboundCall("sip:1@192.0.2.1", "ours", List.of(), terms);
        Performed did = new Performed();
        long second = 1_000_000_000;
        call.start(0);
        call.onWaiting();
        did.runTo(call, 10 * second);
        assertThat(did.told).isEmpty();
        call.onLeaving(10 * second);
        did.runTo(call, 14 * second - 1);
        assertThat(did.told).isEmpty();
        did.runTo(call, 14 * second);
        assertThat(did.told).containsExactly(new TrunkEvent.Failed(new TrunkFailure.Silent()));
    }

    @Test
    void whoGivesUpMeanwhileHasSentNothing() {
        for (CallAction givesUp :
                List.of(new CallAction.StopRepeating(), new CallAction.SendCancel(HangupReason.NORMAL))) {
            Opening opening = Opening.ofOurs();
            opening.on(OURS);
            assertThat(opening.on(givesUp)).isEqualTo(Turn.GIVEN_UP);
            assertThat(opening.done()).isEmpty();
            assertThat(opening.failed()).as("there is nothing left to fail").isFalse();
        }
    }

    @Test
    void whatMakesADialogOfTheirsWaitsInItsOrderAndOnce() {
        Opening opening = Opening.ofTheirs(INVITE);
        assertThat(opening.on(response(100))).isEqualTo(Turn.NOW);
        assertThat(opening.on(new CallAction.Respond(8, 200, List.of(), Optional.empty())))
                .as("to another request")
                .isEqualTo(Turn.NOW);
        assertThat(opening.on(response(180))).isEqualTo(Turn.WRITE);
        assertThat(opening.on(response(183))).isEqualTo(Turn.WAITS);
        assertThat(opening.on(response(183))).as("sent again").isEqualTo(Turn.WAITS);
        assertThat(opening.on(response(200))).isEqualTo(Turn.WAITS);
        assertThat(opening.done()).containsExactly(response(180), response(183), response(200));
    }

    @Test
    void aRefusalMakesNoDialogAndTakesThePlaceOfWhatWaits() {
        Opening opening = Opening.ofTheirs(INVITE);
        assertThat(opening.on(response(486))).isEqualTo(Turn.NOW);
        Opening ringing = Opening.ofTheirs(INVITE);
        ringing.on(response(180));
        assertThat(ringing.on(response(486))).isEqualTo(Turn.NOW);
        assertThat(ringing.done()).isEmpty();
    }

    @Test
    void whatIsWrittenAlreadyWaitsForNothing() {
        assertThat(Opening.written().on(OURS)).isEqualTo(Turn.NOW);
    }
}
