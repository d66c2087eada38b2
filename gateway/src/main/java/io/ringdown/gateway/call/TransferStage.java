package io.ringdown.gateway.call;

import java.util.Locale;

/** How far a transfer has come. */
public enum TransferStage {
    /** The trunk is asked to make it. */
    ASKED,
    /** The trunk has asked for it, and it is made. */
    REFERRED,
    TRYING,
    RINGING,
    DONE,
    FAILED;

    /** As the protocol writes it. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
