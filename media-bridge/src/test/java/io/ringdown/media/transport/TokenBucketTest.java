package io.ringdown.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TokenBucketTest {
    private static final long MILLI = 1_000_000;

    @Test
    void aFloodIsCutToTheRateAfterItsBurst() {
        TokenBucket bucket = new TokenBucket(250, 500, 0);
        int passed = 0;
        for (int i = 0; i < 100_000; i++) { // 10 000 packets a second for ten seconds
            passed += bucket.take((long) i * MILLI / 10) ? 1 : 0;
        }
        assertThat(passed).isBetween(500 + 2490, 500 + 2510);
    }

    @Test
    void ordinaryMediaAlwaysPasses() {
        TokenBucket bucket = new TokenBucket(250, 500, 0);
        for (int i = 0; i < 100_000; i++) {
            assertThat(bucket.take(20L * i * MILLI)).isTrue();
        }
    }
}
