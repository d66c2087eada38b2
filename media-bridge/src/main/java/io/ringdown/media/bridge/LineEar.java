package io.ringdown.media.bridge;

import io.ringdown.dtmf.Digit;
import io.ringdown.dtmf.DtmfRoad;
import io.ringdown.dtmf.ToneDetector;
import io.ringdown.media.MediaEvent;
import io.ringdown.media.MediaListener;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.hearing.LineListener;
import java.time.Duration;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Hears what the trunk sends, for as long as somebody wants to know: digits as tones, and what a caller in a menu waits for.
 * It has a decoder of its own, so that the path of the sound is the same whether anybody listens or not. Owned by one thread.
 */
final class LineEar implements AutoCloseable {
    private final FrameDecoder decoder;
    private final MediaListener listener;
    private final LongSupplier clock;
    private final LongPredicate mayEcho;
    private final int sampleRate;
    private @Nullable ToneDetector digits;
    private @Nullable LineListener line;

    /**
     * Hears nothing yet.
     *
     * @param mayEcho whether a digit that is heard at this time may be an echo of ours: then it is not heard
     */
    LineEar(Codecs codecs, AudioCodec codec, MediaListener listener, LongSupplier clock, LongPredicate mayEcho) {
        this.sampleRate = codec.sampleRate(codec);
        this.decoder = new FrameDecoder(codecs, codec, sampleRate, this::hear);
        this.listener = listener;
        this.clock = clock;
        this.mayEcho = mayEcho;
    }

    /** What it hears. */
    AudioCodec codec() {
        return decoder.codec();
    }

    /** Whether tones are told as presses. */
    void digits(boolean wanted, long now) {
        ToneDetector before = digits;
        if (!wanted && before != null) {
            before.close(now);
            digits = null;
        } else if (wanted && before == null) {
            digits = new ToneDetector(sampleRate, this::tell);
        }
    }

    /** Whether sound, silence and beeps are told; silence when it has lasted so long. */
    void line(boolean wanted, long silenceNanos) {
        if (!wanted) {
            line = null;
            return;
        }
        LineListener present = line;
        if (present == null) {
            present = new LineListener(sampleRate, new Events());
            line = present;
        }
        present.hangOver(silenceNanos);
    }

    /** What makes sound of the stream that it hears. */
    FrameDecoder decoder() {
        return decoder;
    }

    private void hear(short[] pcm, int samples) {
        long now = clock.getAsLong();
        ToneDetector detector = digits;
        if (detector != null && !mayEcho.test(now)) {
            detector.onFrame(pcm, 0, samples, now);
        }
        LineListener listening = line;
        if (listening != null) {
            listening.onFrame(pcm, 0, samples, now);
        }
    }

    /** Ends presses whose stream has stopped. */
    void onTime(long now) {
        ToneDetector detector = digits;
        if (detector != null) {
            detector.onTime(now);
        }
    }

    /** When {@link #onTime} wants to be called; {@code Long.MAX_VALUE} for never. */
    long nextWakeup() {
        ToneDetector detector = digits;
        return detector == null ? Long.MAX_VALUE : detector.nextWakeup();
    }

    @Override
    public void close() {
        decoder.close();
    }

    private void tell(long press, Digit digit, long lengthNanos, long now) {
        listener.onEvent(new MediaEvent.DigitFromTrunk(digit, Duration.ofNanos(lengthNanos), DtmfRoad.IN_BAND));
    }

    private final class Events implements LineListener.Events {
        @Override
        public void onSoundBegan(long now) {
            listener.onEvent(new MediaEvent.SoundBegan());
        }

        @Override
        public void onSoundEnded(long lengthNanos, long silentNanos, long now) {
            listener.onEvent(new MediaEvent.SoundEnded(Duration.ofNanos(lengthNanos)));
        }

        @Override
        public void onTone(LineListener.Tone tone, double hertz, long lengthNanos, long now) {
            if (tone == LineListener.Tone.BEEP) {
                listener.onEvent(new MediaEvent.Beeped(hertz, Duration.ofNanos(lengthNanos)));
            }
        }
    }
}
