package io.ringdown.gateway.signaling;

import io.ringdown.gateway.call.Timers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/**
 * Every TCP connection of the web server: so many of one address, and each with a time until which its next request must have
 * come whole. The server's own idle time begins anew with each byte, so that who sends one now and then would stay forever; for
 * the same reason one that has become no WebSocket ends after a while, and sooner where they are nearly as many as may be.
 * Thread-safe.
 */
final class Connections implements SelectorManager.AcceptListener, Connection.Listener {
    // TLS takes two round trips more; a mobile network may need a second for each, and loses some.
    private static final Duration FIRST_REQUEST = Duration.ofSeconds(10);
    private static final Duration NEXT_REQUEST = Duration.ofSeconds(15);
    private static final Duration BODY = Duration.ofSeconds(10);
    // Whoever asks again and again has a place for so long, and comes anew like everybody.
    private static final Duration LONGEST_WITHOUT_SOCKET = Duration.ofMinutes(2);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final WebLimits limits;
    private final int crowded;
    private final List<Network> proxies;
    private final RequestRates rates;
    private final Timers timers;
    private final LongSupplier clock;
    private final Map<SelectableChannel, Guest> guests = new ConcurrentHashMap<>();
    private final Map<Network, Integer> byAddress = new ConcurrentHashMap<>();
    private final AtomicLong turnedAway = new AtomicLong();
    private final AtomicLong tooSlow = new AtomicLong();
    private final AtomicLong tooFast = new AtomicLong();
    private volatile boolean isOver;

    /** One connection. */
    private static final class Guest {
        private final Optional<Network> counted;
        private final boolean isOneTooMany;
        private volatile @Nullable EndPoint endPoint;
        // Of the request under way: the server may tell of the end of one when the next has begun already.
        private volatile @Nullable Request current;
        private volatile boolean isAwaited = true;
        private volatile boolean isIdle; // between two requests
        private final long cameNanos;
        private final AtomicLong dueNanos;

        Guest(Optional<Network> counted, boolean isOneTooMany, long now) {
            this.counted = counted;
            this.isOneTooMany = isOneTooMany;
            this.cameNanos = now;
            this.dueNanos = new AtomicLong(now + FIRST_REQUEST.toNanos());
        }

        void awaitUntil(long nanos) {
            dueNanos.set(nanos);
            isAwaited = true;
        }

        void awaitNothing() {
            isAwaited = false;
        }

        void close() {
            EndPoint open = endPoint;
            if (open != null) {
                open.close();
            }
        }
    }

    /**
     * No connection yet.
     *
     * @param most how many there may be in all
     * @param clock nanoseconds, steady
     */
    Connections(WebSettings settings, int most, Timers timers, LongSupplier clock) {
        this.crowded = most / 5 * 4;
        this.limits = settings.limits();
        this.proxies = settings.behindProxy();
        this.rates = new RequestRates(limits.requestsPerSecondPerAddress());
        this.timers = timers;
        this.clock = clock;
    }

    /** Looks about from now on, until it is closed. */
    void watch() {
        if (!isOver) {
            long began = clock.getAsLong();
            timers.after(LOOK.toNanos(), () -> look(began));
        }
    }

    void close() {
        isOver = true;
    }

    private void look(long lookedBefore) {
        long now = clock.getAsLong();
        // A machine that stood still did not read either: its own lateness is nobody's slowness.
        long late = Math.max(0, now - lookedBefore - LOOK.toNanos());
        for (Guest guest : guests.values()) {
            long due = guest.dueNanos.addAndGet(late);
            boolean isTooSlow = guest.isAwaited && now - due >= 0;
            // Who asked for a socket and got none was not told that it was the end.
            if (isTooSlow || (guest.isAwaited && guest.isIdle && hasBeenLong(guest, now))) {
                guest.awaitNothing();
                tooSlow.addAndGet(isTooSlow ? 1 : 0);
                guest.close();
            }
        }
        rates.forget(now);
        watch();
    }

    // ---- connections come and go, on the server's threads

