package io.ringdown.sip;

import java.util.Locale;

/** What carries SIP. */
public enum SipTransport {
    UDP,
    TCP,
    TLS;

    /** The name as SIP writes it in a URI. */
    public String uriName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The port where none is written (RFC 3261 18.1.1). */
    public int defaultPort() {
        return this == TLS ? 5061 : 5060;
    }
}
