package io.ringdown.media.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** One TCP connection of a browser (RFC 6544): it carries one call's packets, or nobody's yet. On its loop's thread. */
final class TcpConnection implements WebChannel {
    private final int index;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final InetSocketAddress remote;
    private final long network;
    private final FrameReader reader;
    private final WriteQueue queue;
    private @Nullable CallMedia call;
    private long deadlineNanos;
    private boolean isLeaving;
    private int octetsUnchecked;

    /** @param deadlineNanos until when a check must have been passed */
    TcpConnection(int index, SocketChannel channel, SelectionKey key, int longest, long deadlineNanos)
            throws IOException {
        this.index = index;
        this.channel = channel;
        this.key = key;
        this.remote = (InetSocketAddress) channel.getRemoteAddress();
        this.network = Crowd.network(remote.getAddress());
        this.deadlineNanos = deadlineNanos;
        this.reader = new FrameReader(longest);
        this.queue = new WriteQueue(channel::write, longest);
        key.attach(this);
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public @Nullable CallMedia callAt(InetSocketAddress from) {
        return call;
    }

    @Override
    public void place(InetSocketAddress from, CallMedia owner) {
        call = owner;
    }

    /** It is no call's any more, and is closed at this time. */
    void leave(long atNanos) {
        call = null;
        isLeaving = true;
        deadlineNanos = atNanos;
    }

    boolean isLeaving() {
        return isLeaving;
    }

    /** The call whose browser it is; null before a check was passed on it, and while it leaves. */
    @Nullable
    CallMedia call() {
        return call;
    }

    InetSocketAddress remote() {
        return remote;
    }

    /** See {@link Crowd#network}. */
    long network() {
        return network;
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /** Until when a check must have been passed, or all have been said. */
    long deadlineNanos() {
        return deadlineNanos;
    }

    /** Counts what came before a check was passed; answers how much that is now. */
    int countUnchecked(int octets) {
        octetsUnchecked += octets;
        return octetsUnchecked;
    }

    /** What has come by now; -1 if the other side has closed it. */
    int read(ByteBuffer into) throws IOException {
        return channel.read(into);
    }

    /** See {@link FrameReader#next}. */
    int next(ByteBuffer in, byte[] packet) {
        return reader.next(in, packet);
    }

    void send(byte[] packet, int offset, int length, long now) throws IOException {
        queue.offer(packet, offset, length, now);
        watch();
    }

    void flush(long now) throws IOException {
        queue.flush(now);
        watch();
    }

    /** Asks to be told of room while something waits for it. */
    private void watch() {
        int wanted = queue.isEmpty() ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
        if (key.interestOps() != wanted) {
            key.interestOps(wanted);
        }
    }

    long stalledNanos(long now) {
        return queue.stalledNanos(now);
    }

    long dropped() {
        return queue.dropped();
    }

    /** Nothing comes or goes by it any more. */
    void close() throws IOException {
        channel.close();
    }

    @Override
    public String toString() {
        return "tcp " + remote;
    }
}
