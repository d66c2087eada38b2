package io.ringdown.gateway.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class FailedTokensTest {
    private static final InetAddress HERE = InetAddress.ofLiteral("2001:db8:1:2::1");
    private final FailedTokens failed = new FailedTokens();

    private void fail(InetAddress from, int times, long now) {
        for (int time = 0; time < times; time++) {
            failed.on(from, now);
        }
    }

    @Test
    void eachFailureAboveTenDoublesTheWaitUpToFiveMinutes() {
        fail(HERE, 10, 0);
        assertThat(failed.wait(HERE, 0)).isEmpty();
        long[] seconds = {1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300};
        for (long wait : seconds) {
            fail(HERE, 1, 0);
            assertThat(failed.wait(HERE, 0)).hasValue(Duration.ofSeconds(wait));
        }
        assertThat(failed.wait(HERE, Duration.ofSeconds(300).toNanos())).isEmpty();
    }

    @Test
    void aSubscribersWholeNetworkIsOneAndItsNeighbourAnother() {
        fail(HERE, 20, 0);
        assertThat(failed.wait(InetAddress.ofLiteral("2001:db8:1:2:ffff::9"), 0))
                .isPresent();
        assertThat(failed.wait(InetAddress.ofLiteral("2001:db8:1:3::1"), 0)).isEmpty();
        assertThat(failed.wait(InetAddress.ofLiteral("192.0.2.1"), 0)).isEmpty();
    }

    @Test
    void tenQuietMinutesForgetAll() {
        fail(HERE, 30, 0);
        long later = Duration.ofMinutes(10).toNanos();
        fail(HERE, 1, later);
        assertThat(failed.wait(HERE, later)).isEmpty();
    }

    @Test
    void noMoreAddressesAreRememberedThanMayAndTheLatestAre() {
        FailedTokens few = new FailedTokens(3);
        for (int host = 0; host < 250; host++) {
            InetAddress from = InetAddress.ofLiteral("192.0.2." + host);
            for (int time = 0; time < 11; time++) {
                few.on(from, 0);
            }
            assertThat(few.wait(from, 0)).isPresent();
        }
        assertThat(few.size()).isEqualTo(3);
    }
}
