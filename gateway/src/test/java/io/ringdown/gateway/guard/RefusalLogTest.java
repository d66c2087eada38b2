package io.ringdown.gateway.guard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RefusalLogTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void ofAFloodTenLinesASecondAreWrittenAndTheNextOneSaysHowManyWereNot() {
        RefusalLog log = new RefusalLog();
        int written = 0;
        for (int i = 0; i < 1_000; i++) {
            written += log.leftOut(5 * SECOND + i) >= 0 ? 1 : 0;
        }
        assertThat(written).isEqualTo(10);
        assertThat(log.leftOut(6 * SECOND)).isEqualTo(990);
    }
}
