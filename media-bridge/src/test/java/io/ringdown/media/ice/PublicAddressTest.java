package io.ringdown.media.ice;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.media.AddressSource;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class PublicAddressTest {

    @Test
    void aStunServerTellsIt() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (DatagramSocket server = new DatagramSocket(0, loopback)) {
            Thread.ofVirtual().start(() -> answer(server));
            AddressSource source = AddressSource.parse("stun:127.0.0.1:" + server.getLocalPort());
            assertThat(PublicAddress.ask(source, loopback)).contains(InetAddress.ofLiteral("203.0.113.5"));
        }
    }

    /** Says to everybody that they are 203.0.113.5 (RFC 8489 §14.2). */
    private static void answer(DatagramSocket server) {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[1_500], 1_500);
                server.receive(packet);
                ByteBuffer response = ByteBuffer.allocate(32)
                        .putShort((short) 0x0101)
                        .putShort((short) 12)
                        .put(Arrays.copyOfRange(packet.getData(), 4, 20))
                        .putShort((short) 0x0020)
                        .putShort((short) 8)
                        .putShort((short) 1)
                        .putShort((short) (packet.getPort() ^ 0x2112))
                        .putInt(0xCB007105 ^ 0x2112A442);
                server.send(new DatagramPacket(response.array(), 32, packet.getSocketAddress()));
            }
        } catch (IOException e) {
            // closed
        }
    }
}
