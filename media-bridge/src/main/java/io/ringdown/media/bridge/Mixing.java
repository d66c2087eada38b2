package io.ringdown.media.bridge;

import io.ringdown.media.codec.HalfBand;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one side hears while voices of other calls are mixed into what it hears anyway: a packet every packet time of our clock, by
 * the stream that it always was. While nothing is mixed there is none of it, and the side hears by the law alone. Owned by one
 * thread; allocates nothing per packet.
 */
final class Mixing {
    private static final long MILLI = 1_000_000;

    // Further behind than this it is we who have slept: the time is skipped.
    private static final long SLEPT_NANOS = 200 * MILLI;

    private final RtpStream out;
    private final boolean isAlways;
    private final List<SoundRing> links = new ArrayList<>();
    private final HalfBand band = new HalfBand();
    private @Nullable Transcoding path;
    private SoundRing anyway = new SoundRing();
    private short[] frame = {};
    private short[] voice = {};
    private short[] voices = {};
    private int rate;
    private long frameNanos;
    private long nextNanos;

    /**
     * Nothing is mixed yet.
     *
     * @param out the stream of who hears it
     * @param isAlways whether there is a packet each time even where nothing is mixed
     */
    Mixing(RtpStream out, boolean isAlways) {
        this.out = out;
        this.isAlways = isAlways;
    }

    /** One more voice. */
    void add(SoundRing link) {
        links.add(link);
    }

    /** Whether there is anything to mix. */
    boolean isWanted() {
        return isAlways || !links.isEmpty();
    }

    /** What is heard anyway comes by this path from now on, and all of it leaves by it. */
    void attach(Transcoding by, Direction.Wiring wiring, long now) {
        path = by;
        rate = wiring.rateOut();
        frameNanos = wiring.ptimeMillis() * MILLI;
        frame = new short[rate / 1_000 * wiring.ptimeMillis()];
        voice = new short[SoundRing.WIDE / 1_000 * wiring.ptimeMillis()];
        voices = new short[voice.length];
        anyway = new SoundRing(rate);
        nextNanos = Math.max(now, out.dueNanos(frameNanos, now));
    }

    /** Nothing leaves from here on. */
    void detach() {
        path = null;
    }

    /** A piece of what is heard anyway, at the rate of what goes out. */
    void onPcm(short[] pcm, int samples) {
        anyway.offer(pcm, samples);
    }

    /** Lets what is due leave; whether there was something to mix before and is not any more. */
    boolean onTime(long now) {
        boolean wasWanted = isWanted();
        for (int i = links.size() - 1; i >= 0; i--) {
            if (links.get(i).isOver()) {
                links.remove(i);
            }
        }
        Transcoding leaving = path;
        if (leaving != null) {
            skipSleep(now);
            for (; now - nextNanos >= 0; nextNanos += frameNanos) {
                next(leaving);
            }
        }
        return wasWanted && !isWanted();
    }

    private void skipSleep(long now) {
        long behind = now - nextNanos;
        if (behind > SLEPT_NANOS) {
            nextNanos += behind / frameNanos * frameNanos;
        }
    }

    private void next(Transcoding leaving) {
        if (!anyway.take(frame, frame.length)) {
            leaving.quiet(frame, frame.length);
        }
        boolean isAnybody = false;
        for (int i = 0; i < links.size(); i++) {
            if (links.get(i).take(voice, voice.length)) {
                if (isAnybody) {
                    add(voices, voice, voice.length);
                } else {
                    System.arraycopy(voice, 0, voices, 0, voice.length);
                    isAnybody = true;
                }
            }
        }
        if (isAnybody) {
            if (rate != SoundRing.WIDE) {
                band.halve(voices, voices.length, voices);
            }
            add(frame, voices, frame.length);
        }
        leaving.mixed(frame, frame.length);
    }

    private static void add(short[] to, short[] more, int samples) {
        for (int i = 0; i < samples; i++) {
            to[i] = (short) Math.clamp(to[i] + more[i], Short.MIN_VALUE, Short.MAX_VALUE);
        }
    }

    /** When {@link #onTime} wants to be called; {@code Long.MAX_VALUE} for never. */
    long nextWakeup() {
        return path == null ? Long.MAX_VALUE : nextNanos;
    }

    /** The call is over, and hears nobody any more. */
    void end() {
        for (SoundRing link : links) {
            link.close();
        }
        links.clear();
        path = null;
    }
}
