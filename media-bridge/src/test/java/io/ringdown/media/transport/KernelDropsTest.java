package io.ringdown.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class KernelDropsTest {

    @Test
    void aLineOfAnotherPortAndTheHeadCountNothing() {
        String line = " 1234: 0100007F:2710 00000000:0000 07 00000000:00000000 00:00000000 00000000"
                + "  1000        0 55555 2 0000000000000000 42";
        Map<Integer, Long> drops = new HashMap<>();
        KernelDrops.addLine(line, Set.of(10_001), drops);
        KernelDrops.addLine("  sl  local_address rem_address   st tx_queue", Set.of(10_000), drops);
        KernelDrops.addLine("", Set.of(10_000), drops);
        assertThat(drops).isEmpty();
        KernelDrops.addLine(line, Set.of(10_000, 10_001), drops);
        KernelDrops.addLine(line, Set.of(10_000), drops);
        assertThat(drops).as("two sockets of one port").containsOnly(Map.entry(10_000, 84L));
    }

    @Test
    void whatNobodyReadsInTimeIsSeen() throws Exception {
        try (DatagramChannel socket = Datagrams.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 46)) {
            Datagrams.receiveBuffer(socket, 4_096);
            InetSocketAddress local = (InetSocketAddress) socket.getLocalAddress();
            for (int i = 0; i < 200; i++) {
                socket.send(ByteBuffer.allocate(1_000), local);
            }
            assertThat(KernelDrops.of(Set.of(local.getPort())).get(local.getPort()))
                    .isBetween(100L, 200L);
        }
    }
}
