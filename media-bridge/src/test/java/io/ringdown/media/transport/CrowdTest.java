package io.ringdown.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

final class CrowdTest {
    private final Crowd<Integer> crowd = new Crowd<>(8, 4);

    @Test
    void theAddressesOfASubscriberAreOneNetworkAndTheNextIsAnother() {
        assertThat(network("2001:db8:1:2::1"))
                .isEqualTo(network("2001:db8:1:2:ffff:ffff:ffff:ffff"))
                .isNotEqualTo(network("2001:db8:1:3::1"));
        assertThat(network("192.0.2.1")).isEqualTo(network("192.0.2.1")).isNotEqualTo(network("192.0.2.2"));
        assertThat(network("::ffff:192.0.2.1")).as("mapped").isEqualTo(network("192.0.2.1"));
    }

    @Test
    void theOldestOfANetworkGivesWayToItsOwn() {
        bring(1, 3);
        bring(2, 4);
        assertThat(crowd.inTheWayOf(2)).isEqualTo(200);
        assertThat(crowd.inTheWayOf(3)).as("there is room for others").isNull();
    }

    @Test
    void whoBringsManyGivesWayBeforeWhoBringsFew() {
        bring(1, 1);
        bring(2, 3);
        bring(3, 4);
        assertThat(crowd.inTheWayOf(4)).isEqualTo(300);
        crowd.remove(300, 3);
        crowd.add(400, 4);
        assertThat(crowd.first()).as("the oldest of all stays, being alone").isEqualTo(100);
    }

    @Test
    void whoIsGoneIsCountedNoMore() {
        bring(1, 4);
        for (int i = 0; i < 4; i++) {
            crowd.remove(100 + i, 1);
            crowd.remove(100 + i, 1);
        }
        assertThat(crowd.size()).isZero();
        assertThat(crowd.first()).isNull();
        assertThat(crowd.inTheWayOf(1)).isNull();
    }

    /** As many as it lets in: 100, 101, ... of network 1. */
    private void bring(int network, int count) {
        for (int i = 0; i < count && crowd.inTheWayOf(network) == null; i++) {
            crowd.add(100 * network + i, network);
        }
    }

    private static long network(String address) {
        return Crowd.network(InetAddress.ofLiteral(address));
    }
}
