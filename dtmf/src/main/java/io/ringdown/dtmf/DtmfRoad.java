package io.ringdown.dtmf;

/** How a press travels between us and a trunk. */
public enum DtmfRoad {
    /** As telephone-event in the audio's RTP stream (RFC 4733). */
    RTP("rtp"),
    /** In a SIP INFO request (RFC 6086, legacy usage; {@code application/dtmf-relay} or {@code application/dtmf}). */
    INFO("info"),
    /** As sound (ITU-T Q.23). */
    IN_BAND("inband");

    private final String code;

    DtmfRoad(String code) {
        this.code = code;
    }

    /** As it is written in messages and configurations. */
    public String code() {
        return code;
    }
}
