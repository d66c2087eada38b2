package io.ringdown.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A datagram socket on loopback that tells when the kernel took in a datagram (SO_TIMESTAMPNS): so its reader may come late and
 * in batches without any influence on what is measured, and needs neither a selector nor a wake-up per packet. Linux, 64 bit,
 * by libc. One thread at a time; after {@link #close} none.
 */
final class UdpSocket implements AutoCloseable {
    /** The longest datagram that is taken whole. */
    static final int CAPACITY = 2_048;

    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUF = 8;
    private static final int SO_TIMESTAMPNS = 35;
    private static final int SO_RXQ_OVFL = 40;
    private static final int MSG_DONTWAIT = 0x40;
    private static final short POLLIN = 1;
    private static final int LOOPBACK = 0x7f000001;

    // One block of native memory a socket: datagram | msghdr | iovec | control | sockaddr | pollfd | int
    private static final long HEADER = CAPACITY;
    private static final long VECTOR = HEADER + 56;
    private static final long CONTROL = VECTOR + 16;
    private static final long CONTROL_BYTES = 128;
    private static final long ADDRESS = CONTROL + CONTROL_BYTES;
    private static final long POLL = ADDRESS + 16;
    private static final long NUMBER = POLL + 8;
    private static final long BLOCK = NUMBER + 8;
    private static final Queue<MemorySegment> FREE = new ConcurrentLinkedQueue<>();

    private static final ValueLayout.OfInt NETWORK_INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(java.nio.ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfShort NETWORK_SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(java.nio.ByteOrder.BIG_ENDIAN);

    private final int descriptor;
    private final MemorySegment block;
    private long stampNanos;
    private int drops;

    private UdpSocket(int descriptor, MemorySegment block) {
        this.descriptor = descriptor;
        this.block = block;
    }

    /** On 127.0.0.1; port 0 takes any. */
    static UdpSocket open(int port) throws IOException {
        int descriptor = Libc.socket(AF_INET, SOCK_DGRAM_CLOEXEC, 0);
        if (descriptor < 0) {
            throw new IOException("no socket; ulimit -n is perhaps too low");
        }
        MemorySegment used = FREE.poll();
        UdpSocket socket =
                new UdpSocket(descriptor, used != null ? used : Arena.global().allocate(BLOCK, 8));
        socket.option(SO_TIMESTAMPNS, 1);
        socket.option(SO_RXQ_OVFL, 1);
        socket.option(SO_RCVBUF, 1 << 18);
        socket.address(LOOPBACK, port);
        if (Libc.bind(descriptor, socket.block.asSlice(ADDRESS, 16), 16) != 0) {
            socket.close();
            throw new IOException("port " + port + " is taken");
        }
        return socket;
    }

    int port() {
        block.set(ValueLayout.JAVA_INT, NUMBER, 16);
        Libc.getsockname(descriptor, block.asSlice(ADDRESS, 16), block.asSlice(NUMBER, 4));
        return block.get(NETWORK_SHORT, ADDRESS + 2) & 0xffff;
    }

    /** Sends to, and takes from, this address only. */
    void connect(InetSocketAddress to) throws IOException {
        address(java.nio.ByteBuffer.wrap(to.getAddress().getAddress()).getInt(), to.getPort());
        if (Libc.connect(descriptor, block.asSlice(ADDRESS, 16), 16) != 0) {
            throw new IOException("cannot connect to " + to);
        }
    }

    /** Whether the kernel took it. */
    boolean send(byte[] packet, int length) {
        MemorySegment.copy(packet, 0, block, ValueLayout.JAVA_BYTE, 0, length);
        return Libc.send(descriptor, block, length, MSG_DONTWAIT) == length;
    }

    /** The length of the next datagram, now in {@code packet}, or −1 if there is none. Never waits. */
    int receive(byte[] packet) {
        block.set(ValueLayout.JAVA_LONG, HEADER, 0); // msg_name
        block.set(ValueLayout.JAVA_LONG, HEADER + 8, 0);
        block.set(ValueLayout.JAVA_LONG, HEADER + 16, block.address() + VECTOR);
        block.set(ValueLayout.JAVA_LONG, HEADER + 24, 1);
        block.set(ValueLayout.JAVA_LONG, HEADER + 32, block.address() + CONTROL);
        block.set(ValueLayout.JAVA_LONG, HEADER + 40, CONTROL_BYTES);
        block.set(ValueLayout.JAVA_LONG, HEADER + 48, 0);
        block.set(ValueLayout.JAVA_LONG, VECTOR, block.address());
        block.set(ValueLayout.JAVA_LONG, VECTOR + 8, Math.min(CAPACITY, packet.length));
        int length = (int) Libc.recvmsg(descriptor, block.asSlice(HEADER, 56), MSG_DONTWAIT);
        if (length >= 0) {
            MemorySegment.copy(block, ValueLayout.JAVA_BYTE, 0, packet, 0, length);
            readControl(block.get(ValueLayout.JAVA_LONG, HEADER + 40));
        }
        return length;
    }

    /** Waits until there is something to receive; whether there is. */
    boolean await(int millis) {
        block.set(ValueLayout.JAVA_INT, POLL, descriptor);
        block.set(ValueLayout.JAVA_SHORT, POLL + 4, POLLIN);
        block.set(ValueLayout.JAVA_SHORT, POLL + 6, (short) 0);
        return Libc.poll(block.asSlice(POLL, 8), 1, millis) > 0;
    }

    /** When the kernel took in what was received last, in the time of the day (CLOCK_REALTIME). */
    long stampNanos() {
        return stampNanos;
    }

    /** How many datagrams found no room here since the socket was opened. */
    int drops() {
        return drops;
    }

    @Override
    public void close() {
        Libc.close(descriptor);
        FREE.add(block);
    }

    private void readControl(long length) {
        for (long at = CONTROL; at + 16 <= CONTROL + length; ) {
            long size = block.get(ValueLayout.JAVA_LONG, at);
            if (size < 16) {
                return;
            }
            if (block.get(ValueLayout.JAVA_INT, at + 8) == SOL_SOCKET) {
                int type = block.get(ValueLayout.JAVA_INT, at + 12);
                if (type == SO_TIMESTAMPNS) {
                    stampNanos = block.get(ValueLayout.JAVA_LONG, at + 16) * 1_000_000_000
                            + block.get(ValueLayout.JAVA_LONG, at + 24);
                } else if (type == SO_RXQ_OVFL) {
                    drops = block.get(ValueLayout.JAVA_INT, at + 16);
                }
            }
            at += (size + 7) & ~7;
        }
    }

    private void option(int name, int value) {
        block.set(ValueLayout.JAVA_INT, NUMBER, value);
        Libc.setsockopt(descriptor, SOL_SOCKET, name, block.asSlice(NUMBER, 4), 4);
    }

    private void address(int address, int port) {
        block.set(ValueLayout.JAVA_SHORT, ADDRESS, (short) AF_INET);
        block.set(NETWORK_SHORT, ADDRESS + 2, (short) port);
        block.set(NETWORK_INT, ADDRESS + 4, address);
        block.set(ValueLayout.JAVA_LONG, ADDRESS + 8, 0);
    }
}
