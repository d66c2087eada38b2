package io.ringdown.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.media.MediaEvent;
import io.ringdown.media.MediaEvent.TrunkSilent;
import io.ringdown.media.MediaEvent.WebHeard;
import io.ringdown.media.MediaEvent.WebSilent;
import io.ringdown.media.MediaSettings;
import io.ringdown.media.transport.Liveness.TrunkSign;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LivenessTest {
    private static final long SECOND = 1_000_000_000L;

    private final List<MediaEvent> told = new ArrayList<>();
    private final Liveness liveness = new Liveness(MediaSettings.Silence.defaults(), told::add);
    private long now = 77;

    @Test
    void aSilentBrowserIsToldAtTenAndThirtySecondsOnce() {
        liveness.watchWeb(now);
        pass(9);
        assertThat(told).isEmpty();
        pass(1);
        assertThat(told).containsExactly(new WebSilent(Duration.ofSeconds(10), false));
        pass(600);
        assertThat(told)
                .containsExactly(
                        new WebSilent(Duration.ofSeconds(10), false), new WebSilent(Duration.ofSeconds(30), true));
        assertThat(liveness.nextWakeup()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aBrowserThatIsHeardAgainIsToldAndWatchedAnew() {
        liveness.watchWeb(now);
        pass(15);
        liveness.onWeb(now);
        pass(9);
        assertThat(told).containsExactly(new WebSilent(Duration.ofSeconds(10), false), new WebHeard());
        pass(1);
        assertThat(told).hasSize(3).last().isEqualTo(new WebSilent(Duration.ofSeconds(10), false));
    }

    @Test
    void aBrowserThatOffersAnewIsWatchedFromThenOn() {
        liveness.watchWeb(now);
        pass(15);
        told.clear();
        liveness.watchWeb(now);
        pass(9);
        assertThat(told).isEmpty();
        pass(1);
        assertThat(told).containsExactly(new WebSilent(Duration.ofSeconds(10), false));
    }

    @Test
    void aBrowserThatWasSilentAndOffersAnewIsToldWhenItIsHeard() {
        liveness.watchWeb(now);
        pass(11);
        liveness.watchWeb(now);
        pass(2);
        liveness.onWeb(now);
        liveness.onWeb(now);
        assertThat(told).containsExactly(new WebSilent(Duration.ofSeconds(10), false), new WebHeard());
    }

    @Test
    void aBrowserThatOffersAgainAndAgainAndSendsNothingIsSilent() {
        liveness.watchWeb(now);
        liveness.onWeb(now);
        for (int i = 0; i < 5; i++) {
            pass(9);
            liveness.watchWeb(now);
        }
        assertThat(told)
                .containsExactly(
                        new WebSilent(Duration.ofSeconds(10), false), new WebSilent(Duration.ofSeconds(30), true));
        liveness.onWeb(now);
        liveness.watchWeb(now);
        pass(9);
        assertThat(told).hasSize(3).last().isEqualTo(new WebHeard());
    }

    @Test
    void aBrowserThatSpeaksIsNeverSilent() {
        liveness.watchWeb(now);
        for (int i = 0; i < 1000; i++) {
            pass(5);
            liveness.onWeb(now);
        }
        assertThat(told).isEmpty();
    }

    @Test
    void nobodyIsWatchedBeforeThereIsAnAnswer() {
        pass(1000);
        assertThat(told).isEmpty();
        assertThat(liveness.nextWakeup()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aTrunkThatShouldSendIsToldAfterEachMinuteOfSilence() {
        liveness.watchTrunk(TrunkSign.SOUND, now);
        pass(59);
        assertThat(told).isEmpty();
        pass(1);
        pass(59);
        assertThat(told).containsExactly(new TrunkSilent());
        pass(1);
        assertThat(told).hasSize(2);
        pass(30);
        liveness.onTrunk(now);
        pass(59);
        assertThat(told).hasSize(2);
        pass(1);
        assertThat(told).hasSize(3);
    }

    @Test
    void aTrunkOnHoldMaySaySilentAndItsTimeBeginsAnewAfterwards() {
        liveness.watchTrunk(TrunkSign.SOUND, now);
        pass(50);
        liveness.watchTrunk(TrunkSign.REPORTS, now);
        pass(500);
        liveness.watchTrunk(TrunkSign.SOUND, now);
        pass(59);
        assertThat(told).isEmpty();
        pass(1);
        assertThat(told).containsExactly(new TrunkSilent());
    }

    @Test
    void aTrunkOnHoldWhoseReportsStopIsTold() {
        liveness.watchTrunk(TrunkSign.SOUND, now);
        liveness.watchTrunk(TrunkSign.REPORTS, now);
        for (int i = 0; i < 100; i++) {
            pass(59);
            liveness.onTrunkReport(now);
        }
        pass(30);
        liveness.onTrunk(now);
        pass(59);
        assertThat(told).isEmpty();
        pass(1);
        assertThat(told).containsExactly(new TrunkSilent());
    }

    @Test
    void reportsBeforeTheHoldPromiseNoneDuringIt() {
        liveness.watchTrunk(TrunkSign.SOUND, now);
        liveness.onTrunkReport(now);
        liveness.watchTrunk(TrunkSign.REPORTS, now);
        pass(500);
        liveness.onTrunkReport(now);
        liveness.watchTrunk(TrunkSign.REPORTS, now); // it is told of the hold, or of another direction
        pass(500);
        assertThat(told).isEmpty();
        assertThat(liveness.nextWakeup()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void reportsAreNoSound() {
        liveness.watchTrunk(TrunkSign.SOUND, now);
        pass(59);
        liveness.onTrunkReport(now);
        pass(1);
        assertThat(told).containsExactly(new TrunkSilent());
    }

    @Test
    void reportsAreGivenFiveIntervalsHoweverLittleSilenceIsAllowed() {
        Duration soon = Duration.ofSeconds(2);
        Liveness impatient = new Liveness(new MediaSettings.Silence(soon, soon, soon), told::add);
        impatient.watchTrunk(TrunkSign.REPORTS, now);
        impatient.onTrunkReport(now);
        assertThat(impatient.nextWakeup()).isEqualTo(now + 25 * SECOND);
    }

    /** Moves on second by second, waking exactly when it asks to be woken. */
    private void pass(int seconds) {
        long until = now + seconds * SECOND;
        while (liveness.nextWakeup() <= until) {
            now = Math.max(now, liveness.nextWakeup());
            liveness.onTime(now);
        }
        now = until;
        int before = told.size();
        liveness.onTime(now);
        assertThat(told).as("it had asked to be woken in time").hasSize(before);
    }
}
