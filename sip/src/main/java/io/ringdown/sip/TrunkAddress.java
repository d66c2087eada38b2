package io.ringdown.sip;

import java.util.Locale;
import java.util.OptionalInt;

/**
 * Where a trunk is reached, written {@code sip.example.net}, {@code 192.0.2.7:5070} or
 * {@code sip.example.net:5060;transport=tcp}.
 *
 * @param host a name or an address, without brackets
 * @param port its port
 * @param transport UDP unless said otherwise
 */
public record TrunkAddress(String host, int port, SipTransport transport) {

    /** Reads the written form; else IllegalArgumentException. */
    public static TrunkAddress parse(String text) {
        String t = text.strip();
        if (t.regionMatches(true, 0, "sip:", 0, 4)) {
            t = t.substring(4);
        }
        int semicolon = t.indexOf(';');
        HostPort at = HostPort.parse(semicolon < 0 ? t : t.substring(0, semicolon));
        SipTransport transport = semicolon < 0 ? SipTransport.UDP : transport(t.substring(semicolon + 1), text);
        return new TrunkAddress(at.host(), at.port().orElse(5060), transport);
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

    /** The host as a URI has it: an IPv6 address in brackets. */
    public String uriHost() {
        return new HostPort(host, OptionalInt.empty()).uriHost();
    }

    @Override
    public String toString() {
        return uriHost() + ":" + port + ";transport=" + transport.uriName();
    }
}
