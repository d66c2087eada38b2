package io.ringdown.gateway.signaling;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The one web server: WebSocket, HTTP, pages.
 *
 * @param listen its address and port
 * @param tls how it speaks HTTPS
 * @param certificate PEM file with the certificate and its chain; read again when it changes
 * @param key PEM file with the private key; read again when it changes
 * @param origins the pages that may use this gateway
 * @param behindProxy the networks of reverse proxies in front: only from there plain http is taken on an address that is
 *     not loopback, and only theirs are X-Forwarded-For and X-Forwarded-Proto believed
 * @param iceServers what browsers are told in {@code welcome}
 * @param socketsPerAddress how many sockets one client address may have open
 */
public record WebSettings(
        ListenAddress listen,
        Tls tls,
        Optional<Path> certificate,
        Optional<Path> key,
        List<Origin> origins,
        List<Network> behindProxy,
        List<IceServer> iceServers,
        int socketsPerAddress) {

    /** How the server speaks HTTPS. */
    public enum Tls {
        /** It does not: loopback, or behind a proxy that does. */
        OFF,
        /** With a certificate that it makes for itself at start: for trying. */
        SELF_SIGNED,
        /** With the files {@code certificate} and {@code key}. */
        FILES
    }

    public WebSettings {
        origins = List.copyOf(origins);
        behindProxy = List.copyOf(behindProxy);
        iceServers = List.copyOf(iceServers);
        boolean files = certificate.isPresent() || key.isPresent();
        if (tls == Tls.FILES && (certificate.isEmpty() || key.isEmpty())) {
            throw new IllegalArgumentException("tls: files needs certificate and key; name the two PEM files");
        }
        if (tls != Tls.FILES && files) {
            throw new IllegalArgumentException(
                    "tls: certificate and key are given but not used; write tls: files, or take them out");
        }
        if (tls == Tls.OFF && !listen.loopback() && behindProxy.isEmpty()) {
            throw new IllegalArgumentException("tls: off on " + listen + " leaves pages without a microphone;"
                    + " write tls: files or self-signed, listen on 127.0.0.1, or name your proxy in behind-proxy");
        }
        if (socketsPerAddress < 1 || socketsPerAddress > 100_000) {
            throw new IllegalArgumentException(
                    "sockets-per-address: " + socketsPerAddress + " is out of range; write 1 to 100000");
        }
    }

    /** Plain http on 127.0.0.1:8080, for pages served by itself. */
    public static WebSettings defaults() {
        return new WebSettings(
                new ListenAddress(InetAddress.ofLiteral("127.0.0.1"), 8080),
                Tls.OFF,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                64);
    }
}
