package io.ringdown.media.codec;

/** One stream's encoder. Not thread-safe; allocates nothing per frame. */
public interface AudioEncoder extends AutoCloseable {

    /** Encodes one frame of {@code samples} samples into {@code packet}; returns the bytes written, negative on failure. */
    int encode(short[] pcm, int samples, byte[] packet, int offset, int maxLength);

    /**
     * Tells what part of our packets gets lost, in percent, so that the encoder can protect them, and how many bits per second
     * it may spend on them with what that needs.
     */
    void expectedLoss(int percent, int mostBitrate);

    @Override
    void close();
}
