package io.ringdown.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class WaitingTest {
    private final Waiting waiting = new Waiting();

    @Test
    void anIdleLoopsPacketHasJustCome() {
        waiting.onLook(true, 1_000);
        waiting.onPacket(1_000);
        assertThat(waiting.nanos()).isZero();
        waiting.onPacket(1_300);
        assertThat(waiting.nanos()).as("behind another socket's").isEqualTo(300);
        waiting.onNoPacket();
        assertThat(waiting.nanos()).isZero();
    }

    @Test
    void packetsOfABusyLoopCameEvenlySinceItsLastLook() {
        long now = -5_000_000;
        long[] waited = new long[1_000];
        waiting.onLook(false, now);
        for (int i = 0; i < waited.length; i++) {
            now += 100_000;
            waiting.onLook(false, now);
            waiting.onPacket(now + 10);
            waited[i] = waiting.nanos();
        }
        Arrays.sort(waited);
        for (int percent = 0; percent < 100; percent++) {
            assertThat(waited[percent * 10]).isBetween(percent * 1_000L - 500, percent * 1_000L + 1_500);
        }
    }
}
