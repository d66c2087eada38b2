package io.ringdown.sip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A peer that writes SIP by hand, over UDP from a loopback address of its own, so that answers arrive also at the ports which
 * its Vias name (RFC 3261 18.2.2, RFC 3581 4), or over one TCP connection after the other. What comes back is kept in order.
 */
final class Wire implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final int[] VIA_PORTS = {5060, 5050, 5070, 6050, 19823};

    private final InetAddress address;
    private final List<DatagramSocket> sockets = new ArrayList<>();
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final SipTransport transport;
    private @Nullable Socket connection;

    private Wire(InetAddress address, SipTransport transport) {
        this.address = address;
        this.transport = transport;
    }

    /** Binds it to an address where all those ports are free. */
    static Wire over(SipTransport transport) {
        Random random = new Random();
        for (int attempt = 0; attempt < 50; attempt++) {
            Wire wire = new Wire(
                    InetAddress.ofLiteral("127." + (1 + random.nextInt(250)) + "." + random.nextInt(250) + "."
                            + (1 + random.nextInt(250))),
                    transport);
            try {
                for (int port : VIA_PORTS) {
                    wire.sockets.add(new DatagramSocket(port, wire.address));
                }
                wire.sockets.forEach(socket -> Thread.ofVirtual().start(() -> wire.receive(socket)));
                return wire;
            } catch (SocketException taken) {
                wire.close();
            }
        }
        throw new AssertionError("no loopback address is free");
    }

    InetAddress address() {
        return address;
    }

    private void receive(DatagramSocket socket) {
        DatagramPacket packet = new DatagramPacket(new byte[65535], 65535);
        try {
            while (true) {
                packet.setLength(65535);
                socket.receive(packet);
                keep(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    void send(byte[] message, int port) throws IOException {
        if (transport == SipTransport.UDP) {
            sockets.getFirst()
                    .send(new DatagramPacket(message, message.length, new InetSocketAddress(Sipp.LOOPBACK, port)));
            return;
        }
        Socket open = connection;
        if (open == null || open.isClosed()) {
            open = new Socket();
            open.bind(new InetSocketAddress(address, 0));
            open.connect(new InetSocketAddress(Sipp.LOOPBACK, port));
            connection = open;
            Socket reading = open;
            Thread.ofVirtual().start(() -> receive(reading));
        }
        open.getOutputStream().write(message);
    }

    private void receive(Socket from) {
        try (from) {
            InputStream in = from.getInputStream();
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            int b;
            while ((b = in.read()) >= 0) {
                head.write(b);
                String text = head.toString(StandardCharsets.ISO_8859_1);
                if (text.endsWith("\r\n\r\n")) {
                    keep(text + new String(in.readNBytes(length(text)), StandardCharsets.ISO_8859_1));
                    head.reset();
                }
            }
        } catch (IOException closed) {
            // by either side
        }
    }

    private static int length(String head) {
        return head.lines()
                .filter(line -> line.startsWith("Content-Length:"))
                .findFirst()
                .map(line -> Integer.parseInt(line.substring(15).strip()))
                .orElse(0);
    }

    // Final responses to INVITE come again until their ACK, which nobody sends here.
    private void keep(String text) {
        if (seen.add(text)) {
            received.add(text);
        }
    }

    /** The next final response, which must come. */
    String next(String after) {
        try {
            while (true) {
                String text = received.poll(20, TimeUnit.SECONDS);
                assertThat(text)
                        .as("a final response to %s over %s", after, transport)
                        .isNotNull();
                if (text != null && !text.startsWith("SIP/2.0 1")) {
                    return text;
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** All final responses that come before the answer to an OPTIONS of ours, which must come, and be 200. */
    List<String> untilOptions(int port) throws IOException, InterruptedException {
        List<String> before = new ArrayList<>();
        for (int attempt = 0; attempt < 20; attempt++) {
            String id = "probe" + NUMBER.incrementAndGet();
            try {
                send(options(id).getBytes(StandardCharsets.US_ASCII), port);
            } catch (SocketException closedByThem) {
                connection = null;
                continue;
            }
            String text;
            while ((text = received.poll(1, TimeUnit.SECONDS)) != null) {
                if (text.contains(id)) {
                    assertThat(text).startsWith("SIP/2.0 200 ");
                    return before;
                }
                if (!text.startsWith("SIP/2.0 1") && !text.contains("Call-ID: probe")) {
                    before.add(text);
                }
            }
        }
        throw new AssertionError("no OPTIONS is answered over " + transport);
    }

    private String options(String id) {
        return ("OPTIONS sip:127.0.0.1 SIP/2.0\n"
                        + "Via: SIP/2.0/" + transport + " " + address.getHostAddress() + ";branch=z9hG4bK" + id + "\n"
                        + "From: <sip:a@127.0.0.1>;tag=f\n"
                        + "To: <sip:b@127.0.0.1>\n"
                        + "Call-ID: " + id + "\n"
                        + "CSeq: 1 OPTIONS\n"
                        + "Max-Forwards: 70\n"
                        + "Content-Length: 0\n\n")
                .replace("\n", "\r\n");
    }

    @Override
    public void close() {
        sockets.forEach(DatagramSocket::close);
        Socket open = connection;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }
}
