package io.ringdown.media;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What both parties of a call say, for one who listens beside it: frames of 20 ms, 16 bit, two channels, the browser's first. The
 * media loop puts frames in and one reader takes them out, on any thread, without waiting for each other: a reader that does
 * not follow misses frames, and the call notices nothing.
 */
public final class SoundMonitor implements AutoCloseable {
    /** How long a frame is. */
    public static final int FRAME_MILLIS = 20;

    /** Browser and telephone. */
    public static final int CHANNELS = 2;

    private static final int FRAMES = 64; // 1.3 s, a power of two

    private final int sampleRate;
    private final int frameSamples;
    private final short[] samples;
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong read = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private volatile boolean isOver;
    private volatile boolean isLeft;

    /** An empty one; {@code sampleRate} in Hz is that of each channel, 8000 or 16000. */
    public SoundMonitor(int sampleRate) {
        this.sampleRate = sampleRate;
        this.frameSamples = sampleRate / 1_000 * FRAME_MILLIS * CHANNELS;
        this.samples = new short[FRAMES * frameSamples];
    }

    /** Samples a second of each channel; the same as long as it lasts. */
    public int sampleRate() {
        return sampleRate;
    }

    /** Samples of a frame, of both channels together. */
    public int frameSamples() {
        return frameSamples;
    }

    /** Takes the next frame, its channels in turns; false if there is none yet, or {@link #isOver} any more. */
    public boolean read(short[] frame) {
        long next = read.getPlain();
        if (next == written.getAcquire()) {
            return false;
        }
        System.arraycopy(samples, at(next), frame, 0, frameSamples);
        read.setRelease(next + 1);
        return true;
    }

    /** Whether no more frames will come: those that have may still be read. */
    public boolean isOver() {
        return isOver;
    }

    /** How many frames the reader has missed. */
    public long dropped() {
        return dropped.getOpaque();
    }

    /** For the media loop: one more frame, which is copied; dropped if the reader is that far behind. */
    public void offer(short[] frame) {
        long next = written.getPlain();
        if (next - read.getAcquire() == FRAMES) {
            dropped.setOpaque(dropped.getPlain() + 1);
            return;
        }
        System.arraycopy(frame, 0, samples, at(next), frameSamples);
        written.setRelease(next + 1);
    }

    /** For the media loop: that was the last frame. */
    public void end() {
        isOver = true;
    }

    /** For the media loop: whether the reader has gone. */
    public boolean isLeft() {
        return isLeft;
    }

    /** The reader goes; the loop sees to it with its next frame. Idempotent; any thread. */
    @Override
    public void close() {
        isLeft = true;
    }

    private int at(long frame) {
        return (int) (frame & (FRAMES - 1)) * frameSamples;
    }
}
