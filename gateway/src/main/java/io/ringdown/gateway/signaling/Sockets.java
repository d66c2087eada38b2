package io.ringdown.gateway.signaling;

import io.ringdown.gateway.call.Timers;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/**
 * Every WebSocket of ours, whatever is spoken on it: opens one for who may come in, so many for each address, pings it while it is
 * open, and closes all of them at the end. Thread-safe.
 */
final class Sockets {
    // RFC 6455 §7.4.1: 1001 is "going away, such as a server going down".
    private static final int GOING_AWAY = 1001;
    private static final Duration FAREWELL = Duration.ofSeconds(1);
    private static final Pings.Pace PINGS = new Pings.Pace(Duration.ofSeconds(20), Duration.ofSeconds(45));

    private final ServerWebSocketContainer container;
    private final WebSettings settings;
    private final Origins origins;
    private final ClientAddresses addresses;
    private final Timers timers;
    private final LongSupplier clock;
    private final Map<Network, Integer> socketsByAddress = new ConcurrentHashMap<>();
    // Every open socket, with what is completed when it has closed.
    private final Map<Wire, CompletableFuture<Void>> open = new ConcurrentHashMap<>();
    private volatile boolean leaving;

    /** Sockets of this container. {@code clock} in nanoseconds, steady. */
    Sockets(ServerWebSocketContainer container, WebSettings settings, Timers timers, LongSupplier clock) {
        this.container = container;
        this.settings = settings;
        this.origins = new Origins(settings.origins());
        this.addresses = new ClientAddresses(settings.behindProxy());
        this.timers = timers;
        this.clock = clock;
        container.setMaxTextMessageSize(MessageReader.LONGEST_MESSAGE);
        container.setMaxFrameSize(MessageReader.LONGEST_MESSAGE);
        container.setMaxBinaryMessageSize(MessageReader.LONGEST_MESSAGE);
        container.setIdleTimeout(PINGS.silence().plus(PINGS.every()));
    }

    /** Closes every socket, after what was sent on it, and waits a moment for the clients to have heard it. */
    void close() {
        leaving = true;
        open.keySet().forEach(Sockets::sendAway);
        CompletableFuture.allOf(open.values().toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, FAREWELL.toNanos(), TimeUnit.NANOSECONDS)
                .join();
    }

    private static void sendAway(Wire wire) {
        wire.close(GOING_AWAY, "going away");
    }

    /** The client's address. */
    InetAddress addressOf(Request request) {
        return addresses.of(request);
    }

    /** Whether it comes from a page that is not on the list: nothing else of it is to be looked at. */
    boolean isOfStranger(Request request) {
        return Origins.of(request).filter(page -> !origins.allows(page)).isPresent();
    }

    static void refuseOrigin(Response response, Callback callback) {
        Reply.problem(
                response,
                callback,
                HttpStatus.FORBIDDEN_403,
                "origin",
                "This origin is not on the gateway's list (web.origins). A client that is no browser sends a listed"
                        + " Origin, or Authorization.");
    }

    /** Whether the client can speak this; without it there is no upgrade. */
    static boolean offers(Request request, String subprotocol) {
        return request.getHeaders().getValuesList(HttpHeader.SEC_WEBSOCKET_SUBPROTOCOL).stream()
                .flatMap(value -> List.of(value.split(",", -1)).stream())
                .map(String::strip)
                .anyMatch(subprotocol::equals);
    }

    static void refuseSubprotocol(Response response, Callback callback, String subprotocol) {
        Reply.problem(
                response,
                callback,
                HttpStatus.BAD_REQUEST_400,
                "subprotocol",
                "A WebSocket here needs the subprotocol " + subprotocol + ".");
    }

    /** Opens a socket for who may come in, if its address has not too many; the conversation on it begins then. */
    void admit(
            Request request,
            Response response,
            Callback callback,
            String subprotocol,
            Function<Wire, Conversation> conversation) {
        InetAddress from = addresses.of(request);
        int sockets = socketsByAddress.merge(Network.around(from), 1, Integer::sum);
        if (sockets > settings.socketsPerAddress()) {
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
                    (_, answer, _) -> socket(answer, subprotocol, conversation, releaseOnce),
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

    private TextSocket socket(
            ServerUpgradeResponse response,
            String subprotocol,
            Function<Wire, Conversation> conversation,
            Runnable release) {
        response.setAcceptedSubProtocol(subprotocol);
        response.setExtensions(List.of());
        return new TextSocket(conversation, this::pace, clock, release);
    }

    private TextSocket.Pace pace(Wire wire) {
        Pings pings = new Pings(wire, timers, PINGS, clock);
        pings.next();
        CompletableFuture<Void> closed = new CompletableFuture<>();
        open.put(wire, closed);
        if (leaving) {
            sendAway(wire);
        }
        return new TextSocket.Pace() {
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

    private void release(InetAddress from) {
        socketsByAddress.merge(
                Network.around(from), -1, (before, change) -> before + change == 0 ? null : before + change);
    }
}
