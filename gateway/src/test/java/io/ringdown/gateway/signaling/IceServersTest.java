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
                .containsExactly(new ServerMessage.Ice(URLS, "1800086400:s1", "DxhPumVTW4eMF/HYzOsu/FcvECw="));
        now = now.plusSeconds(1);
        assertThat(servers.told("s1").getFirst().username())
                .as("made anew for each welcome")
                .isEqualTo("1800086401:s1");
        assertThat(servers.told("s1").toString())
                .doesNotContain("DxhPumVTW4eMF/HYzOsu/FcvECw=")
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
