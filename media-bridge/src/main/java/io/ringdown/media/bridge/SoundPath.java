package io.ringdown.media.bridge;

import org.jspecify.annotations.Nullable;

/** The way of the frames of one direction, from a payload that came in to the stream that goes out. Owned by one thread. */
sealed interface SoundPath extends Frames permits Transcoding, ByteForwarding, OpusForwarding {

    /** Whether quiet goes out in place of what comes in. */
    void mute(boolean muted);

    /** The sender falls silent over noise of this level (RFC 3389 §3). */
    void comfortNoise(int minusDbov);

    /** How what goes out is protected against loss from now on. */
    void protect(Protection protection);

    /**
     * Encodes sound of ours that goes out in place of what comes in, at the rate of what goes out; answers the bytes written, 0 or
     * less if it cannot be.
     */
    int tone(short[] pcm, int samples, byte[] into, int at);

    /**
     * Sound of ours goes out in place of what comes in, in its turn: at the rate of what goes out, at most 20 ms, in lengths that
     * the codec has.
     */
    void own(short[] pcm, int samples);

    /**
     * Who gets the PCM of all that comes in, made up or not, from now on; null for nobody. False if the path meets none: who wants
     * it has to decode for itself.
     */
    boolean tap(@Nullable PcmSink sink);

    /** Another path takes over: the codecs are brought to where the streams are. */
    void leave();
}
