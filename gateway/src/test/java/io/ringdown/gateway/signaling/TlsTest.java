package io.ringdown.gateway.signaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdown.gateway.tls.CertificateException;
import io.ringdown.gateway.tls.PemFiles;
import io.ringdown.gateway.tls.SelfSigned;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
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
        write(SelfSigned.make(InetAddress.ofLiteral("127.0.0.1"), Instant.now()));
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

        KeyStore renewed = SelfSigned.make(InetAddress.ofLiteral("127.0.0.1"), Instant.now());
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
        write(SelfSigned.make(InetAddress.ofLiteral("::1"), Instant.now()));
        assertThat(files().read().size()).isEqualTo(1);
        Files.writeString(folder.resolve("key.pem"), "nothing");
        assertThatThrownBy(() -> files().read())
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("key.pem");
        assertThatThrownBy(() -> new PemFiles(folder.resolve("gone.pem"), folder.resolve("key.pem")).read())
                .hasMessageContaining("gone.pem");
    }

    private PemFiles files() {
        return new PemFiles(folder.resolve("cert.pem"), folder.resolve("key.pem"));
    }

    private WebSettings settings() {
        WebSettings usual = WebSettings.defaults();
        return new WebSettings(
                usual.listen(),
                WebSettings.Tls.FILES,
                Optional.of(folder.resolve("cert.pem")),
                Optional.of(folder.resolve("key.pem")),
                List.of(),
                List.of(),
                List.of(),
                64);
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
