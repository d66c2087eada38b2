package io.ringdown.media.bridge;

import io.ringdown.media.codec.G711Power;
import io.ringdown.media.quality.SoundLevel;

/**
 * Measures what comes in on a path, where that is cheap: in what is decoded anyway, and in the bytes of G.711 by table. What is
 * passed on without being decoded, in another codec, has no level.
 */
final class IncomingLevel {
    private static final int MILLIS_PER_SECOND = 1_000;

    private final SoundLevel level;
    private final int[] squares;
    private final int samplesPerMilli;

    private IncomingLevel(SoundLevel level, int[] squares, int samplesPerMilli) {
        this.level = level;
        this.squares = squares;
        this.samplesPerMilli = samplesPerMilli;
    }

    /** The level of what comes in on a path. */
    static IncomingLevel of(Direction.Wiring wiring, SoundLevel level) {
        if (wiring.from() == wiring.to() && !wiring.from().isG711()) {
            level.pause();
        }
        return new IncomingLevel(
                level,
                wiring.from().isG711() ? G711Power.squares(wiring.from()) : new int[0],
                wiring.rateIn() / MILLIS_PER_SECOND);
    }

    /** Takes a frame that is passed on as it came. */
    void onBytes(byte[] buffer, int offset, int length) {
        if (squares.length > 0) {
            level.onG711(squares, buffer, offset, length);
        }
    }

    /** Takes a frame that was decoded. */
    void onPcm(short[] pcm, int samples) {
        level.onPcm(pcm, samples, samplesPerMilli);
    }
}
