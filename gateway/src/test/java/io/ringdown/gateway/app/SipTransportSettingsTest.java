package io.ringdown.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdown.conf.Settings;
import io.ringdown.conf.SettingsException;
import io.ringdown.sip.KeepAliveSettings;
import io.ringdown.sip.ListenTls;
import io.ringdown.sip.SipTransport;
import io.ringdown.sip.TlsSettings;
import io.ringdown.sip.TrunkSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys of TLS, of large requests and of keep-alives. */
final class SipTransportSettingsTest {
    @TempDir
    Path folder;

    private RingdownSettings read(String yaml) throws SettingsException, IOException {
        Path file = folder.resolve("ringdown.yaml");
        Files.writeString(file, yaml);
        return Settings.read(file, Map.of(), RingdownSettings.class);
    }

    private static TrunkSettings carrier(RingdownSettings settings) {
        return Objects.requireNonNull(settings.trunks().get("carrier")).sip();
    }

    @Test
    void everyKeyIsMapped() throws Exception {
        RingdownSettings settings = read("""
                sip:
                  listen:
                    - address: 192.0.2.1
                    - address: 192.0.2.1
                      port: 5061
                      transports: [tls]
                      tls:
                        certificate: cert.pem
                        key: key.pem
                        client-certificate: require
                        ca: ca.pem
                  keep-alive:
                    connections: 20s
                    udp: 25s
                trunks:
                  carrier:
                    sip:
                      address: sip.example.net;transport=tls
                      tls: {ca: their-ca.pem, certificate: mine.pem, key: mine.key, name: example.net, wildcards: true}
                  large:
                    sip: {address: 192.0.2.7, tcp-above: 1300}
                """);
        assertThat(settings.sip().listen().get(1).tls())
                .hasValue(new ListenTls(
                        Path.of("cert.pem"),
                        Path.of("key.pem"),
                        ListenTls.ClientCertificate.REQUIRE,
                        Optional.of(Path.of("ca.pem"))));
        assertThat(settings.sip().keepAlive())
                .isEqualTo(new KeepAliveSettings(Duration.ofSeconds(20), Duration.ofSeconds(25)));
        assertThat(carrier(settings).address().transport()).isEqualTo(SipTransport.TLS);
        assertThat(carrier(settings).address().port()).isEqualTo(5061);
        assertThat(carrier(settings).tls())
                .isEqualTo(new TlsSettings(
                        Optional.of(Path.of("their-ca.pem")),
                        Optional.of(Path.of("mine.pem")),
                        Optional.of(Path.of("mine.key")),
                        Optional.of("example.net"),
                        true));
        assertThat(Objects.requireNonNull(settings.trunks().get("large")).sip().tcpAbove())
                .hasValue(1300);
    }

    @Test
    void defaultsAreAsTheDocumentSays() throws Exception {
        RingdownSettings settings = read("trunks: {carrier: {sip: {address: 192.0.2.7}}}\n");
        assertThat(settings.sip().keepAlive()).isEqualTo(new KeepAliveSettings(Duration.ofSeconds(30), Duration.ZERO));
        assertThat(carrier(settings).tls()).isEqualTo(TlsSettings.defaults());
        assertThat(carrier(settings).tcpAbove()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "listen: [{address: 192.0.2.1, transports: [tcp, tls]}]|cannot share a port",
                "listen: [{address: 192.0.2.1, transports: [tls]}]|tls.certificate",
                "listen: [{address: 192.0.2.1, tls: {certificate: a, key: b}}]|transports: [tls]",
                "listen: [{address: 192.0.2.1, transports: [tls], tls: {certificate: a}}]|tls.key",
                "listen: [{address: 192.0.2.1, transports: [tls], tls: {certificate: a, key: b, ca: c}}]"
                        + "|client-certificate: require",
                "keep-alive: {connections: 10ms}|1s to 1h"
            })
    void mistakeOfTheListeningAddressIsTold(String line, String told) {
        assertThatThrownBy(() -> read("sip:\n  " + line + "\n"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(told);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{address: 'sips:a.example;transport=udp'}|asks for TLS and UDP",
                "{address: a.example, tls: {certificate: a}}|a certificate and its key go together",
                "{address: a.example, tls: {name: 'a b'}}|no name of a host",
                "{address: a.example;transport=tcp, tcp-above: 1300}|is for trunks over UDP",
                "{address: a.example, tcp-above: 10}|500 to 16000",
                "{address: a.example;transport=tls}|no address of sip.listen serves carrier"
            })
    void mistakeOfTheTrunkIsTold(String sip, String told) {
        assertThatThrownBy(() -> read("trunks: {carrier: {sip: " + sip + "}}\n"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(told);
    }
}
