package io.ringdown.media.bridge;

import io.ringdown.media.SoundLink;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sound on its way from the loop of who says it to the loop of who hears it, 16 bit, mono. One thread puts it in as it comes and one
 * takes it out by its own clock, without a lock and without waiting for each other. Some is kept, so that what comes unsteadily
 * makes no holes; as two clocks are never the same, now and then a frame is left out, or given twice.
 */
public final class SoundRing implements SoundLink {
    /** Samples a second of what goes from one call to another. */
    public static final int WIDE = 16_000;

    // One frame of 20 ms: what comes so much late makes no hole.
    private static final int AHEAD_MILLIS = 20;

    // More is what a stall has left.
    private static final int MOST_MILLIS = 160;

    // After so many holes in a row the stream begins anew.
    private static final int MOST_MISSING = 10;

    // So many frames with one to spare in each: 2 s of 20 ms.
    private static final int FRAMES_TO_SPARE = 100;

    private static final int ROOM_MILLIS = 512; // a power of two of samples at 8 and 16 kHz

    private final int sampleRate;
    private final short[] ring;
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong read = new AtomicLong();
    private final AtomicLong overruns = new AtomicLong();
    private final AtomicLong slips = new AtomicLong();
    private volatile boolean isOver;

    // The reader's own.
    private short[] last = {};
    private boolean isSteady;
    private int missing;
    private long spare = Long.MAX_VALUE;
    private int frames;

    /** From one call to another. */
    public SoundRing() {
        this(WIDE);
    }

    /** Of sound at 8000 or 16000 Hz. */
    SoundRing(int sampleRate) {
        this.sampleRate = sampleRate;
        this.ring = new short[samples(ROOM_MILLIS)];
    }

    /** One more piece is said; dropped if nobody takes anything out. */
    void offer(short[] pcm, int samples) {
        long next = written.getPlain();
        if (next + samples - read.getAcquire() > ring.length) {
            overruns.setOpaque(overruns.getPlain() + 1);
            return;
        }
        for (int i = 0; i < samples; i++) {
            ring[at(next + i)] = pcm[i];
        }
        written.setRelease(next + samples);
    }

    /** The next frame; false if there is none to be heard. */
    boolean take(short[] frame, int samples) {
        long end = written.getAcquire();
        long next = read.getPlain();
        int ahead = samples(AHEAD_MILLIS);
        if (end - next < samples + (isSteady ? 0 : ahead)) {
            return isRepeating(frame, samples);
        }
        if (!isSteady || end - next > samples(MOST_MILLIS)) {
            slip(isSteady && end - next > samples + ahead);
            next = end - samples - ahead;
            isSteady = true;
            count(Long.MAX_VALUE);
        }
        missing = 0;
        spare = Math.min(spare, end - next - samples);
        if (++frames == FRAMES_TO_SPARE) {
            if (spare >= samples + ahead) { // more than is needed, all the time
                slip(true);
                next += samples;
            }
            count(Long.MAX_VALUE);
        }
        copy(next, frame, samples);
        last = last.length == samples ? last : new short[samples];
        System.arraycopy(frame, 0, last, 0, samples);
        read.setRelease(next + samples);
        return true;
    }

    /** What comes late is played late from here on, and the last frame stands in for it once. */
    private boolean isRepeating(short[] frame, int samples) {
        boolean isFirst = isSteady && missing == 0 && last.length == samples;
        isSteady &= ++missing < MOST_MISSING;
        if (isFirst) {
            slip(true);
            System.arraycopy(last, 0, frame, 0, samples);
        }
        return isFirst;
    }

    private void copy(long from, short[] frame, int samples) {
        for (int i = 0; i < samples; i++) {
            frame[i] = ring[at(from + i)];
        }
    }

    private void slip(boolean isOne) {
        if (isOne) {
            slips.setOpaque(slips.getPlain() + 1);
        }
    }

    private void count(long from) {
        spare = from;
        frames = 0;
    }

    /** Pieces that found no room. Any thread may ask. */
    long overruns() {
        return overruns.getOpaque();
    }

    /** Frames that were left out or given twice. Any thread may ask. */
    long slips() {
        return slips.getOpaque();
    }

    /** Whether it is closed, or either call is over. Any thread may ask. */
    public boolean isOver() {
        return isOver;
    }

    /** Both loops see to it with their next frame. Idempotent; any thread. */
    @Override
    public void close() {
        isOver = true;
    }

    private int samples(int millis) {
        return sampleRate / 1_000 * millis;
    }

    private int at(long position) {
        return (int) (position & (ring.length - 1));
    }
}
