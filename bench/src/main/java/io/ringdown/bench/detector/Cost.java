package io.ringdown.bench.detector;

import io.ringdown.dtmf.Digit;
import io.ringdown.dtmf.Presses;
import io.ringdown.dtmf.ToneDetector;
import java.lang.management.ManagementFactory;

/**
 * What the detector costs.
 *
 * @param nanos of CPU time for a frame of 20 ms, the median of the rounds
 * @param bytes allocated for a frame
 */
record Cost(double nanos, double bytes) {
    private static final int ROUNDS = 15;
    private static final int WARM = 5;

    /** Measured on this sound, over and over. */
    static Cost of(short[] pcm) {
        double[] nanos = new double[ROUNDS];
        double bytes = 0;
        int frames = pcm.length / Sounds.FRAME;
        Silent silent = new Silent();
        ToneDetector detector = new ToneDetector(Sounds.RATE, silent);
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int round = -WARM; round < ROUNDS; round++) {
            long allocated = threads.getCurrentThreadAllocatedBytes();
            long began = threads.getCurrentThreadCpuTime();
            for (int at = 0; at + Sounds.FRAME <= pcm.length; at += Sounds.FRAME) {
                detector.onFrame(pcm, at, Sounds.FRAME, at);
            }
            long took = threads.getCurrentThreadCpuTime() - began;
            if (round >= 0) {
                nanos[round] = (double) took / frames;
                bytes = (double) (threads.getCurrentThreadAllocatedBytes() - allocated) / frames;
            }
        }
        java.util.Arrays.sort(nanos);
        return new Cost(nanos[ROUNDS / 2], bytes);
    }

    private static final class Silent implements Presses {
        @Override
        public void onPressStarted(long press, Digit digit, long now) {
            // what it costs is what counts
        }

        @Override
        public void onPressGrown(long press, long lengthNanos, long now) {
            // what it costs is what counts
        }

        @Override
        public void onPressEnded(long press, Digit digit, long lengthNanos, long now) {
            // what it costs is what counts
        }
    }
}
