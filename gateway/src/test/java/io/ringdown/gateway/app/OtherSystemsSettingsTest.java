package io.ringdown.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdown.conf.Settings;
import io.ringdown.conf.SettingsException;
import io.ringdown.gateway.api.ApiKey;
import io.ringdown.gateway.api.ApiSettings;
import io.ringdown.gateway.hooks.HookEvent;
import io.ringdown.gateway.hooks.HookSettings;
import io.ringdown.gateway.hooks.HookTarget;
import io.ringdown.gateway.tokens.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys of {@code hooks} and {@code api}: each maps, and what does not fit says so. */
final class OtherSystemsSettingsTest {
    private static final String ONE = "0123456789abcdef0123456789abcdef";
    private static final String OTHER = "fedcba9876543210fedcba9876543210";

    @TempDir
    Path folder;

    @Test
    void everyKeyMaps() throws Exception {
        RingdownSettings settings = read("""
                hooks:
                  to:
                    crm:
                      url: https://crm.example.net/hook
                      secret: %1$s
                      old-secret: %2$s
                      events: [call.begun, agent.availability]
                  timeout: 3s
                  give-up-after: 2h
                  parallel: 7
                  most: 70
                  most-dead: 700
                  directory: /var/lib/hooks
                api:
                  key: %1$s
                  keys:
                    board: {key: %2$s, may: read}
                """.formatted(ONE, OTHER));
        assertThat(settings.hooks())
                .isEqualTo(new HookSettings(
                        Map.of(
                                "crm",
                                new HookTarget(
                                        URI.create("https://crm.example.net/hook"),
                                        Secret.parse(ONE),
                                        Optional.of(Secret.parse(OTHER)),
                                        List.of(HookEvent.CALL_BEGUN, HookEvent.AGENT_AVAILABILITY))),
                        Duration.ofSeconds(3),
                        Duration.ofHours(2),
                        7,
                        70,
                        700,
                        Optional.of(Path.of("/var/lib/hooks"))));
        assertThat(settings.api())
                .isEqualTo(new ApiSettings(
                        Optional.of(Secret.parse(ONE)),
                        Map.of("board", new ApiKey(Secret.parse(OTHER), ApiKey.May.READ))));
        assertThat(settings.api().all()).containsOnlyKeys("api.key", "board");
        assertThat(settings.toString()).doesNotContain(ONE);
    }

    @Test
    void leftOutThereIsNothingAndTheDirectoryIsBesideTheFile() throws Exception {
        RingdownSettings settings = read("{}");
        assertThat(settings.hooks()).isEqualTo(HookSettings.defaults());
        assertThat(settings.api().all()).isEmpty();
        assertThat(settings.withJournalBeside(folder.resolve("my.yaml")).hooks().directory())
                .contains(folder.resolve("var/hooks"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hooks: {to: {crm: {url: 'http://crm.example.net/', secret: " + ONE + "}}} | url: is not https",
                "hooks: {to: {crm: {url: 'https://crm.example.net/', secret: 0123456789abcdef}}} | shorter than 32",
                "hooks: {to: {CRM: {url: 'https://crm.example.net/', secret: " + ONE + "}}} | no name for a receiver",
                "hooks: {to: {crm: {url: 'https://a.example/', secret: " + ONE
                        + ", events: [call.gone]}}} | is no event",
                "hooks: {parallel: 0} | parallel: is not 1 to 256",
                "hooks: {timeout: 2m} | timeout: is not above 0",
                "api: {key: 0123456789abcdef} | shorter than 32",
                "api: {key: " + ONE + ", keys: {crm: {key: " + ONE + ", may: act}}} | has the key of another",
            })
    void whatDoesNotFitSaysSo(String yaml, String said) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(SettingsException.class)
                .message()
                .satisfies(message -> {
                    assertThat(message.replaceAll("\\s+", " ")).contains(said.replaceAll("^.*: ", ""));
                    assertThat(message).doesNotContain(ONE);
                });
    }

    private RingdownSettings read(String yaml) throws SettingsException, IOException {
        Path file = Files.writeString(folder.resolve("ringdown.yaml"), yaml);
        return Settings.read(file, Map.of(), RingdownSettings.class);
    }
}
