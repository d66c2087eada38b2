package io.ringdown.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class EnvironmentTest {

    @Test
    void variablesOverrideWhatTheFileSaysOrLeavesOut() throws SettingsException {
        Sample sample = Sample.read(
                "media: {loops: 3}\ntrunks:\n  my-carrier: {host: a, prefixes: [x]}\n",
                Map.of(
                        "RINGDOWN_MEDIA_LOOPS", "5",
                        "RINGDOWN_MEDIA_WEB_PORTS", "1-2",
                        "RINGDOWN_WEB_OPEN", "true",
                        "RINGDOWN_TRUNKS_MY_CARRIER_HOST", "${env:b},c",
                        "RINGDOWN_TRUNKS_MY_CARRIER_PREFIXES", "+49, 0011",
                        "RINGDOWN_TRUNKS_MY_CARRIER_LOGIN_USER", "0049",
                        "RINGDOWN_TRUNKS_MY_CARRIER_LOGIN_PASSWORD", "longenough",
                        "RINGDOWN_WEB_LEVELS", "",
                        "PATH", "/bin"));
        assertThat(sample.media().loops()).isEqualTo(5);
        assertThat(sample.media().webPorts()).isEqualTo(new Sample.Ports(1, 2));
        assertThat(sample.web().open()).isTrue();
        Sample.Trunk trunk = Objects.requireNonNull(sample.trunks().get("my-carrier"));
        assertThat(trunk.host()).isEqualTo("${env:b},c");
        assertThat(trunk.prefixes()).containsExactly("+49", "0011");
        assertThat(trunk.login()).contains(new Sample.Login("0049", new Sample.Secret("longenough")));
    }

    private record Listed(List<Sample.Login> logins) {}

    @Test
    void entriesOfAListOfSectionsAreNumbered() throws SettingsException {
        Listed listed = Settings.parse(
                java.nio.file.Path.of("f"),
                "logins:\n  - {user: a, password: 12345678}\n  - {user: b, password: 12345678}\n",
                Map.of("RINGDOWN_LOGINS_1_USER", "c"),
                Listed.class);
        assertThat(listed.logins()).extracting(Sample.Login::user).containsExactly("a", "c");
    }

    @Test
    void problemsNameTheVariable() {
        assertThat(Sample.problems(
                        "media: {loops: 3}",
                        Map.of("RINGDOWN_MEDIA_LOOPS", "many", "RINGDOWN_MEDIA_LOPS", "4", "RINGDOWN_QQ", "5")))
                .containsExactly(
                        "variable RINGDOWN_MEDIA_LOPS = '4': names no key; did you mean RINGDOWN_MEDIA_LOOPS?",
                        "variable RINGDOWN_QQ = '5': names no key; unset it, or write the key into the file: names of trunks and users count as they stand there",
                        "variable RINGDOWN_MEDIA_LOOPS: media.loops = 'many': is not a whole number; write digits only, without a leading 0, as in 8");
    }

    @Test
    void aVariableThatMayMeanTwoKeysIsRefused() {
        assertThat(Sample.problems("trunks: {a-b: {host: x}, a_b: {host: y}}", Map.of("RINGDOWN_TRUNKS_A_B_HOST", "z")))
                .containsExactly(
                        "variable RINGDOWN_TRUNKS_A_B_HOST = 'z': may mean trunks.a-b.host or trunks.a_b.host; rename one of them in the file");
    }

    @Test
    void variablesOfTheLauncherAndOfAClusterAreNoSettings() {
        assertThat(Sample.problems(
                        "",
                        Map.of(
                                "RINGDOWN_JAVA_OPTS", "-Xmx1g",
                                "RINGDOWN_SERVICE_HOST", "10.0.0.1",
                                "RINGDOWN_SERVICE_PORT_HTTPS", "443",
                                "RINGDOWN_PORT", "tcp://10.0.0.1:443",
                                "RINGDOWN_PORT_443_TCP_ADDR", "10.0.0.1",
                                "RINGDOWN_WEB_PORT_443_TCP", "tcp://10.0.0.1:443")))
                .isEmpty();
    }
}
