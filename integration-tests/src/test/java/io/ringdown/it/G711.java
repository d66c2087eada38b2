package io.ringdown.it;

import java.nio.file.Path;

/** The codecs of the telephone, as SDP and sox name them. */
enum G711 {
    PCMU(0, "ul"),
    PCMA(8, "al");

    private final int payloadType;
    private final String law;

    G711(int payloadType, String law) {
        this.payloadType = payloadType;
        this.law = law;
    }

    int payloadType() {
        return payloadType;
    }

    /** A steady tone in this codec. */
    byte[] tone(Path folder, int hz) {
        return FarEnd.tone(folder, law, hz);
    }
}
