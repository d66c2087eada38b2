package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Offers whose connection lines, candidates and report addresses name what a gateway may reach and its clients may not: this
 * machine, its neighbours, the metadata service of a cloud. Nothing is sent there, and no name is looked up (THREATS W6).
 */
@ExtendWith(Trial.Extension.class)
final class NothingGoesWhereAClientPointsIT {
    private static final List<String> INSIDE = List.of(
            "127.0.0.1",
            "127.0.0.99",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "127.000.000.001",
            "0.0.0.0",
            "0",
            "10.0.0.1",
            "10.255.255.254",
            "172.16.0.1",
            "192.168.0.1",
            "192.168.1.254",
            "100.64.0.1",
            "100.100.100.200",
            "169.254.169.254",
            "2852039166",
            "0xa9fea9fe",
            "0251.0376.0251.0376",
            "169.254.43518",
            "169.16689662",
            "198.18.0.1",
            "192.0.2.1",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.250",
            "255.255.255.255",
            "::",
            "::1",
            "[::1]",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::ffff:a9fe:a9fe",
            "64:ff9b::a9fe:a9fe",
            "fe80::1",
            "fe80::1%lo",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "2001:db8::1",
            "localhost",
            "localhost.localdomain",
            "metadata.google.internal",
            "instance-data",
            "169.254.169.254.nip.io",
            "a.example",
            "0d6ce3f2-4a2c-4f6c-9d5a-1f2e3d4c5b6a.local");

    @Test
    void noPacketAndNoQuestionForItsName(Trial trial) throws Exception {
        Interface.up(trial, "outside", "10.123.45.1");
        Interface.ip(trial, "link", "set", "outside", "arp", "off"); // nobody is there who would answer
        int carrierPort = Tools.freePort();
        GatewayConfig config = new GatewayConfig()
                .trunk("carrier", Exchange.carrier(carrierPort))
                .lines("calls: {dial: at-once, connect-timeout: 30s}\n");
        Gateway gateway = Gateway.start(trial, config);
        FarEnd far = trial.keep(new FarEnd());
        Sipp.start(
                trial,
                Sipp.Run.of("uas-takes-anything", carrierPort)
                        .calls(1_000)
                        .key("pt", 0)
                        .key("codec", "PCMU")
                        .key("rtp_ip", far.address())
                        .key("rtp_port", far.port()));
        Trap trap = trial.keep(new Trap());
        Capture capture = Capture.start(trial, "outside", "ip or ip6");

        int answered = 0;
        for (String address : INSIDE) {
            HttpResponse<String> reply = call(gateway, address, trap.port());
            // A machine that is busy with other tests may refuse a call for a moment.
            for (int tries = 0; reply.statusCode() == 503 && tries < 30; tries++) {
                Tools.pause(1_000);
                reply = call(gateway, address, trap.port());
            }
            assertThat(reply.statusCode()).as(address).isIn(201, 422);
            answered += reply.statusCode() == 201 ? 1 : 0;
        }
        assertThat(answered).as("offers that were answered").isGreaterThanOrEqualTo(40);
        far.awaitAudio(10);
        far.speak(0, G711.PCMU.tone(trial.directory(), Exchange.TELEPHONE_HZ)); // something to be sent to a browser
        Tools.pause(3_000);
        assertThat(trap.heard()).as("datagrams and connections to this machine").isZero();
        trap.control();
        assertThat(trap.heard()).as("the trap hears").isOne();
        // The last packet is our own, so that there is one to be seen.
        List<List<String>> all = capture.readAll("udp or tcp", "ip.dst", "ipv6.dst", "udp.dstport", "dns.qry.name");
        // A browser that another test has left running asks names of its own; none of them may be one of these.
        List<String> asked =
                all.stream().map(List::getLast).filter(name -> !name.isEmpty()).toList();
        assertThat(asked).as("names that were asked for").doesNotContainAnyElementsOf(INSIDE);
        List<List<String>> left = all.stream()
                .filter(packet -> packet.getLast().isEmpty())
                .map(packet -> packet.subList(0, 3))
                .toList();
        assertThat(left).as("packets that left the machine").containsExactly(List.of("10.9.9.9", "", "9"));
    }

    private static HttpResponse<String> call(Gateway gateway, String address, int port) {
        return gateway.send(HttpRequest.newBuilder(gateway.uri("/v1/calls/" + Exchange.NUMBER))
                .header("Content-Type", "application/sdp")
                .POST(HttpRequest.BodyPublishers.ofString(offer(address, port)))
                .build());
    }

    /** As a browser's, but for where it says to be. */
    private static String offer(String address, int port) {
        String family = address.contains(":") ? "IP6" : "IP4";
        return HttpPhone.OFFER
                .replace("o=- 1 1 IN IP4 127.0.0.1", "o=- 1 1 IN " + family + " " + address)
                .replace("m=audio 9 ", "m=audio " + port + " ")
                .replace(
                        "c=IN IP4 0.0.0.0\r\n",
                        "c=IN " + family + " " + address + "\r\n"
                                + "a=rtcp:" + port + " IN " + family + " " + address + "\r\n"
                                + "a=candidate:1 1 udp 2130706431 " + address + " " + port + " typ host\r\n"
                                + "a=candidate:2 1 udp 1694498815 " + address + " " + port + " typ srflx raddr "
                                + address + " rport " + port + "\r\n"
                                + "a=candidate:3 1 udp 16777215 " + address + " " + port + " typ relay raddr "
                                + address + " rport " + port + "\r\n"
                                + "a=candidate:4 1 tcp 1518280447 " + address + " " + port
                                + " typ host tcptype passive\r\n"
                                + "a=remote-candidates:1 " + address + " " + port + "\r\n");
    }

    /** What listens on every address of this machine, IPv4 and IPv6, and expects nothing. */
    private static final class Trap implements AutoCloseable {
        private final ServerSocket tcp;
        private final DatagramSocket udp;

        Trap() throws IOException {
            tcp = new ServerSocket(0);
            tcp.setSoTimeout(1);
            udp = new DatagramSocket(tcp.getLocalPort());
            udp.setSoTimeout(1);
        }

        int port() {
            return tcp.getLocalPort();
        }

        /** What has come and was not looked at yet. */
        int heard() throws IOException {
            int heard = 0;
            try {
                while (true) {
                    tcp.accept().close();
                    heard++;
                }
            } catch (SocketTimeoutException none) {
                // That were all.
            }
            try {
                while (true) {
                    udp.receive(new DatagramPacket(new byte[2048], 2048));
                    heard++;
                }
            } catch (SocketTimeoutException none) {
                return heard;
            }
        }

        /** One datagram to ourselves, one out of the machine. */
        void control() throws IOException {
            try (DatagramSocket own = new DatagramSocket()) {
                own.send(new DatagramPacket(new byte[1], 1, InetAddress.ofLiteral("127.0.0.99"), port()));
                own.send(new DatagramPacket(new byte[1], 1, InetAddress.ofLiteral("10.9.9.9"), 9));
            }
            Tools.pause(200);
        }

        @Override
        public void close() throws IOException {
            tcp.close();
            udp.close();
        }
    }
}
