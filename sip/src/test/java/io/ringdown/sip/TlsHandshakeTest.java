package io.ringdown.sip;

import static io.ringdown.evidence.Row.CHECK;
import static io.ringdown.sip.Certificates.dns;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import io.ringdown.sip.tls.TlsFailure;
import io.ringdown.sip.tls.TlsHandshake;
import io.ringdown.sip.tls.TlsHandshake.OurCertificate;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a handshake with openssl shows of it, for who asks how a trunk's certificates are. */
@Shows(CHECK)
final class TlsHandshakeTest {
    private static final String NAME = "sip.example.net";

    @TempDir
    Path folder;

    private final Certificates authority = new Certificates("The CA");

    @BeforeEach
    void writeOurs() {
        authority.writeCa(folder.resolve("ca.pem"));
        Certificates.write(folder, "ours", authority.leaf("ours", dns("gw.example.com")));
    }

    private TlsHandshake handshake(int port, TlsSettings tls) {
        ListenTls listening = new ListenTls(
                folder.resolve("ours.pem"),
                folder.resolve("ours.key"),
                ListenTls.ClientCertificate.NONE,
                Optional.empty());
        SipSettings settings = Gateway.settings()
                .withListen(List.of(new ListenAddress(
                        Sipp.LOOPBACK, 0, Set.of(SipTransport.TLS), Optional.empty(), Optional.of(listening))));
        TrunkSettings trunk = TrunkSettings.at(TrunkAddress.parse("127.0.0.1:" + port + ";transport=tls"))
                .withTls(tls);
        try (Gateway gateway = Gateway.with(settings, trunk)) {
            return gateway.trunks().handshake("peer").orElseThrow();
        }
    }

    private TlsSettings showing(Optional<String> own) {
        return new TlsSettings(
                Optional.of(folder.resolve("ca.pem")),
                own.map(name -> folder.resolve(name + ".pem")),
                own.map(name -> folder.resolve(name + ".key")),
                Optional.of(NAME),
                false);
    }

    private TlsHandshake with(Certificates.Leaf shown, String... more) {
        return with(shown, showing(Optional.empty()), more);
    }

    private TlsHandshake with(Certificates.Leaf shown, TlsSettings tls, String... more) {
        Certificates.write(folder, "theirs", shown);
        int port = Sipp.freePort();
        List<String> arguments = new ArrayList<>(List.of(
                "-cert", folder.resolve("theirs.pem").toString(),
                "-key", folder.resolve("theirs.key").toString(),
                "-cert_chain", folder.resolve("ca.pem").toString(),
                "-CAfile", folder.resolve("ca.pem").toString()));
        arguments.addAll(List.of(more));
        try (Openssl server = Openssl.server(port, arguments.toArray(String[]::new))) {
            TlsHandshake handshake = handshake(port, tls);
            assertThat(server.output()).doesNotContain("OPTIONS");
            return handshake;
        }
    }

    private static Optional<TlsFailure.Kind> kind(TlsHandshake handshake) {
        return handshake.failure().map(TlsHandshake.Failure::kind);
    }

    @ParameterizedTest
    @CsvSource({
        "-tls1_2, -cipher, ECDHE-ECDSA-AES128-GCM-SHA256, TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "-tls1_3, -ciphersuites, TLS_AES_256_GCM_SHA384, TLSv1.3, TLS_AES_256_GCM_SHA384"
    })
    void whatWasAgreedOnAndTheWholeChainAreTold(
            String version, String option, String chosen, String protocol, String cipher) {
        Instant until = Instant.parse("2099-05-06T07:08:09Z");
        TlsHandshake handshake =
                with(authority.leaf("leaf", until, dns("other.example"), dns(NAME)), version, option, chosen);
        assertThat(kind(handshake)).isEmpty();
        assertThat(handshake.session()).contains(new TlsHandshake.Session(protocol, cipher));
        assertThat(handshake.chain()).hasSize(2);
        assertThat(handshake.chain().getFirst()).isEqualTo(new TlsHandshake.Link("CN=leaf", "CN=The CA", until));
        assertThat(handshake.chain().getLast().subject()).isEqualTo("CN=The CA");
        assertThat(handshake.matched()).contains(NAME);
        assertThat(handshake.names()).isEqualTo("other.example, " + NAME);
        assertThat(handshake.ours()).isEqualTo(OurCertificate.NOT_ASKED_FOR);
    }

