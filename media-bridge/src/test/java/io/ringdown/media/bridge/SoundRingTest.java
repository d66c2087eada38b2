package io.ringdown.media.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SoundRingTest {
    private static final int FRAME = 320; // 20 ms at 16 kHz
    private static final long MICROS = 1_000;

    /** A quarter of an hour between two clocks: what is heard has no hole, and is never much later than it was said. */
    @ParameterizedTest
    @ValueSource(ints = {-300, -50, 0, 50, 300})
    void clocksThatAreNotTheSameLeaveNoHoleAndNoGrowingDelay(int partsPerMillion) {
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        SoundRing ring = new SoundRing();
        short[] said = new short[FRAME];
        short[] heard = new short[FRAME];
        long frames = 15 * 60 * 50;
        long writeMicros = 0;
        long written = 0;
        long holes = 0;
        long latest = 0;
        long begun = random.nextLong(20_000);
        for (long tick = 0; tick < frames; tick++) {
            long now = begun + tick * 20_000;
            while (writeMicros <= now) {
                Arrays.fill(said, (short) (written & 0x3FFF));
                ring.offer(said, FRAME);
                written++;
                long due = written * (20_000L * (1_000_000 + partsPerMillion)) / 1_000_000;
                writeMicros = due + random.nextLong(5 * MICROS);
            }
            if (ring.take(heard, FRAME)) {
                latest = Math.max(latest, (written - 1 - heard[0]) & 0x3FFF);
            } else if (tick > 5) {
                holes++;
            }
        }
        String as = "-Dseed=" + seed;
        assertThat(holes).as(as).isZero();
        assertThat(ring.overruns()).as(as).isZero();
        assertThat(latest).as(as + ": whole frames that wait").isLessThanOrEqualTo(4);
        long drifted = frames * Math.abs(partsPerMillion) / 1_000_000;
        assertThat(ring.slips()).as(as).isBetween(Math.max(0, drifted - 2), drifted + 4);
    }

    @Test
    void whatComesUnsteadilyMakesNoHoleOnceItHasBeenSo() {
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        SoundRing ring = new SoundRing();
        short[] pcm = new short[FRAME];
        int waiting = 0;
        int holes = 0;
        for (int tick = 0; tick < 5_000; tick++) {
            waiting++;
            if (random.nextInt(3) == 0 || waiting == 3) { // up to 40 ms late, then all at once
                for (; waiting > 0; waiting--) {
                    ring.offer(pcm, FRAME);
                }
            }
            if (!ring.take(pcm, FRAME) && tick > 100) {
                holes++;
            }
        }
        assertThat(holes).as("-Dseed=" + seed).isZero();
    }

    @Test
    void whoSaysNothingForLongIsHeardAgainAtOnceAndFreshly() {
        SoundRing ring = new SoundRing();
        short[] said = new short[FRAME];
        short[] heard = new short[FRAME];
        for (int i = 0; i < 20; i++) { // nobody takes it for 400 ms
            Arrays.fill(said, (short) i);
            ring.offer(said, FRAME);
        }
        assertThat(ring.take(heard, FRAME)).isTrue();
        assertThat(heard[0]).as("the one before the last").isEqualTo((short) 18);
        int heardFrames = 0;
        for (int i = 0; i < 20; i++) {
            heardFrames += ring.take(heard, FRAME) ? 1 : 0;
        }
        assertThat(heardFrames)
                .as("the last, and once more in place of the next")
                .isEqualTo(2);
        ring.offer(said, FRAME);
        assertThat(ring.take(heard, FRAME))
                .as("one is not enough to begin with")
                .isFalse();
        ring.offer(said, FRAME);
        assertThat(ring.take(heard, FRAME)).isTrue();
    }

    @Test
    void whatNobodyTakesOutIsDroppedAndCounted() {
        SoundRing ring = new SoundRing();
        for (int i = 0; i < 100; i++) {
            ring.offer(new short[FRAME], FRAME);
        }
        assertThat(ring.overruns()).isEqualTo(100 - 512 / 20);
    }

    @Test
    void twoThreadsHearEveryFrameAsItWasSaid() throws Exception {
        SoundRing ring = new SoundRing();
        int frames = 20_000;
        Thread writer = Thread.ofPlatform().start(() -> {
            short[] said = new short[FRAME];
            for (int i = 0; i < frames; i++) {
                Arrays.fill(said, (short) i);
                ring.offer(said, FRAME);
                Thread.onSpinWait();
            }
        });
        short[] heard = new short[FRAME];
        int torn = 0;
        while (writer.isAlive()) {
            if (ring.take(heard, FRAME)) {
                for (short sample : heard) {
                    torn += sample == heard[0] ? 0 : 1;
                }
            }
        }
        writer.join();
        assertThat(torn).isZero();
    }
}
