package io.ringdown.sip;

import java.util.Locale;
import java.util.OptionalInt;

/**
 * Where a trunk is reached, written {@code sip.example.net}, {@code 192.0.2.7:5070} or
 * {@code sip.example.net:5060;transport=tcp}. {@code sips:} before it is {@code ;transport=tls} behind it.
 *
 * @param host a name or an address, without brackets
 * @param port its port
 * @param transport UDP unless said otherwise
 */
public record TrunkAddress(String host, int port, SipTransport transport) {

    /** Reads the written form; else IllegalArgumentException. */
    public static TrunkAddress parse(String text) {
        String t = text.strip();
        SipTransport usual = SipTransport.UDP;
        if (t.regionMatches(true, 0, "sip:", 0, 4)) {
            t = t.substring(4);
        } else if (t.regionMatches(true, 0, "sips:", 0, 5)) {
            t = t.substring(5);
            usual = SipTransport.TLS;
        }
        int semicolon = t.indexOf(';');
        HostPort at = HostPort.parse(semicolon < 0 ? t : t.substring(0, semicolon));
        SipTransport transport = semicolon < 0 ? usual : transport(t.substring(semicolon + 1), text);
        if (usual == SipTransport.TLS && transport == SipTransport.UDP) {
            throw new IllegalArgumentException(
                    "'" + text + "' asks for TLS and UDP; leave one of sips: and" + " ;transport=udp out");
        }
        // RFC 5630 3.1.3: sips with transport=tcp is TLS over TCP.
        SipTransport carried = usual == SipTransport.TLS ? usual : transport;
        return new TrunkAddress(at.host(), at.port().orElse(carried.defaultPort()), carried);
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

    /** The host as a URI has it: an IPv6 address in brackets. */
    public String uriHost() {
        return new HostPort(host, OptionalInt.empty()).uriHost();
    }

    @Override
    public String toString() {
        return uriHost() + ":" + port + ";transport=" + transport.uriName();
    }
}