    @Override
    public void onAccepting(SelectableChannel channel) {
        Optional<Network> from = peer(channel)
                .filter(address -> proxies.stream().noneMatch(network -> network.contains(address)))
                .map(Network::around);
        int open =
                from.map(network -> byAddress.merge(network, 1, Integer::sum)).orElse(0);
        guests.put(channel, new Guest(from, open > limits.connectionsPerAddress(), clock.getAsLong()));
    }

    @Override
    public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
        onClosed(channel);
    }

    @Override
    public void onClosed(SelectableChannel channel) {
        Guest guest = guests.remove(channel);
        if (guest != null) {
            guest.counted.ifPresent(network ->
                    byAddress.merge(network, -1, (before, change) -> before + change == 0 ? null : before + change));
        }
    }

    @Override
    public void onOpened(Connection connection) {
        EndPoint endPoint = innermost(connection.getEndPoint());
        Guest guest = guest(endPoint);
        if (guest != null && guest.endPoint == null) {
            guest.endPoint = endPoint;
            if (guest.isOneTooMany) {
                guest.awaitNothing();
                turnedAway.incrementAndGet();
                endPoint.close();
            }
        }
    }

    // ---- requests

    /** A request's head has come; false if its address makes too many. Its body, if it has one, must come in time. */
    boolean onRequest(Request request, InetAddress from, boolean hasBody) {
        Guest guest =
                guest(innermost(request.getConnectionMetaData().getConnection().getEndPoint()));
        if (guest != null) {
            guest.current = request;
            guest.isIdle = false;
            if (hasBody) {
                guest.awaitUntil(clock.getAsLong() + BODY.toNanos());
            } else {
                guest.awaitNothing();
            }
        }
        boolean isAdmitted = rates.admits(Network.around(from), clock.getAsLong());
        if (!isAdmitted) {
            tooFast.incrementAndGet();
        }
        return isAdmitted;
    }

    /** Whether the connection is to end with the answer to this request, unless that makes a WebSocket of it. */
    boolean isLast(Request request) {
        Guest guest =
                guest(innermost(request.getConnectionMetaData().getConnection().getEndPoint()));
        return guest != null && hasBeenLong(guest, clock.getAsLong());
    }

    /** A reverse proxy's connections are everybody's. */
    private boolean hasBeenLong(Guest guest, long now) {
        return guest.counted.isPresent()
                && (now - guest.cameNanos >= LONGEST_WITHOUT_SOCKET.toNanos() || guests.size() > crowded);
    }

    /** The request's body has come. */
    void onBody(Request request) {
        Guest guest =
                guest(innermost(request.getConnectionMetaData().getConnection().getEndPoint()));
        if (guest != null) {
            guest.awaitNothing();
        }
    }

    /** The request is answered, and another may come; a WebSocket has times of its own. */
    @SuppressWarnings("ReferenceEquality") // it is this very request, or another
    void onAnswered(Request request, Response response) {
        Guest guest =
                guest(innermost(request.getConnectionMetaData().getConnection().getEndPoint()));
        if (guest != null && guest.current == request && response.getStatus() != HttpStatus.SWITCHING_PROTOCOLS_101) {
            guest.current = null;
            guest.isIdle = true;
            guest.awaitUntil(clock.getAsLong() + NEXT_REQUEST.toNanos());
        }
    }

    /** How many are open, and how many were refused for which reason. */
    Map<String, Object> debugState() {
        return Map.of(
                "open", guests.size(),
                "addresses", byAddress.size(),
                "turnedAway", turnedAway.get(),
                "tooSlow", tooSlow.get(),
                "tooFast", tooFast.get());
    }

    private @Nullable Guest guest(EndPoint endPoint) {
        return endPoint.getTransport() instanceof SelectableChannel channel ? guests.get(channel) : null;
    }

    /** The end point of the TCP connection, below TLS. */
    private static EndPoint innermost(EndPoint endPoint) {
        EndPoint inner = endPoint;
        while (inner instanceof EndPoint.Wrapper wrapper) {
            inner = wrapper.unwrap();
        }
        return inner;
    }

    private static Optional<InetAddress> peer(SelectableChannel channel) {
        try {
            return channel instanceof SocketChannel socket
                            && socket.getRemoteAddress() instanceof InetSocketAddress address
                    ? Optional.ofNullable(address.getAddress())
                    : Optional.empty();
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
