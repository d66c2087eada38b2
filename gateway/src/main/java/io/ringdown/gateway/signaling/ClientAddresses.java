package io.ringdown.gateway.signaling;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * Where a request really comes from: the peer of the connection, unless that is one of our proxies; then the last address in
 * X-Forwarded-For that is not.
 *
 * @param proxies the networks of the proxies in front
 */
record ClientAddresses(List<Network> proxies) {
    private static final InetAddress UNKNOWN = InetAddress.ofLiteral("0.0.0.0");

    InetAddress of(Request request) {
        InetAddress peer = peer(request);
        if (!trusted(peer)) {
            return peer;
        }
        List<String> forwarded = request.getHeaders().getValuesList(HttpHeader.X_FORWARDED_FOR).stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(String::strip)
                .toList();
        for (String address : forwarded.reversed()) {
            Optional<InetAddress> literal = literal(address);
            if (literal.isEmpty()) {
                return peer;
            }
            if (!trusted(literal.get())) {
                return literal.get();
            }
        }
        return peer;
    }

    /** Whether the browser's side of the connection is encrypted, by us or by a proxy of ours. */
    boolean secure(Request request) {
        return request.isSecure()
                || (trusted(peer(request))
                        && "https".equals(request.getHeaders().get(HttpHeader.X_FORWARDED_PROTO)));
    }

    /** Whether the request was made on this machine itself: over loopback, through no proxy, and under a local name. */
    boolean local(Request request) {
        boolean forwarded = request.getHeaders().contains(HttpHeader.X_FORWARDED_FOR)
                || request.getHeaders().contains(HttpHeader.FORWARDED);
        return proxies.isEmpty() && !forwarded && peer(request).isLoopbackAddress() && localName(request);
    }

    /** A page of another site can lead its own name to 127.0.0.1; the name still shows in Host. */
    private static boolean localName(Request request) {
        String host = Request.getServerName(request);
        return host != null
                && (host.equals("localhost")
                        || literal(host.replace("[", "").replace("]", ""))
                                .filter(InetAddress::isLoopbackAddress)
                                .isPresent());
    }

    private boolean trusted(InetAddress address) {
        return proxies.stream().anyMatch(network -> network.contains(address));
    }

    private static InetAddress peer(Request request) {
        return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress address
                        && address.getAddress() != null
                ? address.getAddress()
                : UNKNOWN;
    }

    private static Optional<InetAddress> literal(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException noLiteral) {
            return Optional.empty();
        }
    }
}
