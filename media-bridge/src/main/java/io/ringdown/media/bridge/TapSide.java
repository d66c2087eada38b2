package io.ringdown.media.bridge;

import io.ringdown.dtmf.ToneFilter;
import io.ringdown.media.SoundMonitor;
import io.ringdown.media.codec.HalfBand;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/**
 * What one party says, cut to frames of 20 ms on our clock: some frames are kept so that those that come unsteadily make no holes,
 * and silence stands where nothing comes. Owned by one thread; allocates nothing per frame.
 */
final class TapSide implements PcmSink {
    // Two frames of 20 ms, or one of 40 ms: what comes so much late makes no hole.
    private static final int AHEAD_MILLIS = 40;

    // More is what a stall has left, or a sender's clock that is faster than ours.
    private static final int MOST_MILLIS = 200;

    // After a pause of 200 ms a stream begins anew.
    private static final int MOST_MISSING = 10;

    // Samples kept and the longest frame of any codec (RFC 6716 §3.2.5) fit, in a power of two at 8 and 16 kHz.
    private static final int ROOM_MILLIS = 512;

    private final int sampleRate;
    private final BooleanSupplier isBlanked;
    private final short[] waiting;
    private final short[] resampled;
    private final ToneFilter filter;
    private final HalfBand band = new HalfBand();
    private int rateIn;
    private long came;
    private long went;
    private boolean isSteady;
    private int missing;

    /**
     * Nothing has come yet.
     *
     * @param sampleRate of the frames: 8000 or 16000 Hz
     * @param isBlanked whether what comes just now is to be silence
     */
    TapSide(int sampleRate, BooleanSupplier isBlanked) {
        this.sampleRate = sampleRate;
        this.isBlanked = isBlanked;
        this.waiting = new short[samples(ROOM_MILLIS)];
        this.resampled = new short[samples(ROOM_MILLIS)];
        this.filter = new ToneFilter(sampleRate);
        this.rateIn = sampleRate;
    }

    /** What comes has this rate from now on: 8000 or 16000 Hz. */
    void rate(int newRate) {
        rateIn = newRate;
    }

    @Override
    public void onPcm(short[] pcm, int samples) {
        if (rateIn == sampleRate) {
            put(pcm, samples);
        } else {
            put(
                    resampled,
                    rateIn > sampleRate ? band.halve(pcm, samples, resampled) : band.twice(pcm, samples, resampled));
        }
    }

    private void put(short[] pcm, int samples) {
        boolean isSilence = isBlanked.getAsBoolean();
        for (int i = 0; i < samples; i++) {
            waiting[at(came + i)] = isSilence ? 0 : pcm[i];
        }
        came += samples;
        if (came - went > samples(MOST_MILLIS)) {
            went = came - samples(AHEAD_MILLIS);
        }
    }

    /** The party presses by a telephone-event: what is heard of the tone beside it is no sound of theirs. */
    void onEvent() {
        filter.onEvent();
    }

    /** The next 20 ms, digits removed or not. */
    void next(short[] frame, boolean isRemoving) {
        int samples = samples(SoundMonitor.FRAME_MILLIS);
        if (came - went >= samples + (isSteady ? 0 : samples(AHEAD_MILLIS))) {
            isSteady = true;
            missing = 0;
            for (int i = 0; i < samples; i++) {
                frame[i] = waiting[at(went + i)];
            }
            went += samples;
        } else {
            // What comes late is played late from here on; where nothing came for long the next is met as the first
            // was.
            isSteady &= ++missing < MOST_MISSING;
            Arrays.fill(frame, 0, samples, (short) 0);
        }
        filter.remove(isRemoving);
        filter.filter(frame, 0, samples);
    }

    private int samples(int millis) {
        return sampleRate / 1_000 * millis;
    }

    private int at(long position) {
        return (int) (position & (waiting.length - 1));
    }
}
