package io.ringdown.bench.pieces;

import io.ringdown.dtmf.Digit;
import io.ringdown.dtmf.Presses;
import io.ringdown.dtmf.TelephoneEvent;
import io.ringdown.dtmf.TelephoneEventReceiver;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A press of 100 ms as it comes from a browser: five packets and three that end it. */
@State(Scope.Thread)
public class DigitPieces {
    private static final long FRAME_NANOS = 20_000_000;
    private static final int TICKS = 960;
    private static final int FIVE = 5;

    private final byte[] payload = new byte[TelephoneEvent.LENGTH];
    private final TelephoneEventReceiver receiver = new TelephoneEventReceiver(48_000, new Counting());
    private long now;
    private int sequence;
    private int timestamp;
    private long ended;

    @Benchmark
    public long press() {
        timestamp += 50 * TICKS;
        now += 1_000_000_000;
        for (int i = 1; i <= FIVE; i++) {
            now += FRAME_NANOS;
            packet(i == 1, false, i * TICKS);
        }
        for (int i = 0; i < 3; i++) {
            packet(false, true, FIVE * TICKS);
        }
        return ended;
    }

    private void packet(boolean marker, boolean end, int duration) {
        TelephoneEvent.write(payload, 0, 5, end, duration);
        receiver.onPacket(7, ++sequence & 0xffff, timestamp, marker, payload, 0, payload.length, now);
    }

    private final class Counting implements Presses {
        @Override
        public void onPressStarted(long press, Digit digit, long at) {
            // its end is what counts
        }

        @Override
        public void onPressGrown(long press, long lengthNanos, long at) {
            // its end is what counts
        }

        @Override
        public void onPressEnded(long press, Digit digit, long lengthNanos, long at) {
            ended++;
        }
    }
}
