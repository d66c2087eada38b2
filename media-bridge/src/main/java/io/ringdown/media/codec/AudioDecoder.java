package io.ringdown.media.codec;

/** One stream's decoder. Not thread-safe; allocates nothing per frame. PCM is 16 bit, mono, at the rate it was made for. */
public interface AudioDecoder extends AutoCloseable {

    /** Decodes one packet; returns the samples written, or a negative number if the packet is malformed. */
    int decode(byte[] packet, int offset, int length, short[] pcm);

    /** Decodes the copy of the frame before {@code packet} that in-band FEC left in it; negative if there is none. */
    int decodeFec(byte[] packet, int offset, int length, short[] pcm, int samples);

    /** Makes up {@code samples} samples in place of a missing packet. */
    int conceal(short[] pcm, int samples);

    /** Samples that the packet would decode to, without decoding it; negative if it is malformed. */
    int samplesOf(byte[] packet, int offset, int length);

    @Override
    void close();
}
