package io.ringdown.gateway.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.gateway.tokens.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class IceServersTest {
    private static final List<String> URLS = List.of("turns:turn.example.com:443?transport=tcp");

    /** Of the subject s1: printf s1 | sha256sum | cut -c1-16. */
    private static final String NAME = "1800086400:e8bc163c82eee187";

    private Instant now = Instant.ofEpochSecond(1_800_000_000);

    /** The password is what openssl makes of it: printf NAME | openssl dgst -sha1 -hmac SECRET -binary | base64. */
    @Test
    void aSharedSecretMakesANameThatSaysUntilWhenItIsGoodAndItsPassword() {
        IceServer turn = new IceServer(
                URLS,
                Optional.empty(),
                Optional.empty(),
                Optional.of(Secret.parse("0123456789abcdef")),
                Duration.ofHours(24));
        IceServers servers = new IceServers(List.of(turn), () -> now);
        assertThat(servers.told("s1"))
                .containsExactly(new ServerMessage.Ice(URLS, NAME, "OxfOcJgj3QnaRRsJC1h7bFg+tVE="));
        now = now.plusSeconds(1);
        assertThat(servers.told("s1").getFirst().username())
                .as("made anew for each welcome")
                .isEqualTo("1800086401:e8bc163c82eee187");
        assertThat(servers.told("s2").getFirst().username())
                .as("another subject")
                .doesNotContain("e8bc163c82eee187");
        assertThat(servers.told("s1").toString())
                .doesNotContain("OxfOcJgj3QnaRRsJC1h7bFg+tVE=")
                .doesNotContain("1800086401");
    }

    @Test
    void aNameAndPasswordOfTheFileAreToldAsTheyAre() {
        IceServer turn = new IceServer(
                URLS,
                Optional.of("u"),
                Optional.of(Secret.parse("0123456789abcdef")),
                Optional.empty(),
                Duration.ofHours(24));
        assertThat(new IceServers(List.of(turn), () -> now).told("s1"))
                .containsExactly(new ServerMessage.Ice(URLS, "u", "0123456789abcdef"));
    }
}
