package io.ringdown.gateway.call;

import java.util.Locale;

/** Who has put a call on hold. */
public enum Holder {
    NOBODY,
    BROWSER,
    TELEPHONE,
    BOTH;

    static Holder of(boolean browser, boolean telephone) {
        if (browser) {
            return telephone ? BOTH : BROWSER;
        }
        return telephone ? TELEPHONE : NOBODY;
    }

    /** As the protocol writes it. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
