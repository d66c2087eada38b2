package io.ringdown.media.bridge;

import io.ringdown.media.SoundMonitor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Gives what both parties say to those who listen, a frame every 20 ms of our clock, for as long as anybody does. Digits that we
 * send are never in it: neither is the sound that they take the place of, nor, in the telephone's sound, their echo. With secure
 * input no digit is, whoever presses it. Pure; owned by the bridge's thread.
 */
final class Tap {
    private static final long FRAME_NANOS = SoundMonitor.FRAME_MILLIS * 1_000_000L;

    // Further behind than this it is we who have slept: the time is skipped.
    private static final long SLEPT_NANOS = 1_000_000_000;

    private final Mouth browser;
    private final Mouth telephone;
    private final BooleanSupplier isBrowserBlanked;
    private final LongPredicate mayEcho;
    private final List<SoundMonitor> monitors = new ArrayList<>();
    private @Nullable Sides sides;
    private boolean isSecure;
    private long nextNanos;

    /** What there is while somebody listens. */
    private static final class Sides {
        final int sampleRate;
        final TapSide browser;
        final TapSide telephone;
        final short[] left;
        final short[] right;
        final short[] frame;

        Sides(int sampleRate, BooleanSupplier isBrowserBlanked) {
            this.sampleRate = sampleRate;
            this.browser = new TapSide(sampleRate, isBrowserBlanked);
            this.telephone = new TapSide(sampleRate, () -> false);
            int samples = sampleRate / 1_000 * SoundMonitor.FRAME_MILLIS;
            this.left = new short[samples];
            this.right = new short[samples];
            this.frame = new short[samples * SoundMonitor.CHANNELS];
        }

        void next(boolean isSecure, boolean mayEcho) {
            browser.next(left, isSecure);
            telephone.next(right, isSecure || mayEcho);
            for (int i = 0; i < left.length; i++) {
                frame[2 * i] = left[i];
                frame[2 * i + 1] = right[i];
            }
        }
    }

    /**
     * Nobody listens.
     *
     * @param browser what the browser says
     * @param telephone what the telephone says
     * @param isBrowserBlanked whether the telephone does not hear the browser just now, as while we press for it
     * @param mayEcho whether a digit that is heard at this time may be an echo of ours
     */
    Tap(Mouth browser, Mouth telephone, BooleanSupplier isBrowserBlanked, LongPredicate mayEcho) {
        this.browser = browser;
        this.telephone = telephone;
        this.isBrowserBlanked = isBrowserBlanked;
        this.mayEcho = mayEcho;
    }

    /** One more listens; {@code sampleRate} is that of the call, and the one that the first found counts. */
    SoundMonitor open(int sampleRate, long now) {
        Sides present = sides;
        if (present == null) {
            present = new Sides(sampleRate, isBrowserBlanked);
            sides = present;
            browser.tappedBy(present.browser);
            telephone.tappedBy(present.telephone);
            nextNanos = now + FRAME_NANOS;
        }
        SoundMonitor monitor = new SoundMonitor(present.sampleRate);
        monitors.add(monitor);
        return monitor;
    }

    /** Whether digits are removed, whoever presses them. */
    void secure(boolean wanted) {
        isSecure = wanted;
    }

    /** Gives the frames that are due; whether nobody listens any more. */
    boolean onTime(long now) {
        Sides present = sides;
        if (present == null || now - nextNanos < 0) {
            return false;
        }
        if (now - nextNanos > SLEPT_NANOS) {
            nextNanos = now;
        }
        for (; now - nextNanos >= 0; nextNanos += FRAME_NANOS) {
            present.next(isSecure, mayEcho.test(nextNanos));
            for (int i = 0; i < monitors.size(); i++) {
                monitors.get(i).offer(present.frame);
            }
        }
        for (int i = monitors.size() - 1; i >= 0; i--) {
            if (monitors.get(i).isLeft()) {
                monitors.remove(i);
            }
        }
        if (monitors.isEmpty()) {
            leave();
        }
        return sides == null;
    }

    /** When {@link #onTime} wants to be called; {@code Long.MAX_VALUE} for never. */
    long nextWakeup() {
        return sides == null ? Long.MAX_VALUE : nextNanos;
    }

    /** The call is over. */
    void close() {
        for (SoundMonitor monitor : monitors) {
            monitor.end();
        }
        monitors.clear();
        leave();
    }

    private void leave() {
        sides = null;
        browser.tappedBy(null);
        telephone.tappedBy(null);
    }
}
