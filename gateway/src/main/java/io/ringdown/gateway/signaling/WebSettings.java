package io.ringdown.gateway.signaling;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The one web server: WebSocket, HTTP, pages.
 *
 * @param listen its addresses and ports; a session is the same at all of them
 * @param tls how it speaks HTTPS
 * @param certificate PEM file with the certificate and its chain; read again when it changes
 * @param key PEM file with the private key; read again when it changes
 * @param origins the pages that may use this gateway
 * @param behindProxy the networks of reverse proxies in front: only from there plain http is taken on an address that is
 *     not loopback, and only theirs are X-Forwarded-For and X-Forwarded-Proto believed
 * @param iceServers what browsers are told in {@code welcome}
 * @param socketsPerAddress how many sockets one client address may have open, and how many sessions that wait for theirs
 * @param resumeWithin how long a session waits for its client after its socket is gone; zero for not at all
 * @param reloadWithin how long a call waits for a page that was closed, for it may only be loaded again
 * @param limits what one client address may do
 */
public record WebSettings(
        List<ListenAddress> listen,
        Tls tls,
        Optional<Path> certificate,
        Optional<Path> key,
        List<Origin> origins,
        List<Network> behindProxy,
        List<IceServer> iceServers,
        int socketsPerAddress,
        Duration resumeWithin,
        Duration reloadWithin,
        WebLimits limits) {

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
        listen = List.copyOf(listen);
        if (listen.isEmpty()) {
            throw new IllegalArgumentException("listen: is empty; write an address and port, as in 127.0.0.1:8080");
        }
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
        Optional<ListenAddress> open = open(listen);
        if (tls == Tls.OFF && open.isPresent() && behindProxy.isEmpty()) {
            throw new IllegalArgumentException("tls: off on " + open.get() + " leaves pages without a microphone;"
                    + " write tls: files or self-signed, listen on 127.0.0.1, or name your proxy in behind-proxy");
        }
        if (socketsPerAddress < 1 || socketsPerAddress > 100_000) {
            throw new IllegalArgumentException(
                    "sockets-per-address: " + socketsPerAddress + " is out of range; write 1 to 100000");
        }
        checkTime("resume-within", resumeWithin, Duration.ofMinutes(10));
        checkTime("reload-within", reloadWithin, Duration.ofMinutes(1));
    }

    private static void checkTime(String key, Duration value, Duration most) {
        if (value.isNegative() || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    key + ": " + value.toMillis() + "ms is out of range; write 0s to " + most.toSeconds() + "s");
        }
    }

    /**
     * Plain http on 127.0.0.1:8080, for pages served by itself; clients have 30 s to come back, and pages 10 s to be loaded
     * again.
     */
    public static WebSettings defaults() {
        return new WebSettings(
                List.of(new ListenAddress(InetAddress.ofLiteral("127.0.0.1"), 8080)),
                Tls.OFF,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                64,
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                WebLimits.defaults());
    }

    /** Whether only this machine reaches it. */
    public boolean loopback() {
        return open().isEmpty();
    }

    /** The first address that others than this machine reach; empty if there is none. */
    public Optional<ListenAddress> open() {
        return open(listen);
    }

    private static Optional<ListenAddress> open(List<ListenAddress> addresses) {
        return addresses.stream().filter(address -> !address.loopback()).findFirst();
    }

    /** As this, at other addresses. */
    public WebSettings withListen(List<ListenAddress> addresses) {
        return new WebSettings(
                addresses,
                tls,
                certificate,
                key,
                origins,
                behindProxy,
                iceServers,
                socketsPerAddress,
                resumeWithin,
                reloadWithin,
                limits);
    }

    /** As this, with HTTPS spoken in another way; with the files of the certificate and its key where it is by those. */
    public WebSettings withTls(Tls how, Optional<Path> certificateFile, Optional<Path> keyFile) {
        return new WebSettings(
                listen,
                how,
                certificateFile,
                keyFile,
                origins,
                behindProxy,
                iceServers,
                socketsPerAddress,
                resumeWithin,
                reloadWithin,
                limits);
    }

    /** As this, for other pages. */
    public WebSettings withOrigins(List<Origin> pages) {
        return new WebSettings(
                listen,
                tls,
                certificate,
                key,
                pages,
                behindProxy,
                iceServers,
                socketsPerAddress,
                resumeWithin,
                reloadWithin,
                limits);
    }

    /** As this, behind other proxies. */
    public WebSettings withBehindProxy(List<Network> proxies) {
        return new WebSettings(
                listen,
                tls,
                certificate,
                key,
                origins,
                proxies,
                iceServers,
                socketsPerAddress,
                resumeWithin,
                reloadWithin,
                limits);
    }

    /** As this, with another bound on the sockets of an address. */
    public WebSettings withSocketsPerAddress(int most) {
        return new WebSettings(
                listen,
                tls,
                certificate,
                key,
                origins,
                behindProxy,
                iceServers,
                most,
                resumeWithin,
                reloadWithin,
                limits);
    }

    /** As this, with other times for clients to come back, and for pages to be loaded again. */
    public WebSettings withResumption(Duration resume, Duration reload) {
        return new WebSettings(
                listen,
                tls,
                certificate,
                key,
                origins,
                behindProxy,
                iceServers,
                socketsPerAddress,
                resume,
                reload,
                limits);
    }

    /** As this, with other limits for each address. */
    public WebSettings withLimits(WebLimits other) {
        return new WebSettings(
                listen,
                tls,
                certificate,
                key,
                origins,
                behindProxy,
                iceServers,
                socketsPerAddress,
                resumeWithin,
                reloadWithin,
                other);
    }
}
