package io.ringdown.gateway.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RequestRatesTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void inAnyStretchOfTimeNoAddressGetsMoreThanItsRateAndOneBurst() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            int perSecond = random.nextInt(1, 200);
            RequestRates rates = new RequestRates(perSecond);
            long began = random.nextLong();
            long now = began;
            long admitted = 0;
            Network from = address(random.nextInt(3));
            for (int request = 0; request < 3_000; request++) {
                now += random.nextLong(SECOND / perSecond);
                admitted += rates.admits(from, now) ? 1 : 0;
                if (random.nextInt(10) == 0) {
                    rates.forget(now);
                }
                double most = perSecond * ((now - began) / 1e9 + RequestRates.BURST_SECONDS) + 1;
                assertThat((double) admitted).as("seed %d", seed).isLessThanOrEqualTo(most);
            }
            assertThat((double) admitted)
                    .as("and it gets what it may; seed %d", seed)
                    .isGreaterThan(perSecond * ((now - began) / 1e9) * 0.99);
        }
    }

    @Test
    void anotherAddressIsNotHeldToWhatOneDoes() throws Exception {
        RequestRates rates = new RequestRates(1);
        while (rates.admits(address(1), 0)) {
            assertThat(rates.addresses()).isOne();
        }
        assertThat(rates.admits(address(2), 0)).isTrue();
    }

    @Test
    void moreAddressesThanAreKeptShareOneRateAndAreForgottenInTime() throws Exception {
        RequestRates rates = new RequestRates(1, 10);
        int admitted = 0;
        for (int client = 0; client < 1_000; client++) {
            admitted += rates.admits(address(client), SECOND) ? 1 : 0;
        }
        assertThat(rates.addresses()).isEqualTo(10);
        assertThat(admitted).isEqualTo(10 + RequestRates.BURST_SECONDS);
        rates.forget(3 * SECOND);
        assertThat(rates.addresses()).isZero();
        assertThat(rates.admits(address(999), 3 * SECOND)).isTrue();
    }

    @Test
    void ofIpv6ItIsTheNetworkOfOneClientThatCounts() {
        assertThat(Network.around(InetAddress.ofLiteral("2001:db8:1:2:3:4:5:6")))
                .isEqualTo(Network.around(InetAddress.ofLiteral("2001:db8:1:2:ffff::1")))
                .isNotEqualTo(Network.around(InetAddress.ofLiteral("2001:db8:1:3:3:4:5:6")));
        assertThat(Network.around(InetAddress.ofLiteral("192.0.2.1")))
                .isEqualTo(Network.around(InetAddress.ofLiteral("::ffff:192.0.2.1")))
                .isNotEqualTo(Network.around(InetAddress.ofLiteral("192.0.2.2")));
    }

    private static Network address(int client) throws UnknownHostException {
        return Network.around(InetAddress.getByAddress(new byte[] {10, 0, (byte) (client >> 8), (byte) client}));
    }
}
