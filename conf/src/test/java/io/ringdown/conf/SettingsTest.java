package io.ringdown.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SettingsTest {

    private record Text(String value) {}

    private record Texts(List<String> values, Map<String, String> named) {}

    @Test
    void oneValueWhereSeveralMayStandIsAListOfOne() throws SettingsException {
        assertThat(Settings.parse(Path.of("f"), "values: one, and no more", Map.of(), Texts.class)
                        .values())
                .containsExactly("one, and no more");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+49",
                "0011",
                "0049",
                "NO",
                "off",
                "12:30",
                "1_000",
                "1e3",
                "0x10",
                "0o17",
                "2026-11-24",
                "1.0",
                ".5",
                "~",
                "null",
                "true",
                "y",
                "=",
                "+12025550100",
                "007",
                "1.10",
                "-0",
                ".inf",
                "0b11",
                "685_230.15",
                "20:30:15"
            })
    void textArrivesAsItWasWritten(String written) throws SettingsException {
        assertThat(Settings.parse(Path.of("f"), "value: " + written, Map.of(), Text.class)
                        .value())
                .isEqualTo(written);
        Texts texts = Settings.parse(
                Path.of("f"),
                "values: [" + written + ", " + written + "]\nnamed:\n  " + "a: " + written,
                Map.of(),
                Texts.class);
        assertThat(texts.values()).containsExactly(written, written);
        assertThat(texts.named()).containsEntry("a", written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${sys:user.home}", "${env:HOME}", "${script:javascript:1+1}", "${file:UTF-8:/etc/passwd}",
                        "${const:java.lang.Math.PI}",
                "${dns:localhost}", "${url:UTF-8:http://127.0.0.1/}", "${other}", "${base64Decoder:SGVsbG8=}", "a,b;c"
            })
    void nothingIsLookedUpOrSplit(String written) throws SettingsException {
        assertThat(Settings.parse(Path.of("f"), "value: '" + written + "'", Map.of(), Text.class)
                        .value())
                .isEqualTo(written);
        assertThat(Settings.read(Map.of("RINGDOWN_VALUE", written), Text.class).value())
                .isEqualTo(written);
    }

    @Test
    void anEmptyFileGivesTheDefaults() throws SettingsException {
        Sample sample = Sample.read("# nothing here\n");
        assertThat(sample).isEqualTo(new Sample(Sample.Web.defaults(), Sample.Media.defaults(), Map.of(), Map.of()));
    }

    @Test
    void aSectionWhoseKeysAreAllCommentedOutGivesTheDefaults() throws SettingsException {
        assertThat(Sample.read("media:\n  # loops: 3\nweb:\n  origins:\n").media())
                .isEqualTo(Sample.Media.defaults());
    }

    @Test
    void everyKeyIsMapped() throws SettingsException {
        Sample sample = Sample.read("""
                web:
                  open: true
                  private-key: /etc/k.pem
                  origins: []
                  levels:
                    - a-part
                media:
                  listen: "::1"
                  web-ports: 20000-20003
                  patience: 1m30s
                  loops: 7
                  share: 0.25
                trunks:
                  Carrier-1:
                    host: sip.example.net
                    port: 5080
                    login: {user: 0049, password: "longenough"}
                    prefixes: [+49, 0011]
                words: {NO: off, "1e3": ''}
                """);
        assertThat(sample.web())
                .isEqualTo(new Sample.Web(true, Path.of("/etc/k.pem"), List.of(), Set.of(Sample.Level.A_PART)));
        assertThat(sample.media())
                .isEqualTo(new Sample.Media(
                        InetAddress.ofLiteral("::1"),
                        new Sample.Ports(20_000, 20_003),
                        Duration.ofSeconds(90),
                        7,
                        0.25));
        assertThat(sample.trunks())
                .isEqualTo(Map.of(
                        "Carrier-1",
                        new Sample.Trunk(
                                "sip.example.net",
                                Optional.of(5080),
                                Optional.of(new Sample.Login("0049", new Sample.Secret("longenough"))),
                                List.of("+49", "0011"))));
        assertThat(sample.words()).containsExactly(Map.entry("NO", "off"), Map.entry("1e3", ""));
    }

    @Test
    void oneKeyOfASectionLeavesTheDefaultsOfTheOthers() throws SettingsException {
        assertThat(Sample.read("media: {loops: 5}").media().patience()).isEqualTo(Duration.ofSeconds(4));
    }

    private record Kinds(
            URI uri,
            InetSocketAddress socket,
            long size,
            OptionalInt some,
            OptionalInt none,
            OptionalLong big,
            List<Sample.Login> logins) {}

    @Test
    void theOtherTypesAreReadToo() throws SettingsException {
        Kinds kinds = Settings.parse(Path.of("f"), """
                uri: https://example.net/a
                socket: "[::1]:8080"
                size: -9223372036854775808
                some: 0
                big: 9223372036854775807
                logins:
                  - user: a
                    password: 11111111
                  - {user: b, password: 22222222}
                """, Map.of(), Kinds.class);
        assertThat(kinds)
                .isEqualTo(new Kinds(
                        URI.create("https://example.net/a"),
                        new InetSocketAddress(InetAddress.ofLiteral("::1"), 8080),
                        Long.MIN_VALUE,
                        OptionalInt.of(0),
                        OptionalInt.empty(),
                        OptionalLong.of(Long.MAX_VALUE),
                        List.of(
                                new Sample.Login("a", new Sample.Secret("11111111")),
                                new Sample.Login("b", new Sample.Secret("22222222")))));
    }

    record Carrier(Account account) {
        public static Carrier defaults() {
            return new Carrier(Account.defaults());
        }
    }

    record Account(String host, int port) {
        public static Account defaults() {
            return new Account("nobody", 5060);
        }

        public static Set<String> required() {
            return Set.of("host");
        }
    }

    private record Carriers(Map<String, Carrier> carriers) {}

    @Test
    void whatIsRequiredMustBeThereAlthoughThereAreDefaults() throws SettingsException {
        Carriers carriers =
                Settings.parse(Path.of("f"), "carriers: {a: {account: {host: x}}}", Map.of(), Carriers.class);
        assertThat(carriers.carriers()).containsEntry("a", new Carrier(new Account("x", 5060)));
        for (String without : List.of("{a: {account: {port: 1}}}", "{a: {account: }}", "{a: {}}", "{a: }")) {
            assertThatThrownBy(() -> Settings.parse(Path.of("f"), "carriers: " + without, Map.of(), Carriers.class))
                    .hasMessageContaining("carriers.a.account.host: is missing; add host: with some text");
        }
    }

    private record Ordered(SequencedMap<String, Integer> places) {}

    @Test
    void namesKeepTheOrderOfTheFile() throws SettingsException {
        Ordered ordered = Settings.parse(Path.of("f"), "places: {zoe: 1, adam: 2, mia: 3}", Map.of(), Ordered.class);
        assertThat(ordered.places().sequencedKeySet()).containsExactly("zoe", "adam", "mia");
    }

    @Test
    void anAliasRepeatsItsAnchor() throws SettingsException {
        Sample sample = Sample.read("trunks:\n  a: &a {host: x, prefixes: [+49]}\n  b: *a\n");
        assertThat(sample.trunks().get("b")).isEqualTo(sample.trunks().get("a"));
    }

    private record Unfit(LocalDate date) {}

    @Test
    void aTypeThatNoSettingCanBeIsAMistakeInTheProgram() {
        assertThatThrownBy(() -> Settings.read(new LinkedHashMap<>(), Unfit.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("LocalDate");
    }
}
