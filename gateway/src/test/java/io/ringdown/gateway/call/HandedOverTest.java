package io.ringdown.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** To whom a call has gone, as far as it is kept. */
final class HandedOverTest {
    @Test
    void ofACallThatGoesRoundAndRoundTheLatestSixteenAreKept() {
        List<HandedOver> all = List.of();
        for (int i = 0; i < 20; i++) {
            all = HandedOver.with(all, new HandedOver("user " + i, Duration.ofSeconds(i)));
        }
        assertThat(all).hasSize(16);
        assertThat(all.getFirst().to()).isEqualTo("user 4");
        assertThat(all.getLast().to()).isEqualTo("user 19");
    }
}
