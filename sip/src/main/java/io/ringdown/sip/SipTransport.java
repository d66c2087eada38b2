package io.ringdown.sip;

import java.util.Locale;

/** What carries SIP. */
public enum SipTransport {
    UDP,
    TCP,
    TLS,
    /** A WebSocket (RFC 7118) that a softphone has opened; trunks have none. */
    WSS;

    /** The name as SIP writes it in a URI; of a WebSocket that of the stack, since URIs have {@code ws} for both kinds. */
    public String uriName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The port where none is written (RFC 3261 18.1.1). */
    public int defaultPort() {
        return switch (this) {
            case UDP, TCP -> 5060;
            case TLS -> 5061;
            case WSS -> 443; // RFC 7118 5
        };
    }
}
