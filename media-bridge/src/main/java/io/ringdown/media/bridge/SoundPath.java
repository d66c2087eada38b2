package io.ringdown.media.bridge;

/** The way of the frames of one direction, from a payload that came in to the stream that goes out. Owned by one thread. */
sealed interface SoundPath extends Frames permits Transcoding, ByteForwarding, OpusForwarding {

    /** Whether silence goes out in place of what comes in. */
    void mute(boolean muted);

    /** Tells the encoder, if there is one that can use it, what part of its packets gets lost. */
    void expectedLoss(int percent);

    /** Another path takes over: the codecs are brought to where the streams are. */
    void leave();
}
