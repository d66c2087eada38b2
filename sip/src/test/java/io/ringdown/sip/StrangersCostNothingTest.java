package io.ringdown.sip;

import static io.ringdown.evidence.Row.HYGIENE;
import static io.ringdown.evidence.Row.INBOUND;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** A source that is no trunk's sends 10 000 messages a second over UDP, and as fast as it can over TCP, while a trunk calls. */
@Shows({INBOUND, HYGIENE})
final class StrangersCostNothingTest {
    private static final InetAddress STRANGER = InetAddress.ofLiteral("127.0.0.9");
    private static final int CALLS = 200;
    private static final byte[] REGISTER = """
            REGISTER sip:127.0.0.1 SIP/2.0
            Via: SIP/2.0/UDP 127.0.0.9:5060;branch=z9hG4bKstranger;rport
            From: <sip:a@127.0.0.1>;tag=f
            To: <sip:b@127.0.0.1>
            Call-ID: stranger
            CSeq: 1 REGISTER
            Max-Forwards: 70
            Content-Length: 0

            """.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);

    @Test
    void floodOfStrangersCostsNoCallOfTheTrunk() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong sent = new AtomicLong();
        try (DatagramSocket udp = new DatagramSocket(0, STRANGER);
                ManyCalls gateway = new ManyCalls(
                        TrunkSettings.at(new TrunkAddress("127.0.0.1", Sipp.freePort(), SipTransport.UDP)),
                        call -> call.answer(Gateway.OFFER),
                        (_, _) -> {})) {
            Thread datagrams = Thread.ofPlatform().start(() -> flood(udp, gateway.port(), sent, over));
            Thread connections = Thread.ofPlatform().start(() -> connect(gateway.port(), over));
            while (sent.get() < 10_000) {
                LockSupport.parkNanos(10_000_000);
            }
            try (Sipp sipp = Sipp.uac(
                    "uac-load", gateway.port(), "-m", Integer.toString(CALLS), "-r", "50", "-timeout", "240s")) {
                sipp.assertSuccess(Duration.ofSeconds(250));
            }
            over.set(true);
            datagrams.join();
            connections.join();
            gateway.awaitEnds(CALLS);
            gateway.assertEachEndedOnce(CALLS);
            assertThat(gateway.counter("calls-in")).isEqualTo(CALLS);
            assertThat(gateway.counter("dropped-unknown-source")).isPositive();
            assertThat(gateway.counter("refused-requests"))
                    .as("answers to strangers")
                    .isZero();
            assertThat(gateway.counter("dropped-rate")).isZero();
        }
    }

    private static void flood(DatagramSocket from, int port, AtomicLong sent, AtomicBoolean over) {
        DatagramPacket packet =
                new DatagramPacket(REGISTER, REGISTER.length, new InetSocketAddress(Sipp.LOOPBACK, port));
        long began = System.nanoTime();
        try {
            while (!over.get()) {
                from.send(packet);
                if (sent.incrementAndGet() % 100 == 0) { // 10 ms
                    LockSupport.parkNanos(began + TimeUnit.MILLISECONDS.toNanos(sent.get() / 10) - System.nanoTime());
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void connect(int port, AtomicBoolean over) {
        while (!over.get()) {
            try (Socket socket = new Socket()) {
                socket.bind(new InetSocketAddress(STRANGER, 0));
                socket.setSoLinger(true, 0); // no port is left waiting
                socket.connect(new InetSocketAddress(Sipp.LOOPBACK, port));
                for (int i = 0; i < 10; i++) {
                    socket.getOutputStream().write(REGISTER);
                }
            } catch (SocketException shown) {
                assertThat(shown).isNotNull(); // the door: that is what should happen
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }
}
