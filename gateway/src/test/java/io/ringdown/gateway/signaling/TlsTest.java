package io.ringdown.gateway.signaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdown.gateway.tls.SelfSigned;
import io.ringdown.gateway.tokens.TokenVerifier;
import io.ringdown.sip.tls.CertificateException;
import io.ringdown.sip.tls.PemFiles;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TlsTest {
    private static final char[] NONE = new char[0];

    @TempDir
    Path folder;

    @Test
    void newFilesAreTakenUpAndBrokenOnesAreNot() throws Exception {
        List<Runnable> timers = new ArrayList<>();
        write(SelfSigned.make(List.of(InetAddress.ofLiteral("127.0.0.1")), Instant.now()));
        Tls tls = Tls.of(settings(), (_, task) -> {
            timers.add(task);
            return () -> {};
        });
        SslContextFactory.Server keys = tls.factory().orElseThrow();
        keys.start();
        var first = certificate(keys);
        Runnable stop = tls.watch();

        Files.writeString(folder.resolve("key.pem"), "half a k");
        tls.look(files());
        assertThat(certificate(keys)).isEqualTo(first);

        KeyStore renewed = SelfSigned.make(List.of(InetAddress.ofLiteral("127.0.0.1")), Instant.now());
        write(renewed);
        Files.setLastModifiedTime(
                folder.resolve("key.pem"), FileTime.from(Instant.now().plusSeconds(9)));
        tls.look(files());
        assertThat(certificate(keys))
                .isEqualTo(renewed.getCertificate("ringdown"))
                .isNotEqualTo(first);
        assertThat(timers).isNotEmpty();
        stop.run();
        keys.stop();
    }

    @Test
    void unusableFilesAreNamed() throws Exception {
        write(SelfSigned.make(List.of(InetAddress.ofLiteral("::1")), Instant.now()));
        assertThat(files().read().size()).isEqualTo(1);
        Files.writeString(folder.resolve("key.pem"), "nothing");
        assertThatThrownBy(() -> files().read())
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("key.pem");
        assertThatThrownBy(() -> new PemFiles(folder.resolve("gone.pem"), folder.resolve("key.pem")).read())
                .hasMessage(folder.resolve("gone.pem") + ": does not exist; create it, or name another file");
    }

    @Test
    void certificateThatBrowsersRefuseIsTold() throws Exception {
        Instant made = Instant.parse("2026-01-01T00:00:00Z");
        write(SelfSigned.make(List.of(InetAddress.ofLiteral("::1")), made));
        assertThat(files().outOfDate(made)).isEmpty();
        assertThat(files().outOfDate(made.minusSeconds(86_400)).orElseThrow())
                .contains("cert.pem", "valid from", "clock");
        assertThat(files().outOfDate(files().validUntil().plusSeconds(1)).orElseThrow())
                .contains("cert.pem", "expired", "renew");
    }

    @Test
    void keyOfAnotherCertificateIsNotTaken() throws Exception {
        write(SelfSigned.make(List.of(InetAddress.ofLiteral("::1")), Instant.now()));
        String other = Files.readString(folder.resolve("key.pem"));
        write(SelfSigned.make(List.of(InetAddress.ofLiteral("::1")), Instant.now()));
        Files.writeString(folder.resolve("key.pem"), other);
        assertThatThrownBy(() -> files().read())
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("is not the key of the certificate");
    }

    @Test
    void selfSignedCertificateServesTheAddressByTls13() throws Exception {
        try (Rooms rooms = new Rooms(listening(WebSettings.Tls.SELF_SIGNED), new TokenVerifier.Everybody());
                SSLSocket socket = connected(rooms.web.port())) {
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
            assertThat(shown(socket).getSubjectAlternativeNames().toString()).contains("127.0.0.1");
            shown(socket).checkValidity();
            socket.getOutputStream()
                    .write("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                            .readLine())
                    .isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void newFilesAreShownToWhoConnectsAndDisturbNobodyElse() throws Exception {
        KeyStore first = SelfSigned.make(List.of(InetAddress.ofLiteral("127.0.0.1")), Instant.now());
        KeyStore second = SelfSigned.make(List.of(InetAddress.ofLiteral("127.0.0.1")), Instant.now());
        write(first);
        try (Rooms rooms = new Rooms(listening(WebSettings.Tls.FILES), new TokenVerifier.Everybody(), 100);
                SSLSocket before = connected(rooms.web.port())) {
            assertThat(shown(before)).isEqualTo(first.getCertificate("ringdown"));
            write(second);
            Files.setLastModifiedTime(
                    folder.resolve("key.pem"), FileTime.from(Instant.now().plusSeconds(9)));
            Instant until = Instant.now().plusSeconds(20);
            X509Certificate now = shown(before);
            while (!now.equals(second.getCertificate("ringdown"))
                    && Instant.now().isBefore(until)) {
                try (SSLSocket after = connected(rooms.web.port())) {
                    now = shown(after);
                }
            }
            assertThat(now).isEqualTo(second.getCertificate("ringdown"));
            before.getOutputStream()
                    .write("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(before.getInputStream().read()).isEqualTo('H');
        }
    }

    private static X509Certificate shown(SSLSocket socket) throws Exception {
        return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }

    /** A client of the JDK's that takes any certificate, and has had its handshake. */
    private static SSLSocket connected(int port) throws Exception {
        X509ExtendedTrustManager anybody = new X509ExtendedTrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {anybody}, null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
        socket.setSoTimeout(10_000);
        socket.startHandshake();
        return socket;
    }

    private WebSettings listening(WebSettings.Tls tls) {
        boolean files = tls == WebSettings.Tls.FILES;
        return WebSettings.defaults()
                .withListen(List.of(ListenAddress.parse("127.0.0.1:0")))
                .withTls(
                        tls,
                        files ? Optional.of(folder.resolve("cert.pem")) : Optional.empty(),
                        files ? Optional.of(folder.resolve("key.pem")) : Optional.empty());
    }

    private PemFiles files() {
        return new PemFiles(folder.resolve("cert.pem"), folder.resolve("key.pem"));
    }

    private WebSettings settings() {
        return WebSettings.defaults()
                .withTls(
                        WebSettings.Tls.FILES,
                        Optional.of(folder.resolve("cert.pem")),
                        Optional.of(folder.resolve("key.pem")));
    }

    private void write(KeyStore store) throws Exception {
        Files.writeString(
                folder.resolve("cert.pem"),
                pem("CERTIFICATE", store.getCertificate("ringdown").getEncoded()));
        Files.writeString(
                folder.resolve("key.pem"),
                pem("PRIVATE KEY", store.getKey("ringdown", NONE).getEncoded()));
    }

    private static java.security.cert.Certificate certificate(SslContextFactory.Server keys) throws Exception {
        return keys.getKeyStore().getCertificate("ringdown");
    }

    private static String pem(String kind, byte[] bytes) {
        return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END " + kind
                + "-----\n";
    }
}
