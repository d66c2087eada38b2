package io.ringdown.sip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Torture in the manner of RFC 4475 and seeded mutants, from the trunk's own address: an OPTIONS is answered after each lot. */
final class HostileInputTest {
    private static final int LOT = 500;
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

    /** The kinds of RFC 4475, in our own words. */
    private static List<String> torture(int port) {
        List<String> all = new ArrayList<>();
        String plain = invite("t0", port, "");
        all.add(plain.replace("CSeq: 1 INVITE", "CSeq: 36893488147419103232 INVITE")); // 3.1.2.4 scalar overflow
        all.add(plain.replace("CSeq: 1 INVITE", "CSeq: 1 OPTIONS")); // 3.1.2.17 methods that differ
        all.add(plain.replace("Max-Forwards: 70", "Max-Forwards: 99999")); // 3.1.2.4
        all.add(plain.replace("Max-Forwards: 70", "Max-Forwards: 0")); // 3.3.6
        all.add(plain.replace("SIP/2.0\r\nVia", "SIP/7.0\r\nVia")); // 3.1.2.16 unknown version
        all.add(plain.replace("INVITE sip:+4930123456@127.0.0.1 ", "INVITE <sip:+4930123456@127.0.0.1> ")); // 3.1.2.7
        all.add(plain.replace("INVITE sip:+4930123456@127.0.0.1 ", "INVITE  sip:+4930123456@127.0.0.1  ")); // 3.1.2.9
        all.add(plain.replace("INVITE sip:+4930123456@127.0.0.1 ", "INVITE sip:+4930 123456@127.0.0.1 ")); // 3.1.2.8
        all.add(plain.replace("Content-Length: 0", "Content-Length: -999")); // 3.1.2.3
        all.add(plain.replace("Content-Length: 0", "Content-Length: 9999")); // 3.1.2.2
        all.add(plain.replace("To: <sip:", "To: \"unterminated <sip:")); // 3.1.2.6
        all.add(plain.replace("Contact: <sip:a@", "Contact: sip:a@x?Route=%3Csip:evil%3E,<sip:")); // 3.1.2.11
        all.add(plain.replace("Via: SIP/2.0/UDP", "Via: SIP/2.0/TLS")); // a transport we do not listen on
        all.add(plain.replace(
                "Via: SIP/2.0/UDP 127.0.0.1", "Via: SIP/2.0/UDP 192.0.2.1;received=192.0.2.2, ,,")); // 3.1.2.1
        all.add(plain.replaceAll("(?m)^(From|To|Call-ID|Via).*\r\n", "")); // 3.3.1 what must be there is not
        all.add(plain.replace("From:", "From: <sip:b@x>;tag=2\r\nFrom:")
                .replace("To:", "To: <sip:c@x>\r\nTo:")); // 3.3.9
        all.add(plain.replace("Contact:", "Date: Fri, 01 Jan 2010 16:00:00 EST\r\nContact:")); // 3.1.2.12
        all.add(invite("t1", port, "Require: " + "x,".repeat(400) + "y\n")); // 3.3.3
        all.add(invite("t2", port, "Content-Type: application/unknown\n")); // 3.3.11
        all.add(plain.replace("INVITE sip:", "!interesting-Method0123456789_*+`.%indeed'~ sip:")); // 3.1.1.2
        all.add(plain.replace("To: <sip:", "t : \r\n  <sip:")
                .replace("From:", "f:")); // 3.1.1.1 a short tortuous INVITE
        all.add(plain.replace("sip:+4930123456@127.0.0.1 SIP", "unknownscheme:thing SIP")); // 3.3.2
        all.add(plain.replace(";branch=z9hG4bKt0", ";branch=z9hG4bK")); // 3.2.1 an empty transaction identifier
        all.add("SIP/2.0 4294967301 better not\r\n" + plain.substring(plain.indexOf("Via"))); // 3.1.2.19
        all.add("SIP/2.0 200\r\n\r\n");
        all.add("\0".repeat(64));
        all.add(plain.replace("\"A\"", "\"A\0B\"")); // 3.1.1.6 escaped or not
        all.add(invite("t3", port, "X: y\n".repeat(3000)));
        all.add("INVITE " + "sip:a@".repeat(2600));
        all.add(invite("t4", port, "Reason: " + ";".repeat(8000) + "\n"));
        return all;
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
                new SipSettings(s.listen(), s.userAgent(), 50, 1_000_000, 64, s.trace()),
                TrunkSettings.at(new TrunkAddress(peer.getHostAddress(), port, SipTransport.UDP)));
    }

    @Test
    void tortureOverUdpLeavesTheStackAnswering() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, Sipp.LOOPBACK);
                Gateway gateway = gateway(Sipp.LOOPBACK, socket.getLocalPort())) {
            socket.setSoTimeout(1000);
            int i = 0;
            for (String message : torture(socket.getLocalPort())) {
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
    void tortureOverTcpEndsAtMostItsOwnConnection() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, Sipp.LOOPBACK);
                Gateway gateway = gateway(Sipp.LOOPBACK, socket.getLocalPort())) {
            socket.setSoTimeout(1000);
            int i = 0;
            List<String> all = torture(socket.getLocalPort());
            all.add(invite("t9", 1, "").replace("Content-Length: 0", "Content-Length: 2000000000"));
            for (String message : all) {
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

    @Test
    void mutantsLeaveTheStackAnswering() throws IOException {
        long seed = Long.getLong("ringdown.seed", System.nanoTime());
        Random random = new Random(seed);
        try (DatagramSocket socket = new DatagramSocket(0, Sipp.LOOPBACK);
                Gateway gateway = gateway(Sipp.LOOPBACK, socket.getLocalPort())) {
            socket.setSoTimeout(1000);
            int port = socket.getLocalPort();
            List<String> seeds = new ArrayList<>(torture(port).subList(0, 24));
            seeds.add(invite("m", port, "Supported: 100rel, timer\nRecord-Route: <sip:127.0.0.1;lr>\n"));
            seeds.add(options("m2", port));
            seeds.add(options("m3", port).replace("OPTIONS", "BYE"));
            seeds.add("SIP/2.0 200 OK\r\n" + invite("m4", port, "").substring(45));
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
