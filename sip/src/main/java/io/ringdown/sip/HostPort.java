package io.ringdown.sip;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host and perhaps a port, as SIP writes them: {@code 203.0.113.5}, {@code [2001:db8::1]:5070}, {@code sip.example.net}.
 *
 * @param host a name or an address, without brackets
 * @param port the port; empty for the protocol's own
 */
public record HostPort(String host, OptionalInt port) {
    private static final Pattern SHAPE = Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([A-Za-z0-9._-]+))(?::(\\d{1,5}))?");

    public HostPort {
        if (port.isPresent() && (port.getAsInt() < 1 || port.getAsInt() > 65535)) {
            throw new IllegalArgumentException("port " + port.getAsInt() + " is not 1 to 65535");
        }
    }

    /** Reads {@code host}, {@code host:port}, {@code [v6]} or {@code [v6]:port}; else IllegalArgumentException. */
    public static HostPort parse(String text) {
        Matcher m = SHAPE.matcher(text.strip());
        if (!m.matches()) {
            throw new IllegalArgumentException("'" + text
                    + "' is not a host or host:port; write for example sip.example.net:5060 or [2001:db8::1]:5060");
        }
        String host = m.group(1) != null ? m.group(1) : m.group(2);
        String port = m.group(3);
        return new HostPort(host, port == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(port)));
    }

    /** The host as a URI or a Via has it: an IPv6 address in brackets. */
    public String uriHost() {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    @Override
    public String toString() {
        return port.isPresent() ? uriHost() + ":" + port.getAsInt() : uriHost();
    }
}
