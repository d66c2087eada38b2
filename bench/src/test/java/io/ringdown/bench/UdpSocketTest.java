package io.ringdown.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class UdpSocketTest {

    @Test
    void aDatagramArrivesWholeAndTellsWhenTheKernelTookItIn() throws Exception {
        try (UdpSocket one = UdpSocket.open(0);
                UdpSocket other = UdpSocket.open(0)) {
            one.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), other.port()));
            byte[] hello = "hello".getBytes(StandardCharsets.US_ASCII);
            byte[] packet = new byte[UdpSocket.CAPACITY];
            assertThat(other.receive(packet)).isEqualTo(-1);
            // The kernel begins to stamp a moment after the first socket has asked for it.
            one.send(hello, hello.length);
            assertThat(other.await(10_000)).isTrue();
            Thread.sleep(200);
            assertThat(other.receive(packet)).isEqualTo(5);
            WallClock clock = new WallClock();
            clock.compare();
            long before = System.nanoTime();
            assertThat(one.send(hello, hello.length)).isTrue();
            long after = System.nanoTime();
            assertThat(other.await(10_000)).isTrue();
            Thread.sleep(20); // however late we look
            assertThat(other.receive(packet)).isEqualTo(5);
            assertThat(packet).startsWith(hello);
            long margin = 1_000_000; // both clocks may be corrected meanwhile
            assertThat(clock.toNanoTime(other.stampNanos())).isBetween(before - margin, after + margin);
            assertThat(other.drops()).isZero();
        }
    }

    @Test
    void aPortThatIsTakenIsSaid() throws Exception {
        try (UdpSocket one = UdpSocket.open(0)) {
            int port = one.port();
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> UdpSocket.open(port))
                    .withMessageContaining(String.valueOf(port));
        }
    }

    @Test
    void whatFindsNoRoomIsCounted() throws Exception {
        try (UdpSocket one = UdpSocket.open(0);
                UdpSocket other = UdpSocket.open(0)) {
            one.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), other.port()));
            byte[] packet = new byte[UdpSocket.CAPACITY];
            int sent = 5_000;
            for (int i = 0; i < sent; i++) {
                one.send(packet, 1_000);
            }
            int received = 0;
            while (other.receive(packet) >= 0) {
                received++;
            }
            one.send(packet, 10);
            other.await(10_000);
            other.receive(packet); // carries the count of what was dropped before it
            assertThat(received).isLessThan(sent);
            assertThat(other.drops()).isEqualTo(sent - received);
        }
    }
}
