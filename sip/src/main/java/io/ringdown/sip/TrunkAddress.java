package io.ringdown.sip;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where a trunk is reached, written {@code sip.example.net}, {@code 192.0.2.7:5070} or
 * {@code sip.example.net:5060;transport=tcp}. What is left out is asked of the DNS (RFC 3263 4).
 *
 * @param host a name or an address, without brackets
 * @param givenPort its port, where one was written
 * @param givenTransport its transport, where one was written
 */
public record TrunkAddress(String host, OptionalInt givenPort, Optional<SipTransport> givenTransport) {

    /** All of it given: no SRV and no NAPTR is asked for. */
    public TrunkAddress(String host, int port, SipTransport transport) {
        this(host, OptionalInt.of(port), Optional.of(transport));
    }

    /** Reads the written form; else IllegalArgumentException. */
    public static TrunkAddress parse(String text) {
        String t = text.strip();
        if (t.regionMatches(true, 0, "sip:", 0, 4)) {
            t = t.substring(4);
        }
        int semicolon = t.indexOf(';');
        HostPort at = HostPort.parse(semicolon < 0 ? t : t.substring(0, semicolon));
        Optional<SipTransport> transport =
                semicolon < 0 ? Optional.empty() : Optional.of(transport(t.substring(semicolon + 1), text));
        return new TrunkAddress(at.host(), at.port(), transport);
    }

    private static SipTransport transport(String parameter, String text) {
        return switch (parameter.strip().toLowerCase(Locale.ROOT)) {
            case "transport=udp" -> SipTransport.UDP;
            case "transport=tcp" -> SipTransport.TCP;
            default ->
                throw new IllegalArgumentException(
                        "'" + text + "' has a parameter that is not known; ;transport=udp or ;transport=tcp");
        };
    }

    /** The port, 5060 where none was written. */
    public int port() {
        return givenPort.orElse(5060);
    }

    /** The transport, UDP where none was written. */
    public SipTransport transport() {
        return givenTransport.orElse(SipTransport.UDP);
    }

    /** The host as a URI has it: an IPv6 address in brackets. */
    public String uriHost() {
        return new HostPort(host, OptionalInt.empty()).uriHost();
    }

    /** The domain as a SIP URI without a user, for requests to nobody in particular. */
    public String uri() {
        return "sip:" + new HostPort(host, givenPort);
    }

    @Override
    public String toString() {
        return uriHost()
                + (givenPort.isPresent() ? ":" + givenPort.getAsInt() : "")
                + givenTransport.map(t -> ";transport=" + t.uriName()).orElse("");
    }
}
