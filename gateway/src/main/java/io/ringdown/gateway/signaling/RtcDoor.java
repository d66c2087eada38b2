package io.ringdown.gateway.signaling;

import io.ringdown.gateway.tokens.Identity;
import io.ringdown.gateway.tokens.Presented;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/** Decides, before the upgrade, which WebSockets come in. Thread-safe. */
final class RtcDoor {
    static final String SUBPROTOCOL = "ringdown.v1";
    private static final String TOKEN_SUBPROTOCOL = "ringdown.token.";
    // RFC 6455 §7.4.1: 1001 is "going away, such as a server going down".
    private static final int GOING_AWAY = 1001;
    private static final Duration FAREWELL = Duration.ofSeconds(1);
    private static final Pings.Pace PINGS = new Pings.Pace(Duration.ofSeconds(20), Duration.ofSeconds(45));

    private final ServerWebSocketContainer container;
    private final WebSettings settings;
    private final Origins origins;
    private final ClientAddresses addresses;
    private final SessionRooms rooms;
    private final Map<Network, Integer> socketsByAddress = new ConcurrentHashMap<>();
    // Every open socket, with what is completed when it has closed.
    private final Map<Wire, CompletableFuture<Void>> open = new ConcurrentHashMap<>();
    private volatile boolean leaving;

    RtcDoor(ServerWebSocketContainer container, WebSettings settings, SessionRooms rooms) {
        this.container = container;
        this.settings = settings;
        this.origins = new Origins(settings.origins());
        this.addresses = new ClientAddresses(settings.behindProxy());
        this.rooms = rooms;
        container.setMaxTextMessageSize(MessageReader.LONGEST_MESSAGE);
        container.setMaxFrameSize(MessageReader.LONGEST_MESSAGE);
        container.setMaxBinaryMessageSize(MessageReader.LONGEST_MESSAGE);
        container.setIdleTimeout(PINGS.silence().plus(PINGS.every()));
    }

    /** Closes every socket, after what was sent on it, and waits a moment for the clients to have heard it. */
    void close() {
        leaving = true;
        open.keySet().forEach(RtcDoor::sendAway);
        CompletableFuture.allOf(open.values().toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, FAREWELL.toNanos(), TimeUnit.NANOSECONDS)
                .join();
    }

    private static void sendAway(Wire wire) {
        wire.close(GOING_AWAY, "going away");
    }

    void handle(Request request, Response response, Callback callback) {
        if (Origins.of(request).filter(page -> !origins.allows(page)).isPresent()) {
            // Before its token is looked at: no page of strangers is to have its visitors' address held off.
            refuseOrigin(response, callback);
            return;
        }
        Optional<String> token = token(request);
        Optional<Identity> shown =
                token.flatMap(_ -> mayComeIn(new Presented(token, Origins.of(request), addresses.of(request))));
        if (token.isPresent() && shown.isEmpty()) {
            Reply.unauthorized(response, callback, rooms.verifier().heldOff(addresses.of(request)));
        } else if (Origins.of(request).isEmpty() && !isNoBrowser(request, shown)) {
            refuseOrigin(response, callback);
        } else if (!offersOurs(request)) {
            Reply.problem(
                    response,
                    callback,
                    HttpStatus.BAD_REQUEST_400,
                    "subprotocol",
                    "A WebSocket here needs the subprotocol " + SUBPROTOCOL + ".");
        } else {
            admit(request, response, callback, new Visit.Shown(token, shown));
        }
    }

    /**
     * Whom the token names, if it opens something, or its bearer has a session to come back to: a token that has had its call
     * is enough for that, and so is one that has run out, of a client that can show no other. Of a page that is refused like
     * everything else that opens nothing: it says its token in {@code hello}, and can leave it out there.
     */
    private Optional<Identity> mayComeIn(Presented shown) {
        Optional<Identity> named = shown.origin().isPresent()
                ? rooms.verifier().identify(shown)
                : rooms.verifier().recognize(shown);
        return named.filter(who ->
                rooms.sessions().haveOne(who) || rooms.verifier().verify(shown).isPresent());
    }

