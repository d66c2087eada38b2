package io.ringdown.gateway.signaling;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A local address and TCP port, written {@code 127.0.0.1:8080} or {@code [::1]:8080}. Literals only: a listener's address
 * does not come from a name server.
 *
 * @param address where to listen
 * @param port 0 to 65535; 0 for any free one
 */
public record ListenAddress(InetAddress address, int port) {
    private static final Pattern FORM = Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([0-9.]+)):([0-9]{1,5})");

    public ListenAddress {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not 0 to 65535");
        }
    }

    /** Reads {@code address:port}. */
    public static ListenAddress parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "is not an address and port; write 127.0.0.1:8080, 0.0.0.0:8443 or [::]:8443");
        }
        String host = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
        return new ListenAddress(InetAddress.ofLiteral(host), Integer.parseInt(matcher.group(3)));
    }

    public boolean loopback() {
        return address.isLoopbackAddress();
    }

    InetSocketAddress socketAddress() {
        return new InetSocketAddress(address, port);
    }

    @Override
    public String toString() {
        String host = address.getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
