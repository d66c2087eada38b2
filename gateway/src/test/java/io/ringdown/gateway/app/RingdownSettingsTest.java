package io.ringdown.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdown.conf.Settings;
import io.ringdown.conf.SettingsException;
import io.ringdown.gateway.call.CallSettings;
import io.ringdown.gateway.signaling.WebSettings;
import io.ringdown.media.TrunkSrtp;
import io.ringdown.media.WebCodecs;
import io.ringdown.media.codec.AudioCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RingdownSettingsTest {
    @TempDir
    Path folder;

    @Test
    void emptyFileIsTheDefaults() throws Exception {
        assertThat(read("web:\n")).isEqualTo(RingdownSettings.defaults());
    }

    @Test
    void trunkThatNoAddressServesIsToldByTheFile() {
        assertThatThrownBy(() -> read("""
                        sip:
                          listen:
                            - address: 127.0.0.1
                              transports: [udp]
                            - address: '::1'
                              transports: [udp]
                        trunks:
                          good:
                            sip: {address: '[2001:db8::9]'}
                          wants-tcp:
                            sip: {address: 127.0.0.1:5090;transport=tcp}
                        """))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(":8:")
                .hasMessageContaining("trunks: no address of sip.listen serves wants-tcp;");
    }

    @Test
    void mediaOfATrunkAreWhereItsSipIs() throws Exception {
        RingdownSettings settings = read("""
                sip:
                  listen:
                    - address: 127.0.0.1
                    - address: '::1'
                trunks:
                  six:
                    sip: {address: '[2001:db8::9]'}
                """);
        TrunkEntry six = Objects.requireNonNull(settings.trunks().get("six"));
        assertThat(MediaOfTrunks.trunkMedia(settings.sip(), six).listen().getHostAddress())
                .isEqualTo("0:0:0:0:0:0:0:1");
    }

    @Test
    void everyKeyOfTheGatewayIsMapped() throws Exception {
        RingdownSettings settings = read("""
                web:
                  listen: 192.0.2.1:8443
                  tls: files
                  certificate: cert.pem
                  key: key.pem
                  origins: [https://example.com]
                  behind-proxy: [10.0.0.0/8]
                  ice-servers:
                    - urls: ['turn:turn.example.com:3478']
                      username: u
                      credential: 0123456789abcdef
                  sockets-per-address: 7
                calls:
                  dial: at-once
                  connect-timeout: 5s
                  ring-timeout: 30s
                  max-calls: 9
                trunks:
                  carrier:
                    sip:
                      address: 192.0.2.9:5060
                    media:
                      listen: 192.0.2.1
                      advertise: 203.0.113.1
                      codecs: [pcmu]
                      srtp: best-effort
                      latch: first-second
                      rtcp-mux: true
                      transcode: false
                      web-codec: g711
                    prefixes: [+49, '0049', any]
                  second:
                    sip:
                      address: 192.0.2.8
                    prefixes: []
                tokens:
                  development-key: 0123456789abcdef
                media:
                  dscp: 34
                """);
        assertThat(settings.media().dscp()).isEqualTo(34);
        assertThat(settings.web().listen()).hasToString("192.0.2.1:8443");
        assertThat(settings.web().tls()).isEqualTo(WebSettings.Tls.FILES);
        assertThat(settings.web().certificate()).hasValue(Path.of("cert.pem"));
        assertThat(settings.web().key()).hasValue(Path.of("key.pem"));
        assertThat(settings.web().origins()).hasToString("[https://example.com]");
        assertThat(settings.web().behindProxy()).hasToString("[10.0.0.0/8]");
        assertThat(settings.web().iceServers().getFirst().urls()).containsExactly("turn:turn.example.com:3478");
        assertThat(settings.web().iceServers().getFirst().username()).hasValue("u");
        assertThat(settings.web().socketsPerAddress()).isEqualTo(7);
        assertThat(settings.calls())
                .isEqualTo(
                        new CallSettings(CallSettings.Dial.AT_ONCE, Duration.ofSeconds(5), Duration.ofSeconds(30), 9));
        assertThat(settings.trunks().keySet()).containsExactly("carrier", "second");
        TrunkEntry carrier = Objects.requireNonNull(settings.trunks().get("carrier"));
        assertThat(carrier.sip().address().host()).isEqualTo("192.0.2.9");
        assertThat(carrier.media().listen()).hasToString("Optional[/192.0.2.1]");
        assertThat(carrier.media().advertise()).hasToString("Optional[/203.0.113.1]");
        assertThat(carrier.media().codecs()).containsExactly(AudioCodec.PCMU);
        assertThat(carrier.media().srtp()).isEqualTo(TrunkSrtp.BEST_EFFORT);
        assertThat(carrier.media().latch()).isEqualTo(TrunkRtpSettings.Latch.FIRST_SECOND);
        assertThat(carrier.media().rtcpMux()).isTrue();
        assertThat(carrier.media().browsersSpeak()).isEqualTo(WebCodec.G711);
        assertThat(carrier.media().webCodecs()).isEqualTo(WebCodecs.one(List.of(AudioCodec.PCMU)));
        assertThat(carrier.prefixes()).hasToString("[+49, 0049, any]");
        assertThat(settings.tokens().developmentKey()).isPresent();
        assertThat(settings.toString()).doesNotContain("0123456789abcdef");
    }

    @Test
    void aLatchIsForTheTrunksOwnNetworksAndNeedsSome() throws Exception {
        String trunk = """
                trunks:
                  carrier:
                    sip: {address: %s, allow: [%s]}
                    media: {latch: first-second}
                """;
        RingdownSettings settings = read(trunk.formatted("sip.example.net", "192.0.2.0/24"));
        TrunkEntry carrier = Objects.requireNonNull(settings.trunks().get("carrier"));
        Predicate<InetAddress> networks =
                MediaOfTrunks.trunkMedia(settings.sip(), carrier).latchFrom().orElseThrow();
        assertThat(networks).accepts(InetAddress.ofLiteral("192.0.2.77")).rejects(InetAddress.ofLiteral("192.0.3.77"));
        RingdownSettings own = read(trunk.formatted("198.51.100.7", ""));
        TrunkEntry alone = Objects.requireNonNull(own.trunks().get("carrier"));
        assertThat(MediaOfTrunks.trunkMedia(own.sip(), alone).latchFrom().orElseThrow())
                .accepts(InetAddress.ofLiteral("198.51.100.7"))
                .rejects(InetAddress.ofLiteral("198.51.100.8"));
        assertThatThrownBy(() -> read(trunk.formatted("sip.example.net", "")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("sip.allow");
    }

    @Test
    void everyMistakeIsToldAtOnce() {
        assertThatThrownBy(() -> read("""
                        web:
                          listen: 0.0.0.0:8080
                        calls:
                          connect-timeout: 5h
                        trunks:
                          a:
                            prefixes: ['+49x']
                            media:
                              codecs: [pcma, pcma]
                        media:
                          dscp: 64
                        """))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("without a microphone")
                .hasMessageContaining("connect-timeout")
                .hasMessageContaining("+49x")
                .hasMessageContaining("codecs")
                .hasMessageContaining("media.dscp = '64'");
    }

    private RingdownSettings read(String yaml) throws SettingsException, IOException {
        Path file = folder.resolve("ringdown.yaml");
        Files.writeString(file, yaml);
        return Settings.read(file, Map.of(), RingdownSettings.class);
    }
}
