package io.ringdown.dtmf;

import io.ringdown.dtmf.PressQueue.Press;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Plays presses as tones in the sound, in consecutive frames on its own clock: each begins and ends on its sample, and so does
 * the gap after it, which is silence and not audio while another press waits for its end, and at least as long as gaps must be.
 * A press that happens elsewhere sounds 40 ms behind it, until its end is told, or the ceiling; a hole in what is known of it
 * is none in the tone. Pure; owned by one thread; allocates nothing.
 */
public final class InbandSender implements PressVoice {
    // What a packet says of a press is about the time up to it, and a frame is about the time after: so far behind, the
    // end
    // is known before it would be sounded over, also where packets come a little late.
    private static final int LEAD_MILLIS = 40;

    private final PressQueue queue;
    private final Rate rate;
    private final Tone tone;
    private final Line line;
    private final short[] pcm;
    private @Nullable Press playing;
    private int playedSamples;
    private int startTimestamp;
    private int packets;
    private int leadSamples;
    private long leadNanos;
    // The frames since the line was seized.
    private boolean isSeized;
    private long seizedNanos;
    private int seizedTimestamp;
    private long frames;
    private long quietUntilNanos;
    // The press before.
    private boolean mustFollow;
    private int endTimestamp;

    /**
     * The frames of a line.
     *
     * @param sampleRate of the sound, in Hz
     * @param clockRate of the timestamps, in Hz, which may be another (G.722: RFC 3551 §4.5.2)
     * @param frameMillis between two frames: the line's packet time
     */
    public record Rate(int sampleRate, int clockRate, int frameMillis) {
        public Rate {
            if (sampleRate <= 0 || sampleRate % 1_000 != 0) {
                throw new IllegalArgumentException("sampleRate is " + sampleRate + "; a multiple of 1000 is right");
            }
            if (clockRate <= 0 || clockRate % 1_000 != 0) {
                throw new IllegalArgumentException("clockRate is " + clockRate + "; a multiple of 1000 is right");
            }
            if (frameMillis < 1 || frameMillis > 200) {
                throw new IllegalArgumentException("frameMillis is " + frameMillis + "; 1 to 200 is right");
            }
        }

        int samplesPerFrame() {
            return sampleRate / 1_000 * frameMillis;
        }
    }

    /** Where the sound of a digit comes from. */
    public interface Tone {
        /** The digit sounds from the next sample on. */
        void begin(Digit digit);

        /** Lets it last so many samples from its first one, or the fewest that can be; answers how many it will be. */
        int endAfter(int samples);

        /** Writes the next samples: what is left of the tone, then silence. */
        void fill(short[] pcm, int offset, int samples);
    }

    /** The stream that the frames go into. */
    public interface Line {
        /** Frames begin: no audio from here on. Answers the timestamp that the next audio packet would have had. */
        int seize();

        /**
         * One frame, whose packet is the stream's next. The sound is the sender's again on return.
         *
         * @param marker on the first since the line was seized
         */
        void onToneFrame(boolean marker, int timestamp, short[] pcm, int samples);

        /** Nothing sounds: audio goes on at this timestamp. */
        void release(int timestamp);
    }

    public InbandSender(PressQueue queue, Rate rate, Tone tone, Line line) {
        this.queue = queue;
        this.rate = rate;
        this.tone = tone;
        this.line = line;
        this.pcm = new short[rate.samplesPerFrame()];
    }

    @Override
    public void onTime(long now) {
        boolean isMoreDue = true;
        while (isMoreDue) {
            isMoreDue = step(now);
        }
    }

    @Override
    public long nextWakeup() {
        return isSeized ? frameNanos(frames) : queue.nextStartNanos();
    }

    @Override
    public void stop(long now) {
        Press current = playing;
        if (current != null) {
            playing = null;
            sent(current, playedSamples);
        }
        if (isSeized) {
            release();
        }
    }