    private static void refuseOrigin(Response response, Callback callback) {
        Reply.problem(
                response,
                callback,
                HttpStatus.FORBIDDEN_403,
                "origin",
                "This origin is not on the gateway's list (web.origins). A client that is no browser sends a listed"
                        + " Origin, or Authorization.");
    }

    private void admit(Request request, Response response, Callback callback, Visit.Shown shown) {
        InetAddress from = addresses.of(request);
        int open = socketsByAddress.merge(Network.around(from), 1, Integer::sum);
        if (open > settings.socketsPerAddress()) {
            release(from);
            Reply.problem(
                    response,
                    callback,
                    HttpStatus.TOO_MANY_REQUESTS_429,
                    "too-many-sockets",
                    "This address has " + settings.socketsPerAddress() + " sockets already.");
            return;
        }
        AtomicReference<Runnable> release = new AtomicReference<>(() -> release(from));
        Runnable releaseOnce = () -> release.getAndSet(() -> {}).run();
        boolean taken;
        try {
            taken = container.upgrade(
                    (_, answer, _) -> socket(answer, shown, Origins.of(request), from, releaseOnce),
                    request,
                    response,
                    callback);
        } catch (RuntimeException failed) {
            releaseOnce.run();
            throw failed;
        }
        if (!taken) {
            releaseOnce.run();
            response.getHeaders().put(HttpHeader.UPGRADE, "websocket"); // RFC 9110 §15.5.22
            Reply.problem(
                    response,
                    callback,
                    HttpStatus.UPGRADE_REQUIRED_426,
                    "not-a-websocket",
                    "This is a WebSocket; see docs/protocol.md.");
        } else if (response.getStatus() != HttpStatus.SWITCHING_PROTOCOLS_101) {
            releaseOnce.run();
        }
    }

    private RtcSocket socket(
            ServerUpgradeResponse response,
            Visit.Shown shown,
            Optional<String> origin,
            InetAddress from,
            Runnable release) {
        response.setAcceptedSubProtocol(SUBPROTOCOL);
        response.setExtensions(List.of());
        return new RtcSocket(wire -> new Visit(shown, origin, from, wire, rooms), this::pace, rooms.clock(), release);
    }

    private RtcSocket.Pace pace(Wire wire) {
        Pings pings = new Pings(wire, rooms.timers(), PINGS, rooms.clock());
        pings.next();
        CompletableFuture<Void> closed = new CompletableFuture<>();
        open.put(wire, closed);
        if (leaving) {
            sendAway(wire);
        }
        return new RtcSocket.Pace() {
            @Override
            public void heard() {
                pings.heard();
            }

            @Override
            public void stop() {
                pings.stop();
                open.remove(wire);
                closed.complete(null);
            }
        };
    }

    /** No page can set that header of a handshake. */
    private static boolean isNoBrowser(Request request, Optional<Identity> shown) {
        return shown.isPresent() && request.getHeaders().contains(HttpHeader.AUTHORIZATION);
    }

    private static boolean offersOurs(Request request) {
        return request.getHeaders().getValuesList(HttpHeader.SEC_WEBSOCKET_SUBPROTOCOL).stream()
                .flatMap(value -> List.of(value.split(",", -1)).stream())
                .map(String::strip)
                .anyMatch(SUBPROTOCOL::equals);
    }

    private static Optional<String> token(Request request) {
        return Bearer.of(request)
                .or(() -> request.getHeaders().getValuesList(HttpHeader.SEC_WEBSOCKET_SUBPROTOCOL).stream()
                        .flatMap(value -> List.of(value.split(",", -1)).stream())
                        .map(String::strip)
                        .filter(value -> value.startsWith(TOKEN_SUBPROTOCOL))
                        .map(value -> value.substring(TOKEN_SUBPROTOCOL.length()))
                        .findFirst());
    }

    private void release(InetAddress from) {
        socketsByAddress.merge(
                Network.around(from), -1, (before, change) -> before + change == 0 ? null : before + change);
    }
}
