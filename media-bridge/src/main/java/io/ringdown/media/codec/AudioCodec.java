package io.ringdown.media.codec;

/** The codecs we carry; names are those of SDP's rtpmap. */
public enum AudioCodec {
    OPUS("opus", 48_000),
    PCMU("PCMU", 8_000),
    PCMA("PCMA", 8_000);

    private final String rtpmapName;
    private final int clockRate;

    AudioCodec(String rtpmapName, int clockRate) {
        this.rtpmapName = rtpmapName;
        this.clockRate = clockRate;
    }

    public String rtpmapName() {
        return rtpmapName;
    }

    /** RTP clock rate in Hz (RFC 3551 §6, RFC 7587 §4.1). */
    public int clockRate() {
        return clockRate;
    }
}
