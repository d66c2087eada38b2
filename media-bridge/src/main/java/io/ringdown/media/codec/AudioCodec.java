package io.ringdown.media.codec;

/** The codecs we carry; names are those of SDP's rtpmap. */
public enum AudioCodec {
    OPUS("opus", 48_000),
    PCMU("PCMU", 8_000),
    PCMA("PCMA", 8_000),
    G722("G722", 8_000);

    private final String rtpmapName;
    private final int clockRate;

    AudioCodec(String rtpmapName, int clockRate) {
        this.rtpmapName = rtpmapName;
        this.clockRate = clockRate;
    }

    public String rtpmapName() {
        return rtpmapName;
    }

    /** RTP clock rate in Hz (RFC 3551 §6, RFC 7587 §4.1); G.722's is 8000 by an old mistake (RFC 3551 §4.5.2). */
    public int clockRate() {
        return clockRate;
    }

    /** Whether it is one of the two laws of G.711. */
    public boolean isG711() {
        return this == PCMU || this == PCMA;
    }

    /** The rate in Hz of the PCM that this codec is decoded to, or encoded from, where the other side of it is {@code other}. */
    public int sampleRate(AudioCodec other) {
        return switch (this) {
            case PCMU, PCMA -> 8_000;
            case G722 -> 16_000;
            case OPUS -> other.isG711() ? 8_000 : 16_000; // no more than the other can carry
        };
    }
}
