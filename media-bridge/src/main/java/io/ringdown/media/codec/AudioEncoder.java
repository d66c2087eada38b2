package io.ringdown.media.codec;

/** One stream's encoder. Not thread-safe; allocates nothing per frame. */
public interface AudioEncoder extends AutoCloseable {

    /** Encodes one frame of {@code samples} samples into {@code packet}; returns the bytes written, negative on failure. */
    int encode(short[] pcm, int samples, byte[] packet, int offset, int maxLength);

    /** Tells what part of our packets gets lost, in percent, so that the encoder can protect them. */
    void expectedLoss(int percent);

    /** The peer wants no more than so many bits per second. What has but one bit rate does not heed it. */
    default void mostBitrate(int bitsPerSecond) {}

    @Override
    void close();
}
