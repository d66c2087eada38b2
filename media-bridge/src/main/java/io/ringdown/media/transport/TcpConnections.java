package io.ringdown.media.transport;

import io.ringdown.media.ice.IcePath;
import io.ringdown.media.quality.TcpSnapshot;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The TCP connections of a loop's browsers (RFC 6544), for those whose network lets no UDP through. A connection counts for nothing
 * until a check was passed on it: until then it has little time and little to say, and gives way to newer ones. From then on it lives
 * as long as its call wants it. On the loop's thread, but for {@link #snapshot}.
 */
final class TcpConnections {
    static final long CHECK_WITHIN_NANOS = 5_000_000_000L;
    static final int MOST_UNCHECKED = 256;
    static final long LEAVING_NANOS = 1_000_000_000L; // for what is still to be said: RTCP BYE, close_notify
    static final int ACCEPTED_BURST = 128; // of an office that comes back all at once
    static final int MOST_UNCHECKED_OF_NETWORK = 32; // an office behind one address that comes back all at once
    static final int MOST_OCTETS_UNCHECKED = 4096; // a check has about 120
    static final long STALLED_NANOS = 10_000_000_000L;

    private static final int SLOT_BITS = 12;
    private static final int MOST = 1 << SLOT_BITS;
    private static final int ROUNDS = 1 << (31 - SLOT_BITS);
    private static final int READ_AT_ONCE = 16 * 1024;
    private static final int ACCEPTED_AT_ONCE = 32;
    private static final int ACCEPTED_PER_SECOND = 200; // each costs the calls of the loop some time
    private static final int ECN_BITS = 2; // RFC 3168 §5: they share the octet
    // When the system gives no connection it is not asked at once again.
    private static final long NOT_GIVEN_REST_NANOS = 1_000_000_000L;
    private static final long HELD_UP_REST_NANOS = 50_000_000L; // ten more may come then
    private static final long NEVER = Long.MAX_VALUE;
    // Sound that waits in the kernel cannot be dropped by anybody any more. The kernel doubles what is asked and counts
    // about a
    // kilobyte for a small packet, so this is a third of a second of sound; the default is many seconds.
    private static final int SEND_BUFFER = 8 * 1024;

    private final Selector selector;
    private final List<SelectionKey> ports = new ArrayList<>();
    private final int longest;
    private final int dscp;
    private final byte[] packet;
    private final Arrivals arrivals;
    private final ByteBuffer octets = ByteBuffer.allocateDirect(READ_AT_ONCE);
    private final @Nullable TcpConnection[] slots = new @Nullable TcpConnection[MOST];
    private final Crowd<TcpConnection> unchecked = new Crowd<>(MOST_UNCHECKED, MOST_UNCHECKED_OF_NETWORK);
    private final ArrayDeque<TcpConnection> leaving = new ArrayDeque<>();
    private final Counts<TcpNoise> noise = new Counts<>(TcpNoise.class);
    private final TokenBucket accepts;
    private int lastSlot;
    private int round;
    private long restUntilNanos = NEVER;
    private final AtomicLong open = new AtomicLong(); // written by this thread only, as the next two
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();

    /** What the loop is told, on its thread. */
    interface Arrivals {
        /** A packet has come and lies in the loop's buffer. */
        void onPacket(TcpConnection from, int size, long now);

        /** A connection of a call is gone. */
        void onLost(CallMedia call, IcePath path, long now);

        /** What a packet brought about in us; it is dropped, and those behind it are not. */
        void onFault(Throwable failure);
    }

    /**
     * @param packet where packets are put
     * @param longest of a browser's packets
     */
    TcpConnections(
            Selector selector,
            List<ServerSocketChannel> listeners,
            int dscp,
            byte[] packet,
            int longest,
            Arrivals arrivals,
            long now)
            throws IOException {
        this.selector = selector;
        this.dscp = dscp;
        this.packet = packet;
        this.longest = longest;
        this.arrivals = arrivals;
        this.accepts = new TokenBucket(ACCEPTED_PER_SECOND, ACCEPTED_BURST, now);
        for (ServerSocketChannel listener : listeners) {
            ports.add(listener.register(selector, SelectionKey.OP_ACCEPT, listener));
        }
    }