    private boolean step(long now) {
        if (!isSeized) {
            Press next = queue.take(now);
            if (next != null) {
                seize(next, now);
            }
            return next != null;
        }
        if (now - frameNanos(frames) < 0) {
            return false;
        }
        if (playing == null && !queue.isPressNext() && frameNanos(frames) - quietUntilNanos >= 0) {
            release();
        } else {
            frame();
        }
        return true;
    }

    private void seize(Press press, long now) {
        isSeized = true;
        seizedNanos = now;
        frames = 0;
        seizedTimestamp = line.seize();
        int earliest = endTimestamp + (int) ticks(press.silenceNanos());
        if (mustFollow && seizedTimestamp - earliest < 0) {
            // Where no audio came between two presses, the line's time has not gone on; the silence has.
            seizedTimestamp = earliest;
        }
        begin(press, 0);
    }

    private void release() {
        isSeized = false;
        line.release(frameTimestamp(frames));
    }

    private void begin(Press press, int offset) {
        playing = press;
        playedSamples = 0;
        packets = 0;
        leadSamples = queue.isWhole(press) ? 0 : LEAD_MILLIS * rate.sampleRate / 1_000;
        leadNanos = nanos(leadSamples);
        startTimestamp =
                frameTimestamp(frames) + (int) ((long) (offset + leadSamples) * rate.clockRate / rate.sampleRate);
        tone.begin(press.digit);
        queue.started(press);
    }

    private void frame() {
        int silent = 0;
        if (playing == null) {
            silent = samplesUntilNext();
            Arrays.fill(pcm, 0, silent, (short) 0);
            Press next = silent < pcm.length ? queue.take(frameNanos(frames) + nanos(silent)) : null;
            if (next != null) {
                begin(next, silent);
            }
        }
        Press current = playing;
        int total = 0;
        if (current != null && leadSamples > 0) {
            int lead = Math.min(leadSamples, pcm.length - silent);
            Arrays.fill(pcm, silent, silent + lead, (short) 0);
            silent += lead;
            leadSamples -= lead;
        }
        if (current != null && silent < pcm.length) {
            total = tone.endAfter(samples(queue.longestNanos(current)));
            tone.fill(pcm, silent, pcm.length - silent);
            packets += playedSamples < total ? 1 : 0;
            playedSamples += pcm.length - silent;
        }
        boolean marker = frames == 0;
        line.onToneFrame(marker, frameTimestamp(frames), pcm, pcm.length);
        frames++;
        if (current != null && total > 0 && playedSamples >= total) {
            playing = null;
            sent(current, total);
        }
    }

    /** How much of the frame is silence before the next press; all of it if none begins in it. */
    private int samplesUntilNext() {
        if (!queue.isPressNext()) {
            return pcm.length;
        }
        long waitNanos = queue.nextStartNanos() - frameNanos(frames);
        long samples = (waitNanos * rate.sampleRate + 999_999_999L) / 1_000_000_000L;
        return Math.clamp(samples, 0, pcm.length);
    }

    private void sent(Press press, int samples) {
        long lengthNanos = nanos(samples);
        long overNanos = press.startNanos() + leadNanos + lengthNanos;
        mustFollow = true;
        endTimestamp = startTimestamp + (int) ((long) samples * rate.clockRate / rate.sampleRate);
        quietUntilNanos = overNanos + queue.leastGapNanos();
        queue.sent(press, startTimestamp, lengthNanos, packets, overNanos);
    }

    private long frameNanos(long frame) {
        return seizedNanos + frame * rate.frameMillis * 1_000_000L;
    }

    private int frameTimestamp(long frame) {
        return seizedTimestamp + (int) (frame * rate.frameMillis * (rate.clockRate / 1_000));
    }

    private int samples(long nanos) {
        return (int) ((nanos * rate.sampleRate + 500_000_000L) / 1_000_000_000L);
    }

    private long nanos(long samples) {
        return samples * 1_000_000_000L / rate.sampleRate;
    }

    private long ticks(long nanos) {
        return (nanos * rate.clockRate + 500_000_000L) / 1_000_000_000L;
    }
}
