package io.ringdown.sip;

import static io.ringdown.evidence.Row.HYGIENE;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Seeded mutants of the torture messages, and too much of everything, from the trunk's own address: OPTIONS stays answered. */
@Shows(HYGIENE)
final class HostileInputTest {
    private static final int LOT = 500;
    private static final InetAddress PEER = InetAddress.ofLiteral("127.0.44.75");
    private static final int MUTANTS = Boolean.getBoolean("ringdown.full") ? 200_000 : 20_000;

    private static final String HEAD = """
            Via: SIP/2.0/UDP 127.0.0.1:%2$d;branch=z9hG4bK%1$s;rport
            From: "A" <sip:a@127.0.0.1>;tag=f%1$s
            To: <sip:+4930123456@127.0.0.1>
            Call-ID: c%1$s@127.0.0.1
            Max-Forwards: 70
            Contact: <sip:a@127.0.0.1:%2$d>
            """;

    private static String invite(String id, int port, String extra) {
        return ("INVITE sip:+4930123456@127.0.0.1 SIP/2.0\n" + HEAD.formatted(id, port) + "CSeq: 1 INVITE\n" + extra
                        + "Content-Length: 0\n\n")
                .replace("\n", "\r\n");
    }

    private static String options(String id, int port) {
        return ("OPTIONS sip:127.0.0.1 SIP/2.0\n" + HEAD.formatted(id, port) + "CSeq: 1 OPTIONS\nContent-Length: 0\n\n")
                .replace("\n", "\r\n");
    }

    /** What no RFC has thought of: too much of something. */
    private static List<String> tooMuch(int port) {
        String plain = invite("t0", port, "");
        return List.of(
                invite("t1", port, "Require: " + "x,".repeat(400) + "y\n"),
                "SIP/2.0 200\r\n\r\n",
                "\0".repeat(64),
                plain.replace("\"A\"", "\"A\0B\""),
                invite("t3", port, "X: y\n".repeat(3000)),
                "INVITE " + "sip:a@".repeat(2600),
                invite("t4", port, "Reason: " + ";".repeat(8000) + "\n"),
                plain.replace("Content-Length: 0", "Content-Length: 2000000000"),
                plain.replaceFirst("(?s)Via.*?\r\n", "Via: SIP/2.0/UDP a\r\n".repeat(120)));
    }