    /** Somebody connects. */
    void onAcceptable(ServerSocketChannel listener, long now) {
        try {
            for (int i = 0; i < ACCEPTED_AT_ONCE; i++) {
                SocketChannel channel = listener.accept();
                if (channel == null) {
                    return;
                }
                take(channel, now);
                if (!accepts.take(now)) {
                    noise.add(TcpNoise.HELD_UP);
                    rest(now + HELD_UP_REST_NANOS);
                    return;
                }
            }
        } catch (IOException e) {
            noise.add(TcpNoise.NOT_GIVEN);
            rest(now + NOT_GIVEN_REST_NANOS);
        }
    }

    private void take(SocketChannel channel, long now) throws IOException {
        try {
            int index = freeIndex();
            if (index == 0) {
                noise.add(TcpNoise.FULL);
                channel.close();
                return;
            }
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true); // a packet of sound does not wait for the next
            channel.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER);
            channel.setOption(StandardSocketOptions.IP_TOS, dscp << ECN_BITS);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            TcpConnection connection = new TcpConnection(index, channel, key, longest, now + CHECK_WITHIN_NANOS);
            makeRoom(connection.network());
            slots[slot(index)] = connection;
            unchecked.add(connection, connection.network());
            open.setOpaque(open.getPlain() + 1);
            accepted.setOpaque(accepted.getPlain() + 1);
        } catch (IOException e) { // gone already
            channel.close();
        }
    }

    /** The number of the next connection, another than all before for as long as can be; 0 if there are too many. */
    private int freeIndex() {
        for (int i = 0; i < MOST; i++) {
            lastSlot++;
            if (lastSlot == MOST) {
                lastSlot = 0;
                round = (round + 1) % ROUNDS;
            }
            if (slots[lastSlot] == null) {
                return ~(round << SLOT_BITS | lastSlot);
            }
        }
        return 0;
    }

    private static int slot(int index) {
        return ~index & (MOST - 1);
    }

    private void makeRoom(long network) {
        TcpConnection inTheWay = unchecked.inTheWayOf(network);
        if (inTheWay != null) {
            close(inTheWay, TcpNoise.CROWDED_OUT);
        }
    }

    private void rest(long untilNanos) {
        restUntilNanos = untilNanos;
        ports.forEach(port -> port.interestOps(0));
    }

    /** Something has come, or there is room for what waits. */
    void onReady(TcpConnection connection, SelectionKey key, long now) {
        try {
            if (key.isWritable()) {
                connection.flush(now);
            }
            if (key.isReadable()) {
                read(connection, now);
            }
        } catch (IOException e) {
            lose(connection, TcpNoise.LOST, now);
        }
    }

    private void read(TcpConnection connection, long now) throws IOException {
        int came = connection.read(octets.clear());
        if (came < 0) {
            lose(connection, TcpNoise.LOST, now);
            return;
        }
        octets.flip();
        while (connection.isOpen() && !connection.isLeaving()) {
            boolean isNew = connection.call() == null;
            int before = octets.remaining();
            int size = connection.next(octets, packet);
            if (isNew && connection.countUnchecked(before - octets.remaining()) > MOST_OCTETS_UNCHECKED) {
                lose(connection, TcpNoise.TALKATIVE, now);
                return;
            }
            if (size == FrameReader.TOO_LONG) {
                lose(connection, TcpNoise.TOO_LONG, now);
                return;
            }
            if (size == FrameReader.NONE) {
                return;
            }
            try { // whatever happens, what lies behind it in the buffer must be taken, or the stream is lost
                arrivals.onPacket(connection, size, now);
            } catch (RuntimeException | Error e) {
                arrivals.onFault(e);
            }
            if (isNew && connection.call() != null) {
                unchecked.remove(connection, connection.network());
            }
        }
    }

    /**
     * Sends a packet, or has it wait.
     *
     * @return false if there is no such connection any more
     */
    boolean send(int index, byte[] buffer, int offset, int length, long now) {
        TcpConnection connection = at(index);
        if (connection == null) {
            return false;
        }
        long droppedBefore = connection.dropped();
        try {
            connection.send(buffer, offset, length, now);
        } catch (IOException e) {
            lose(connection, TcpNoise.LOST, now);
            return false;
        }
        dropped.setOpaque(dropped.getPlain() + connection.dropped() - droppedBefore);
        if (connection.stalledNanos(now) > STALLED_NANOS) {
            lose(connection, TcpNoise.STALLED, now);
            return false;
        }
        return true;
    }

    private @Nullable TcpConnection at(int index) {
        TcpConnection connection = slots[slot(index)];
        return connection != null && connection.index() == index ? connection : null;
    }

    /**
     * A call does not want this one any more. What is still sent by it leaves for a moment, since DTLS says good-bye from another
     * thread; what comes is not listened to, but taken, for a kernel that closes over octets unread resets the connection.
     */
    void forget(int index, CallMedia call, long now) {
        TcpConnection connection = at(index);
        if (connection != null && connection.call() == call) {
            connection.leave(now + LEAVING_NANOS);
            unchecked.remove(connection, connection.network());
            leaving.add(connection);
        }
    }

    /** Nor has it anything to say: the browser is to see the end at once, and to connect to whoever goes on with its call. */
    void drop(int index, CallMedia call) {
        TcpConnection connection = at(index);
        if (connection != null && connection.call() == call) {
            remove(connection);
        }
    }

    /** When there is something to do by time. */
    long nextWakeup() {
        return Math.min(restUntilNanos, Math.min(deadline(unchecked.first()), deadline(leaving.peekFirst())));
    }

    private static long deadline(@Nullable TcpConnection connection) {
        return connection == null ? NEVER : connection.deadlineNanos();
    }

    /** Closes those whose time is up. */
    void onTime(long now) {
        if (restUntilNanos != NEVER && now - restUntilNanos >= 0) {
            restUntilNanos = NEVER;
            ports.stream().filter(SelectionKey::isValid).forEach(port -> port.interestOps(SelectionKey.OP_ACCEPT));
        }
        TcpConnection first = unchecked.first();
        while (first != null && now - first.deadlineNanos() >= 0) {
            lose(first, TcpNoise.UNCHECKED, now);
            first = unchecked.first();
        }
        TcpConnection gone = leaving.peekFirst();
        while (gone != null && now - gone.deadlineNanos() >= 0) {
            remove(gone);
            gone = leaving.peekFirst();
        }
    }

    private void lose(TcpConnection connection, TcpNoise reason, long now) {
        CallMedia call = connection.call();
        close(connection, reason);
        if (call != null) {
            arrivals.onLost(call, new IcePath(connection.remote(), connection.index()), now);
        }
    }

    private void close(TcpConnection connection, TcpNoise reason) {
        if (connection.call() != null || reason != TcpNoise.LOST) { // who goes without a word is no news
            noise.add(reason);
        }
        remove(connection);
    }

    private void remove(TcpConnection connection) {
        if (at(connection.index()) == null) {
            return;
        }
        slots[slot(connection.index())] = null;
        open.setOpaque(open.getPlain() - 1);
        leaving.remove(connection);
        unchecked.remove(connection, connection.network());
        try {
            connection.close();
        } catch (IOException e) { // it is closed in any case
            noise.add(TcpNoise.LOST);
        }
    }

    /** Where browsers can connect to. */
    List<InetSocketAddress> locals() throws IOException {
        List<InetSocketAddress> locals = new ArrayList<>();
        for (SelectionKey port : ports) {
            locals.add((InetSocketAddress) ((ServerSocketChannel) port.channel()).getLocalAddress());
        }
        return locals;
    }

    /** For all threads. */
    TcpSnapshot snapshot() {
        return new TcpSnapshot(open.getOpaque(), accepted.getOpaque(), dropped.getOpaque());
    }

    Map<String, Object> debugState() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("connections", open.get());
        state.put("unchecked", unchecked.size());
        state.put("leaving", leaving.size());
        state.put("accepted", accepted.get());
        state.put("packetsDropped", dropped.get());
        state.put("noise", noise.debugState());
        return state;
    }

    void close() throws IOException {
        for (SelectionKey port : ports) {
            port.channel().close();
        }
        for (TcpConnection connection : slots) {
            if (connection != null) {
                connection.close();
            }
        }
    }
}
