package io.ringdown.gateway.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class UsedTokensTest {
    private static final Instant NOW = Instant.parse("2026-11-26T10:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(600);

    @Test
    void ofAThousandWhoUseATokenAtOnceOneMay() {
        UsedTokens used = new UsedTokens();
        List<Boolean> allowed = IntStream.range(0, 1000)
                .parallel()
                .mapToObj(_ -> used.use("a", LATER, NOW))
                .filter(may -> may)
                .toList();
        assertThat(allowed).hasSize(1);
        assertThat(used.isUsed("a")).isTrue();
        assertThat(used.isUsed("b")).isFalse();
    }

    @Test
    void thoseThatHaveRunOutAreLookedForOnceASecondAtMost() {
        UsedTokens used = new UsedTokens(1);
        assertThat(used.use("a", LATER, NOW)).isTrue();
        assertThat(used.use("b", LATER.plusSeconds(9), LATER.minusMillis(500))).isFalse();
        assertThat(used.use("b", LATER.plusSeconds(9), LATER))
                .as("not looked for")
                .isFalse();
        assertThat(used.use("b", LATER.plusSeconds(9), LATER.plusMillis(500))).isTrue();
    }

    @Test
    void whatCouldNotBeRememberedIsRefusedUntilOthersHaveRunOut() {
        UsedTokens used = new UsedTokens(2);
        assertThat(used.use("a", LATER, NOW)).isTrue();
        assertThat(used.use("b", LATER.plusSeconds(1), NOW)).isTrue();
        assertThat(used.use("c", LATER, NOW)).isFalse();
        assertThat(used.isUsed("c")).isFalse();
        assertThat(used.use("c", LATER.plusSeconds(9), LATER)).isTrue();
        assertThat(used.use("b", LATER, LATER)).isFalse();
        assertThat(used.isUsed("a")).isFalse();
    }
}