    @Test
    void chainOfWhomWeDoNotTrustIsToldTooWithTheReason() {
        TlsHandshake unknown = with(new Certificates("Another CA").leaf("leaf", dns(NAME)));
        assertThat(kind(unknown)).contains(TlsFailure.Kind.UNKNOWN_CA);
        assertThat(unknown.chain().getFirst().issuer()).isEqualTo("CN=Another CA");
        assertThat(unknown.session()).isEmpty();
        TlsHandshake expired = with(authority.leaf("leaf", Instant.now().minusSeconds(86_400), dns(NAME)));
        assertThat(kind(expired)).contains(TlsFailure.Kind.EXPIRED);
        assertThat(expired.chain().getFirst().notAfter()).isBefore(Instant.now());
        TlsHandshake foreign = with(authority.leaf("leaf", dns("evil.example")));
        assertThat(kind(foreign)).contains(TlsFailure.Kind.WRONG_NAME);
        assertThat(foreign.names()).isEqualTo("evil.example");
        assertThat(foreign.matched()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void aCertificateThatIsAskedForAndMissingIsToldApartFromOneThatIsShown(String version) {
        TlsHandshake missing = with(authority.leaf("leaf", dns(NAME)), version, "-Verify", "2");
        assertThat(kind(missing)).contains(TlsFailure.Kind.REFUSED);
        assertThat(missing.ours()).isEqualTo(OurCertificate.MISSING);
        TlsHandshake shown =
                with(authority.leaf("leaf", dns(NAME)), showing(Optional.of("ours")), version, "-Verify", "2");
        assertThat(kind(shown)).isEmpty();
        assertThat(shown.ours()).isEqualTo(OurCertificate.SHOWN);
        TlsHandshake waived = with(authority.leaf("leaf", dns(NAME)), version, "-verify", "2");
        assertThat(kind(waived)).isEmpty();
        assertThat(waived.ours()).isEqualTo(OurCertificate.MISSING);
    }

    @Test
    void whereNobodyListensOrNoTlsIsSpokenItIsSaid() throws IOException {
        assertThat(kind(handshake(Sipp.freePort(), showing(Optional.empty())))).contains(TlsFailure.Kind.NO_CONNECTION);
        try (ServerSocket plain = new ServerSocket(0, 1, Sipp.LOOPBACK)) {
            Thread.ofVirtual().start(() -> {
                try (var client = plain.accept()) {
                    client.getOutputStream()
                            .write("SIP/2.0 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    client.getInputStream().transferTo(OutputStream.nullOutputStream());
                } catch (IOException over) {
                    // the other side has closed
                }
            });
            TlsHandshake handshake = handshake(plain.getLocalPort(), showing(Optional.empty()));
            assertThat(kind(handshake)).contains(TlsFailure.Kind.OTHER);
            assertThat(handshake.chain()).isEmpty();
        }
    }

    @Test
    void namesThatWouldSpeakToATerminalDoNot() {
        TlsHandshake handshake = with(authority.leaf("a\u001b[31mb", dns(NAME)));
        assertThat(handshake.chain().getFirst().subject()).matches("[ -~]+").doesNotContain("\u001b");
    }

    @Test
    void trunkThatIsNotSpokenToByTlsHasNone() {
        try (Gateway gateway = Gateway.towards(Sipp.freePort())) {
            assertThat(gateway.trunks().handshake("peer")).isEmpty();
        }
    }
}
