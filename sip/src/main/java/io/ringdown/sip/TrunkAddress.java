package io.ringdown.sip;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where a trunk is reached, written {@code sip.example.net}, {@code 192.0.2.7:5070} or
 * {@code sip.example.net:5060;transport=tcp}. {@code sips:} before it is {@code ;transport=tls} behind it. What is left out is
 * asked of the DNS (RFC 3263 4).
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
        Optional<SipTransport> usual = Optional.empty();
        if (t.regionMatches(true, 0, "sip:", 0, 4)) {
            t = t.substring(4);
        } else if (t.regionMatches(true, 0, "sips:", 0, 5)) {
            t = t.substring(5);
            usual = Optional.of(SipTransport.TLS);
        }
        int semicolon = t.indexOf(';');
        HostPort at = HostPort.parse(semicolon < 0 ? t : t.substring(0, semicolon));
        Optional<SipTransport> transport =
                semicolon < 0 ? usual : Optional.of(transport(t.substring(semicolon + 1), text));
        if (usual.isPresent() && transport.equals(Optional.of(SipTransport.UDP))) {
            throw new IllegalArgumentException(
                    "'" + text + "' asks for TLS and UDP; leave one of sips: and ;transport=udp out");
        }
        // RFC 5630 3.1.3: sips with transport=tcp is TLS over TCP.
        return new TrunkAddress(at.host(), at.port(), usual.or(() -> transport));
    }

    private static SipTransport transport(String parameter, String text) {
        return switch (parameter.strip().toLowerCase(Locale.ROOT)) {
            case "transport=udp" -> SipTransport.UDP;
            case "transport=tcp" -> SipTransport.TCP;
            case "transport=tls" -> SipTransport.TLS;
            default ->
                throw new IllegalArgumentException("'" + text
                        + "' has a parameter that is not known; ;transport=udp, ;transport=tcp or ;transport=tls");
        };
    }

    /** The port, its transport's usual one where none was written. */
    public int port() {
        return givenPort.orElse(transport().defaultPort());
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
