package io.ringdown.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The telephone's RTP: records each packet with its time of arrival, and sends G.711 that sox, or G.722 that ffmpeg has made, 20 ms a packet, to
 * where the gateway's media come from (or to where it is told). Two threads of its own; methods may be called from any.
 */
final class FarEnd implements AutoCloseable {

    private static final int FRAME = 160; // 20 ms at 8 kHz
    private static final long FRAME_NANOS = 20_000_000;

    private final DatagramSocket rtp;
    private final DatagramSocket rtcp;
    private final CopyOnWriteArrayList<Packet> received = new CopyOnWriteArrayList<>();
    private final CopyOnWriteArrayList<byte[]> reports = new CopyOnWriteArrayList<>();
    private final Thread ear;
    private final Thread reportReader;
    private volatile boolean closed;
    private volatile @Nullable Thread mouth;
    private volatile @Nullable InetSocketAddress peer;
    private final int ssrc = 0x51_00_00_01;
    private final AtomicInteger nextSequence = new AtomicInteger(1000);
    private final AtomicInteger nextTimestamp = new AtomicInteger(160_000);

    FarEnd(String address) {
        try {
            int port = Tools.freePorts(2);
            rtp = new DatagramSocket(port, InetAddress.ofLiteral(address));
            rtcp = new DatagramSocket(port + 1, InetAddress.ofLiteral(address));
            rtp.setReceiveBufferSize(4 << 20);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ear = Thread.ofPlatform().name("far-end-ear").daemon().start(this::listen);
        reportReader = Thread.ofPlatform().name("far-end-rtcp").daemon().start(this::readReports);
    }

    FarEnd() {
        this("127.0.0.1");
    }

    /** One RTP packet as it arrived; each is itself only, so the array in it is never compared. */
    @SuppressWarnings("ArrayRecordComponent")
    record Packet(
            long arrivalNanos,
            InetSocketAddress source,
            boolean marker,
            int payloadType,
            int sequence,
            long timestamp,
            long ssrc,
            byte[] payload) {

        private static Optional<Packet> parse(long now, DatagramPacket datagram) {
            if (datagram.getLength() < 12) {
                return Optional.empty();
            }
            ByteBuffer in = ByteBuffer.wrap(datagram.getData(), 0, datagram.getLength());
            int first = in.get() & 0xff;
            int second = in.get() & 0xff;
            int sequence = in.getShort() & 0xffff;
            long timestamp = in.getInt() & 0xffff_ffffL;
            long ssrc = in.getInt() & 0xffff_ffffL;
            int header = 12 + 4 * (first & 0x0f);
            if (first >> 6 != 2 || datagram.getLength() < header) {
                return Optional.empty();
            }
            byte[] payload = new byte[datagram.getLength() - header];
            System.arraycopy(datagram.getData(), header, payload, 0, payload.length);
            return Optional.of(new Packet(
                    now,
                    (InetSocketAddress) datagram.getSocketAddress(),
                    second >> 7 == 1,
                    second & 0x7f,
                    sequence,
                    timestamp,
                    ssrc,
                    payload));
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    int port() {
        return rtp.getLocalPort();
    }

    String address() {
        return rtp.getLocalAddress().getHostAddress();
    }

    /** Everything so far, in the order of arrival. */
    List<Packet> received() {
        return List.copyOf(received);
    }

    /** The RTCP datagrams so far. */
    List<byte[]> reports() {
        return List.copyOf(reports);
    }

    /** Where the gateway's media come from; known after the first packet. */
    Optional<InetSocketAddress> peer() {
        return Optional.ofNullable(peer);
    }

    /** Sends RTP to this address from now on, in place of where it hears from. */
    void sendTo(InetSocketAddress address) {
        peer = address;
    }

    /** Waits until audio comes. */
    FarEnd awaitAudio(int seconds) {
        Tools.await(
                "the far end receives audio", seconds, () -> audioPackets() > 5, () -> received.size() + " packets");
        return this;
    }

    private long audioPackets() {
        return received.stream()
                .filter(packet -> packet.payloadType() <= 9) // G.711 and G.722
                .count();
    }

    /** What arrives in the next while. */
    List<Packet> listenFor(long millis) {
        int from = received.size();
        Tools.pause(millis);
        List<Packet> all = received();
        return all.subList(from, all.size());
    }

    /** Sorted by extended sequence number, duplicates dropped. */
    static List<Packet> inOrder(List<Packet> packets) {
        List<Numbered> numbered = new ArrayList<>();
        long last = -1;
        for (Packet packet : packets) {
            long extended =
                    last < 0 ? packet.sequence() + 65_536L : last + (short) (packet.sequence() - (int) (last & 0xffff));
            last = Math.max(last, extended);
            numbered.add(new Numbered(extended, packet));
        }
        numbered.sort(Comparator.comparingLong(Numbered::number));
        List<Packet> sorted = new ArrayList<>();
        long before = -1;
        for (Numbered each : numbered) {
            if (each.number != before) {
                sorted.add(each.packet);
            }
            before = each.number;
        }
        return sorted;
    }

    private record Numbered(long number, Packet packet) {}

    /** Sends this tone, over and over, from when the gateway's address is known until {@link #hush} or the end. */
    void speak(int payloadType, byte[] law) {
        hush();
        Thread talker = Thread.ofPlatform().name("far-end-mouth").daemon().unstarted(() -> talk(payloadType, law));
        mouth = talker; // before it starts, since it stops when it is no longer the mouth
        talker.start();
    }

    /** Stops sending. */
    void hush() {
        Thread running = mouth;
        mouth = null;
        if (running != null) {
            running.interrupt();
            try {
                running.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void talk(int payloadType, byte[] law) {
        int offset = 0;
        boolean first = true;
        long next = System.nanoTime();
        while (!closed && Thread.currentThread().equals(mouth)) {
            InetSocketAddress to = peer;
            if (to != null) {
                byte[] payload = new byte[FRAME];
                for (int i = 0; i < FRAME; i++) {
                    payload[i] = law[(offset + i) % law.length];
                }
                offset = (offset + FRAME) % law.length;
                sendRtp(first, payloadType, payload, to);
                first = false;
                nextTimestamp.addAndGet(FRAME);
            }
            next += FRAME_NANOS;
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }

    /** Sends this sound once, to its end. The mouth must be still. */
    void play(int payloadType, byte[] law) {
        InetSocketAddress to = peer().orElseThrow(() -> new AssertionError("nothing came from the gateway yet"));
        long next = System.nanoTime();
        for (int at = 0; at + FRAME <= law.length; at += FRAME) {
            sendRtp(at == 0, payloadType, Arrays.copyOfRange(law, at, at + FRAME), to);
            nextTimestamp.addAndGet(FRAME);
            next += FRAME_NANOS;
            while (next - System.nanoTime() > 0) {
                LockSupport.parkNanos(next - System.nanoTime());
            }
        }
    }

    /**
     * Sends a receiver report (RFC 3550 §6.4.2, with the SDES that §6.1 asks for) as if of all packets so far only these had
     * arrived.
     */
    void report(Predicate<Packet> arrived) {
        InetSocketAddress to = peer().orElseThrow(() -> new AssertionError("nothing came from the gateway yet"));
        List<Packet> all = inOrder(received());
        List<Packet> got = all.stream().filter(arrived).toList();
        int first = all.getFirst().sequence();
        int expected = ((got.getLast().sequence() - first) & 0xffff) + 1;
        int lost = expected - got.size();
        ByteBuffer out = ByteBuffer.allocate(32 + 16);
        out.put((byte) 0x81).put((byte) 201).putShort((short) 7).putInt(ssrc);
        out.putInt((int) got.getLast().ssrc()).putInt(lost & 0xff_ffff);
        out.putInt(
                first > got.getLast().sequence()
                        ? 0x1_0000 | got.getLast().sequence()
                        : got.getLast().sequence());
        out.putInt(0).putInt(0).putInt(0);
        out.put((byte) 0x81).put((byte) 202).putShort((short) 3).putInt(ssrc);
        out.put((byte) 1).put((byte) 3).put((byte) 'f').put((byte) 'a').put((byte) 'r');
        try {
            InetSocketAddress next = new InetSocketAddress(to.getAddress(), to.getPort() + 1);
            rtcp.send(new DatagramPacket(out.array(), out.capacity(), next));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Presses a digit: RFC 4733 packets in the audio's stream, 20 ms apart, the end three times. The mouth must be still. */
    void press(int payloadType, int event, int millis) {
        InetSocketAddress to = peer().orElseThrow(() -> new AssertionError("nothing came from the gateway yet"));
        int steps = millis / 20;
        long next = System.nanoTime();
        for (int step = 1; step <= steps; step++) {
            boolean end = step == steps;
            byte[] payload = eventPayload(event, end, step * FRAME);
            int copies = end ? 3 : 1;
            for (int copy = 0; copy < copies; copy++) {
                sendRtp(step == 1 && copy == 0, payloadType, payload, to);
            }
            next += FRAME_NANOS;
            while (next - System.nanoTime() > 0) {
                LockSupport.parkNanos(next - System.nanoTime());
            }
        }
        nextTimestamp.addAndGet(millis * 8);
    }

    /** RFC 4733 §2.3: event, end bit, volume −10 dBm0, duration. */
    static byte[] eventPayload(int event, boolean end, int duration) {
        return new byte[] {(byte) event, (byte) ((end ? 0x80 : 0) | 10), (byte) (duration >> 8), (byte) duration};
    }

    private void sendRtp(boolean marker, int payloadType, byte[] payload, InetSocketAddress to) {
        byte[] packet =
                rtp(marker, payloadType, nextSequence.getAndIncrement() & 0xffff, nextTimestamp.get(), ssrc, payload);
        try {
            rtp.send(new DatagramPacket(packet, packet.length, to));
        } catch (IOException e) {
            if (!closed) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** RFC 3550 §5.1. */
    static byte[] rtp(boolean marker, int payloadType, int sequence, int timestamp, int ssrc, byte[] payload) {
        ByteBuffer out = ByteBuffer.allocate(12 + payload.length);
        out.put((byte) 0x80);
        out.put((byte) ((marker ? 0x80 : 0) | payloadType));
        out.putShort((short) sequence).putInt(timestamp).putInt(ssrc).put(payload);
        return out.array();
    }

    private void listen() {
        byte[] buffer = new byte[2048];
        DatagramPacket datagram = new DatagramPacket(buffer, buffer.length);
        while (!closed) {
            try {
                rtp.receive(datagram);
                long now = System.nanoTime();
                if (peer == null) {
                    peer = (InetSocketAddress) datagram.getSocketAddress();
                }
                Packet.parse(now, datagram).ifPresent(received::add);
            } catch (SocketException e) {
                if (closed) {
                    return;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void readReports() {
        byte[] buffer = new byte[2048];
        DatagramPacket datagram = new DatagramPacket(buffer, buffer.length);
        while (!closed) {
            try {
                rtcp.receive(datagram);
                byte[] copy = new byte[datagram.getLength()];
                System.arraycopy(buffer, 0, copy, 0, copy.length);
                reports.add(copy);
            } catch (SocketException e) {
                if (closed) {
                    return;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A sine of one frequency, made by sox: {@code "ul"} or {@code "al"}, about −12 dBFS, one second (whole periods). */
    static byte[] tone(Path folder, String law, int hz) {
        Path file = folder.resolve("tone-" + hz + "." + law);
        Tools.run(
                folder.resolve("tone-" + hz + "." + law + ".log"),
                "sox",
                "-n",
                "-t",
                "raw",
                "-r",
                "8000",
                "-c",
                "1",
                "-e",
                law.equals("ul") ? "mu-law" : "a-law",
                "-b",
                "8",
                file.toString(),
                "synth",
                "1",
                "sine",
                Integer.toString(hz),
                "vol",
                "0.35");
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same in G.722, made by ffmpeg. */
    static byte[] wideTone(Path folder, int hz) {
        Path file = folder.resolve("tone-" + hz + ".g722");
        Tools.run(
                folder.resolve("tone-" + hz + ".g722.log"),
                "ffmpeg",
                "-nostdin",
                "-y",
                "-v",
                "error",
                "-f",
                "lavfi",
                "-i",
                "sine=frequency=" + hz + ":sample_rate=16000:duration=1",
                "-af",
                "volume=9dB", // ffmpeg's sines are at −18 dBFS
                "-c:a",
                "g722",
                "-f",
                "g722",
                file.toString());
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        hush();
        rtp.close();
        rtcp.close();
        try {
            ear.join(1000);
            reportReader.join(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
