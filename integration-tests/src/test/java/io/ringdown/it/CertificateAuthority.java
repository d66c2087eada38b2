package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A CA of one test, made and used by openssl. */
final class CertificateAuthority {
    private static final List<String> NEW_KEY =
            List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30");

    private final Trial trial;
    private final Files authority;

    /** A certificate and its key, as PEM. */
    record Files(Path certificate, Path key) {}

    CertificateAuthority(Trial trial) {
        this.trial = trial;
        this.authority = made("authority", List.of());
    }

    Path certificate() {
        return authority.certificate();
    }

    /** A certificate for this domain. */
    Files sign(String domain) {
        return made(
                domain,
                List.of(
                        "-CA",
                        authority.certificate().toString(),
                        "-CAkey",
                        authority.key().toString(),
                        "-addext",
                        "basicConstraints=critical,CA:FALSE",
                        "-addext",
                        "subjectAltName=DNS:" + domain));
    }

    private Files made(String name, List<String> more) {
        Files files = new Files(trial.file(name + ".pem"), trial.file(name + ".key"));
        Stream<String> command = Stream.of(
                        Stream.of("openssl", "req", "-x509", "-subj", "/CN=" + name),
                        NEW_KEY.stream(),
                        more.stream(),
                        Stream.of(
                                "-keyout",
                                files.key().toString(),
                                "-out",
                                files.certificate().toString()))
                .flatMap(part -> part);
        try {
            Path log = trial.file(name + ".openssl.log");
            Process process = new ProcessBuilder(command.toList())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            assertThat(process.waitFor()).as(BrowserProcess.read(log)).isZero();
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
