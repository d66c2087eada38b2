package io.ringdown.sip;

/** What carries SIP. */
public enum SipTransport {
    UDP,
    TCP;

    /** The name as SIP writes it in a URI. */
    public String uriName() {
        return this == UDP ? "udp" : "tcp";
    }
}
