package io.ringdown.media.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CodecChoiceTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long INTERVAL = 30 * SECOND;
    private static final long REPORT = 5 * SECOND;
    private static final long QUIET = 5_000_000;

    private final CodecChoice choice = new CodecChoice(INTERVAL);

    @Test
    void aPathOfWhichNothingIsKnownIsOpus() {
        assertThat(choice.toBrowser()).isEqualTo(CodecChoice.Carrier.OPUS);
        assertThat(choice.fromBrowser()).isEqualTo(CodecChoice.Carrier.OPUS);
    }

    @Test
    void tenCleanSecondsGoStraightThroughEachDirectionForItself() {
        choice.onReport(0, QUIET, 0);
        choice.onReport(0, QUIET, 5 * SECOND);
        assertThat(choice.toBrowser()).isEqualTo(CodecChoice.Carrier.OPUS);
        choice.onReport(0, QUIET, 10 * SECOND);
        assertThat(choice.toBrowser()).isEqualTo(CodecChoice.Carrier.STRAIGHT);
        assertThat(choice.fromBrowser()).isEqualTo(CodecChoice.Carrier.OPUS);
        choice.onReception(0, QUIET, 10 * SECOND);
        choice.onReception(0, QUIET, 20 * SECOND);
        assertThat(choice.fromBrowser()).isEqualTo(CodecChoice.Carrier.STRAIGHT);
    }

    @Test
    void lossOrJitterIsOpusAtTheFirstSightButNotWithinTheInterval() {
        cleanTo(10 * SECOND);
        choice.onReport(0.05, QUIET, 39 * SECOND);
        assertThat(choice.toBrowser()).isEqualTo(CodecChoice.Carrier.STRAIGHT);
        choice.onReport(0.05, QUIET, 40 * SECOND);
        assertThat(choice.toBrowser()).isEqualTo(CodecChoice.Carrier.OPUS);

        CodecChoice other = new CodecChoice(INTERVAL);
        other.onReception(0, QUIET, 0);
        other.onReception(0, QUIET, 10 * SECOND);
        other.onReception(0, 90_000_000, 41 * SECOND);
        assertThat(other.fromBrowser()).isEqualTo(CodecChoice.Carrier.OPUS);
    }

    @Test
    void whatIsNeitherCleanNorBadKeepsWhatThereIs() {
        for (int i = 0; i < 100; i++) {
            choice.onReport(0.01, QUIET, i * REPORT);
        }
        assertThat(choice.toBrowser()).isEqualTo(CodecChoice.Carrier.OPUS);
        CodecChoice straight = new CodecChoice(INTERVAL);
        straight.onReport(0, QUIET, 0);
        straight.onReport(0, QUIET, 10 * SECOND);
        for (int i = 3; i < 100; i++) {
            straight.onReport(0.01, 60_000_000, i * REPORT);
        }
        assertThat(straight.toBrowser()).isEqualTo(CodecChoice.Carrier.STRAIGHT);
    }

    /** Whatever is measured, whenever: never twice within the interval, and for a reason of that moment or the last seconds. */
    @Test
    void noDirectionEverChangesTwiceWithinTheIntervalNorWithoutAReason() {
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        for (int call = 0; call < 500; call++) {
            CodecChoice rules = new CodecChoice(INTERVAL);
            long now = random.nextLong() >> 2;
            long changed = now - INTERVAL;
            long notCleanSince = now;
            boolean hasMeasured = false;
            double badness = random.nextDouble();
            CodecChoice.Carrier before = rules.toBrowser();
            for (int i = 0; i < 400; i++) {
                now += (long) (random.nextDouble() * 2 * REPORT);
                if (random.nextInt(20) == 0) {
                    badness = random.nextDouble();
                }
                double loss = random.nextDouble() < badness ? random.nextDouble() * 0.06 : 0;
                long jitter = random.nextDouble() < badness ? random.nextInt(130) * 1_000_000L : QUIET;
                boolean isClean = loss <= 0.005 && jitter <= 40_000_000;
                boolean isBad = loss >= 0.02 || jitter >= 80_000_000;
                if (!isClean || !hasMeasured) {
                    notCleanSince = now;
                    hasMeasured = true;
                }
                rules.onReport(loss, jitter, now);
                if (rules.toBrowser() != before) {
                    String what = "-Dseed=" + seed + " call " + call + " measurement " + i;
                    assertThat(now - changed).as(what).isGreaterThanOrEqualTo(INTERVAL);
                    if (before == CodecChoice.Carrier.OPUS) {
                        assertThat(isClean).as(what).isTrue();
                        assertThat(now - notCleanSince).as(what).isGreaterThanOrEqualTo(INTERVAL / 3);
                    } else {
                        assertThat(isBad).as(what).isTrue();
                    }
                    before = rules.toBrowser();
                    changed = now;
                } else if (before == CodecChoice.Carrier.STRAIGHT && isBad) {
                    assertThat(now - changed).as("it reacts").isLessThan(INTERVAL);
                }
            }
        }
    }

    private void cleanTo(long nanos) {
        choice.onReport(0, QUIET, 0);
        choice.onReport(0, QUIET, nanos);
        assertThat(choice.toBrowser()).isEqualTo(CodecChoice.Carrier.STRAIGHT);
    }
}