    private static void assertStillAnswers(DatagramSocket socket, int target, String id, String after)
            throws IOException {
        byte[] bytes = options(id, socket.getLocalPort()).getBytes(StandardCharsets.UTF_8);
        DatagramPacket packet = new DatagramPacket(new byte[65535], 65535);
        for (int attempt = 0; attempt < 20; attempt++) {
            socket.send(new DatagramPacket(bytes, bytes.length, Sipp.LOOPBACK, target));
            try {
                while (true) {
                    packet.setLength(65535);
                    socket.receive(packet);
                    String text = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1);
                    if (text.startsWith("SIP/2.0 200") && text.contains("c" + id + "@")) {
                        return;
                    }
                }
            } catch (SocketTimeoutException e) {
                assertThat(attempt).as("tries to be answered after %s", after).isLessThan(19);
            }
        }
    }

    private static Gateway gateway(InetAddress peer, int port) {
        SipSettings s = Gateway.settings();
        return Gateway.with(
                s.withMaxCalls(50).withPerSource(1_000_000, 64),
                TrunkSettings.at(new TrunkAddress(peer.getHostAddress(), port, SipTransport.UDP)));
    }

    @Test
    void tooMuchOverUdpLeavesTheStackAnswering() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, Sipp.LOOPBACK);
                Gateway gateway = gateway(Sipp.LOOPBACK, socket.getLocalPort())) {
            socket.setSoTimeout(1000);
            int i = 0;
            for (String message : tooMuch(socket.getLocalPort())) {
                byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
                socket.send(new DatagramPacket(bytes, bytes.length, Sipp.LOOPBACK, gateway.port()));
                assertStillAnswers(
                        socket, gateway.port(), "o" + i++, message.substring(0, Math.min(200, message.length())));
            }
            assertThat(gateway.counter("bugs")).isZero();
        }
    }

    @Test
    void refusalOfWhatCannotBeParsedSaysNothingOfItBack() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, Sipp.LOOPBACK);
                Gateway gateway = gateway(Sipp.LOOPBACK, socket.getLocalPort())) {
            socket.setSoTimeout(3000);
            byte[] bytes = invite("bad", socket.getLocalPort(), "X-Mine: say this back\n")
                    .replace("CSeq: 1 INVITE", "CSeq: 36893488147419103232 INVITE")
                    .getBytes(StandardCharsets.UTF_8);
            socket.send(new DatagramPacket(bytes, bytes.length, Sipp.LOOPBACK, gateway.port()));
            DatagramPacket packet = new DatagramPacket(new byte[65535], 65535);
            socket.receive(packet);
            String answer = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1);
            assertThat(answer)
                    .startsWith("SIP/2.0 400 Bad request\r\n")
                    .contains("Call-ID: cbad@127.0.0.1", "Content-Length: 0\r\n\r\n")
                    .doesNotContain("say this back", "sipfrag")
                    .endsWith("\r\n\r\n");
        }
    }

    @Test
    void tooMuchOverTcpEndsAtMostItsOwnConnection() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, Sipp.LOOPBACK);
                Gateway gateway = gateway(Sipp.LOOPBACK, socket.getLocalPort())) {
            socket.setSoTimeout(1000);
            int i = 0;
            for (String message : tooMuch(socket.getLocalPort())) {
                try (Socket tcp = new Socket(Sipp.LOOPBACK, gateway.port())) {
                    tcp.getOutputStream()
                            .write(message.replace("SIP/2.0/UDP", "SIP/2.0/TCP").getBytes(StandardCharsets.UTF_8));
                }
                assertStillAnswers(
                        socket, gateway.port(), "o" + i++, message.substring(0, Math.min(200, message.length())));
            }
            assertThat(gateway.counter("bugs")).isZero();
        }
    }

    private static List<String> seeds(int port, SipTransport transport) {
        List<String> seeds = new ArrayList<>(TortureMessage.all().stream()
                .map(message -> message.over(transport).text())
                .toList());
        for (String own : List.of(
                invite("m", port, "Supported: 100rel, timer\nRecord-Route: <sip:127.0.0.1;lr>\n"),
                options("m2", port),
                options("m3", port).replace("OPTIONS", "BYE"),
                "SIP/2.0 200 OK\r\n" + invite("m4", port, "").substring(45))) {
            seeds.add(own.replace("SIP/2.0/UDP", "SIP/2.0/" + transport));
        }
        return seeds;
    }

    // An address of its own: what is answered to ports of Vias goes to nobody else there.
    @Test
    void mutantsOverUdpLeaveTheStackAnswering() throws IOException {
        long seed = Long.getLong("ringdown.seed", System.nanoTime());
        Random random = new Random(seed);
        try (DatagramSocket socket = new DatagramSocket(0, PEER);
                Gateway gateway = gateway(PEER, socket.getLocalPort())) {
            socket.setSoTimeout(1000);
            List<String> seeds = seeds(socket.getLocalPort(), SipTransport.UDP);
            for (int i = 0; i < MUTANTS; i++) {
                byte[] bytes = mutate(seeds.get(random.nextInt(seeds.size())), i, random);
                socket.send(new DatagramPacket(bytes, bytes.length, Sipp.LOOPBACK, gateway.port()));
                if (i % LOT == LOT - 1) {
                    assertStillAnswers(socket, gateway.port(), "m" + i, "seed " + seed + ", mutant " + i);
                }
            }
            assertThat(gateway.counter("bugs")).as("seed %d", seed).isZero();
        }
    }

    @Test
    void mutantsOverTcpLeaveTheStackAnswering() throws IOException {
        long seed = Long.getLong("ringdown.seed", System.nanoTime());
        Random random = new Random(seed);
        try (DatagramSocket socket = new DatagramSocket(0, PEER);
                Gateway gateway = gateway(PEER, socket.getLocalPort())) {
            socket.setSoTimeout(1000);
            List<String> seeds = seeds(socket.getLocalPort(), SipTransport.TCP);
            Socket tcp = connect(gateway.port());
            for (int i = 0; i < MUTANTS; i++) {
                byte[] bytes = mutate(seeds.get(random.nextInt(seeds.size())), i, random);
                try {
                    tcp.getOutputStream().write(bytes);
                } catch (SocketException closedByThem) {
                    tcp.close();
                    tcp = connect(gateway.port());
                }
                if (i % LOT == LOT - 1) {
                    assertStillAnswers(socket, gateway.port(), "m" + i, "seed " + seed + ", mutant " + i);
                    tcp.close();
                    tcp = connect(gateway.port());
                }
            }
            tcp.close();
            assertThat(gateway.counter("bugs")).as("seed %d", seed).isZero();
        }
    }

    // Reset when closed, so that no port is left waiting; what is answered is thrown away.
    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(PEER, 0));
        socket.setSoLinger(true, 0);
        socket.connect(new InetSocketAddress(Sipp.LOOPBACK, port));
        Thread.ofVirtual().start(() -> {
            try {
                socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            } catch (IOException closed) {
                // by either side
            }
        });
        return socket;
    }

    private static byte[] mutate(String message, int number, Random random) {
        byte[] bytes = message.replace("z9hG4bK", "z9hG4bK" + number).getBytes(StandardCharsets.UTF_8);
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) "\r\n:;,<>\"@= \t%\\/".charAt(random.nextInt(15));
                case 2 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
                default -> {
                    int from = random.nextInt(bytes.length);
                    int length = Math.min(random.nextInt(40), bytes.length - Math.max(from, at));
                    System.arraycopy(bytes, from, bytes, at, Math.max(0, length));
                }
            }
        }
        return bytes;
    }
}
