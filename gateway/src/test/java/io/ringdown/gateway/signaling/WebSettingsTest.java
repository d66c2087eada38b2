package io.ringdown.gateway.signaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdown.gateway.tokens.TokenVerifier;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class WebSettingsTest {

    @Test
    void defaultsListenOnLoopback() {
        assertThat(WebSettings.defaults().listen()).hasToString("[127.0.0.1:8080]");
        assertThat(WebSettings.defaults().tls()).isEqualTo(WebSettings.Tls.OFF);
    }

    @Test
    void plainHttpNeedsLoopbackOrAProxy() {
        assertThatThrownBy(() -> web("0.0.0.0:8080", WebSettings.Tls.OFF, List.of()))
                .hasMessageContaining("without a microphone");
        assertThat(web("0.0.0.0:8080", WebSettings.Tls.OFF, List.of(Network.parse("10.0.0.0/8"))))
                .isNotNull();
        assertThat(web("0.0.0.0:8443", WebSettings.Tls.SELF_SIGNED, List.of())).isNotNull();
        assertThatThrownBy(() -> web("0.0.0.0:8443", WebSettings.Tls.FILES, List.of()))
                .hasMessageContaining("certificate and key");
    }

    @Test
    void severalAddressesAreEachHeldToTheRules() {
        WebSettings usual = WebSettings.defaults();
        List<ListenAddress> both = List.of(ListenAddress.parse("127.0.0.1:80"), ListenAddress.parse("0.0.0.0:80"));
        assertThatThrownBy(() -> usual.withListen(both)).hasMessageContaining("off on 0.0.0.0:80");
        assertThatThrownBy(() -> usual.withListen(List.of())).hasMessageContaining("listen: is empty");
        assertThat(usual.withListen(both.subList(0, 1)).loopback()).isTrue();
    }

    @Test
    void timesToComeBackAreBounded() {
        WebSettings usual = WebSettings.defaults();
        Duration none = Duration.ZERO;
        assertThat(usual.withResumption(none, none).resumeWithin()).isZero();
        assertThatThrownBy(() -> usual.withResumption(Duration.ofHours(1), none))
                .hasMessage("resume-within: 3600000ms is out of range; write 0s to 600s");
        assertThatThrownBy(() -> usual.withResumption(none, Duration.ofMinutes(2)))
                .hasMessage("reload-within: 120000ms is out of range; write 0s to 60s");
    }

    @Test
    void certificateWithoutTlsFilesIsAMistake() {
        WebSettings usual = WebSettings.defaults();
        assertThatThrownBy(() -> usual.withTls(WebSettings.Tls.OFF, Optional.of(Path.of("a.pem")), Optional.empty()))
                .hasMessageContaining("tls: files");
    }

    @Test
    void nobodyListensOutsideOfLoopbackWithoutAToken() {
        WebSettings open = web("0.0.0.0:0", WebSettings.Tls.SELF_SIGNED, List.of());
        assertThatThrownBy(() -> new Rooms(open, new TokenVerifier.Everybody()))
                .isInstanceOf(WebStartException.class)
                .hasMessageContaining("tokens.development-key");
    }

    @Test
    void addressesAndNetworksAreRead() {
        assertThat(ListenAddress.parse("[::1]:1")).hasToString("[0:0:0:0:0:0:0:1]:1");
        for (String wrong : List.of("8080", "localhost:8080", "127.0.0.1", "127.0.0.1:99999", ":80", "::1:80")) {
            assertThatThrownBy(() -> ListenAddress.parse(wrong)).as(wrong).isInstanceOf(IllegalArgumentException.class);
        }
        Network network = Network.parse("10.1.0.0/15");
        assertThat(network.contains(InetAddress.ofLiteral("10.0.255.1"))).isTrue();
        assertThat(network.contains(InetAddress.ofLiteral("10.2.0.1"))).isFalse();
        assertThat(network.contains(InetAddress.ofLiteral("::1"))).isFalse();
        assertThat(Network.parse("fd00::/8").contains(InetAddress.ofLiteral("fd12::1")))
                .isTrue();
        assertThatThrownBy(() -> Network.parse("10.0.0.0/33")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void originsAreWrittenAsBrowsersDo() {
        for (String wrong :
                List.of("example.com", "https://example.com/", "https://EXAMPLE.com", "*", "null", "https://a:443")) {
            assertThatThrownBy(() -> Origin.parse(wrong)).as(wrong).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(Origin.parse("http://[::1]:8080")).hasToString("http://[::1]:8080");
    }

    private static WebSettings web(String listen, WebSettings.Tls tls, List<Network> proxies) {
        WebSettings usual = WebSettings.defaults();
        return new WebSettings(
                List.of(ListenAddress.parse(listen)),
                tls,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                proxies,
                List.of(),
                64,
                usual.resumeWithin(),
                usual.reloadWithin(),
                usual.limits());
    }
}
