package io.ringdown.gateway.signaling;

import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.CallNews;
import io.ringdown.gateway.call.Calls;
import io.ringdown.gateway.call.ClientId;
import io.ringdown.gateway.call.Timers;
import io.ringdown.gateway.tokens.TokenVerifier;
import io.ringdown.sip.tls.CertificateException;
import io.ringdown.sip.web.WebSipSocket;
import io.ringdown.sip.web.WebSipWire;
import java.net.BindException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one web server: WebSocket, HTTP calls, pages, and what operators look at. Requests run on virtual threads.
 */
public final class WebServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
    private static final int MOST_CONNECTIONS = 20_000;
    // No request of ours takes longer to send; sockets have limits of their own.
    private static final Duration IDLE = Duration.ofSeconds(15);

    private final Server server;
    private final List<ServerConnector> connectors;
    private final WebSettings settings;
    private final Sessions sessions;
    private final HttpCalls httpCalls;
    private final Runnable farewell;

    private WebServer(
            Server server,
            List<ServerConnector> connectors,
            WebSettings settings,
            Sessions sessions,
            HttpCalls httpCalls,
            Runnable farewell) {
        this.server = server;
        this.connectors = connectors;
        this.settings = settings;
        this.sessions = sessions;
        this.httpCalls = httpCalls;
        this.farewell = farewell;
    }

    /**
     * Binds the address and begins to serve.
     *
     * @param clock nanoseconds, steady
     * @param phones takes each socket of a softphone; empty where they are not let in
     */
    public static WebServer start(
            WebSettings settings,
            Calls calls,
            Sessions sessions,
            TokenVerifier verifier,
            Operations operations,
            Timers timers,
            LongSupplier clock,
            Optional<Function<WebSipWire, WebSipSocket>> phones)
            throws WebStartException {
        if (!verifier.required() && settings.open().isPresent()) {
            throw new WebStartException("web.listen: " + settings.open().get() + " is not loopback, and without"
                    + " tokens.keys (or tokens.development-key) anybody who reaches it could call; set one, or listen on"
                    + " 127.0.0.1");
        }
        // Of its own it lets 200 run, and so many clients that send their bodies slowly would keep everybody else out.
        VirtualThreadPool threads = new VirtualThreadPool(2 * MOST_CONNECTIONS);
        threads.setName("http");
        Server server = new Server(threads);
        Tls tls;
        try {
            tls = Tls.of(settings, timers);
        } catch (CertificateException unusable) {
            throw new WebStartException(String.valueOf(unusable.getMessage()));
        }
        List<ServerConnector> connectors = settings.listen().stream()
                .map(address -> connector(server, address, tls))
                .toList();
        connectors.forEach(server::addConnector);
        server.addBean(new NetworkConnectionLimit(MOST_CONNECTIONS, server));
        ClientAddresses addresses = new ClientAddresses(settings.behindProxy());
        Connections connections = new Connections(settings, MOST_CONNECTIONS, timers, clock);
        connectors.forEach(connector -> connector.addBean(connections, false));
        SecurityHeaders headers = new SecurityHeaders(addresses, settings.tls() == WebSettings.Tls.FILES);
        server.setErrorHandler((request, response, callback) -> onError(headers, request, response, callback));

        Origins origins = new Origins(settings.origins());
        SecureRandom random = new SecureRandom();
        SessionRooms rooms = new SessionRooms(
                calls,
                sessions,
                verifier,
                new MessageReader(),
                new MessageWriter(),
                new IceServers(settings.iceServers(), InstantSource.system()),
                () -> token(random),
                timers,
                clock,
                new SessionRooms.Resumption(
                        settings.resumeWithin(), settings.reloadWithin(), settings.socketsPerAddress()));
        HttpCalls httpCalls = new HttpCalls(calls, verifier, origins, addresses, connections, timers);
        Sockets sockets = new Sockets(ServerWebSocketContainer.ensure(server), settings, timers, clock);
        RtcDoor rtc = new RtcDoor(sockets, rooms);
        Optional<SipDoor> sip = phones.map(taker -> new SipDoor(sockets, verifier, taker, timers, clock));
        server.setHandler(new FrontDoor(
                headers, connections, rtc, sip, httpCalls, new StaticPages(), addresses, operations, calls, verifier));
        begin(server, settings);
        connections.watch();
        Runnable stopWatching = tls.watch();
        Runnable farewell = () -> {
            stopWatching.run();
            connections.close();
            sockets.close();
        };
        return new WebServer(server, connectors, settings, sessions, httpCalls, farewell);
    }

    /** Where a browser on this machine finds the page. */
    public String url() {
        String scheme = settings.tls() == WebSettings.Tls.OFF ? "http" : "https";
        return scheme + "://" + new ListenAddress(settings.listen().getFirst().address(), port()) + "/";
    }

    /** The TCP port of its first address. */
    public int port() {
        return ports().getFirst();
    }

    /** The TCP ports that it listens on, in the order of its addresses. */
    List<Integer> ports() {
        return connectors.stream().map(ServerConnector::getLocalPort).toList();
    }

    /** Tells a client what happened to its call; false if it is gone. */
    public boolean tell(ClientId client, CallId call, CallNews news) {
        return switch (client.road()) {
            case SOCKET -> sessions.tell(client, call, news);
            case HTTP -> httpCalls.tell(call, news);
            case SIP -> false;
        };
    }

    /** Stops serving and closes every socket. */
    @Override
    public void close() {
        farewell.run();
        try {
            server.stop();
        } catch (Exception unclean) {
            LOG.warn("the web server did not stop cleanly", unclean);
        }
    }

    private static void begin(Server server, WebSettings settings) throws WebStartException {
        try {
            server.start();
        } catch (Exception failed) {
            try {
                server.stop();
            } catch (Exception again) {
                failed.addSuppressed(again);
            }
            boolean inUse = failed instanceof BindException || failed.getCause() instanceof BindException;
            throw new WebStartException(
                    inUse
                            ? "web.listen: "
                                    + settings.listen().stream()
                                            .map(ListenAddress::toString)
                                            .collect(Collectors.joining(" or "))
                                    + " cannot be bound (" + reason(failed)
                                    + "); end what uses the port, or choose another"
                            : "the web server cannot start: " + failed);
        }
    }

    private static String reason(Exception failed) {
        Throwable cause = failed.getCause() == null ? failed : failed.getCause();
        return String.valueOf(cause.getMessage());
    }

    private static ServerConnector connector(Server server, ListenAddress address, Tls tls) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(16 * 1024);
        // Addresses are often numbers here, for which no certificate has a name.
        http.addCustomizer(new SecureRequestCustomizer(false));
        HttpConnectionFactory factory = new HttpConnectionFactory(http);
        ServerConnector connector = tls.factory()
                .map(keys -> new ServerConnector(
                        server, 1, 1, new SslConnectionFactory(keys, factory.getProtocol()), factory))
                .orElseGet(() -> new ServerConnector(server, 1, 1, factory));
        connector.setHost(address.address().getHostAddress());
        connector.setPort(address.port());
        connector.setIdleTimeout(IDLE.toMillis());
        connector.setAcceptQueueSize(512);
        return connector;
    }

    /** What Jetty refuses by itself: malformed requests, mostly. */
    private static boolean onError(SecurityHeaders headers, Request request, Response response, Callback callback) {
        headers.put(request, response);
        // It is the end of this connection, whatever the client thinks: so it is told.
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        int status = response.getStatus() >= 400 ? response.getStatus() : HttpStatus.INTERNAL_SERVER_ERROR_500;
        Reply.malformed(response, callback, status);
        return true;
    }

    private static String token(SecureRandom random) {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** For tests and the admin page: what the server was started with. */
    Map<String, Object> debugState() {
        return Map.of("url", url(), "sessions", sessions.debugState());
    }
}
