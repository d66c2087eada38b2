package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Peer;
import io.ringdown.evidence.Peers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A carrier's proxy that nobody of this project has written, before a telephone: asks for digest, records its route. */
final class Kamailio {
    private Kamailio() {}

    /** Over UDP. */
    static void start(Trial trial, int port, int telephonePort, String algorithm) {
        start(trial, "listen=udp:127.0.0.1:" + port, "", port, telephonePort, algorithm);
    }

    /** Over TLS by this method of Kamailio's (TLSv1.2, TLSv1.2+); the telephone hears UDP. Its log says what was spoken. */
    static void startTls(
            Trial trial,
            int port,
            int telephonePort,
            String algorithm,
            String method,
            CertificateAuthority.Files shown) {
        int inner = Tools.freePort();
        start(
                trial,
                "enable_tls=yes\nlisten=tls:127.0.0.1:" + port + "\nlisten=udp:127.0.0.1:" + inner,
                """
                loadmodule "xlog.so"
                loadmodule "tls.so"
                modparam("tls", "tls_method", "%s")
                modparam("tls", "certificate", "%s")
                modparam("tls", "private_key", "%s")
                """.formatted(method, shown.certificate(), shown.key()),
                inner,
                telephonePort,
                algorithm);
    }

    private static void start(
            Trial trial, String listen, String modules, int udpPort, int telephonePort, String algorithm) {
        Path config = trial.file("kamailio.cfg");
        Path log = trial.file("kamailio.log");
        try {
            String template =
                    Files.readString(Tools.root().resolve("integration-tests/src/test/resources/kamailio/trunk.cfg"));
            Files.writeString(
                    config,
                    template.replace("listen=udp:LISTEN", listen)
                            .replace("mpath=MODULES", "mpath=\"" + modules() + "\"")
                            .replace("loadmodule \"auth.so\"\n", "loadmodule \"auth.so\"\n" + modules)
                            .replace(
                                    "if (is_method(\"INVITE\")) {",
                                    "if (is_method(\"INVITE\")) {\n"
                                            + (modules.isEmpty()
                                                    ? ""
                                                    : "xlog(\"L_INFO\", \"spoken: $tls_version\\n\");"))
                            .replace("\"algorithm\", ALGORITHM", "\"algorithm\", \"" + algorithm + "\"")
                            .replace("$du = TELEPHONE", "$du = \"sip:127.0.0.1:" + telephonePort + "\""));
            Process process = new ProcessBuilder(
                            Tools.program("kamailio").toString(),
                            "-f",
                            config.toString(),
                            "-DD",
                            "-E",
                            "-m",
                            "32",
                            "-Y",
                            trial.directory().toString(),
                            "-P",
                            trial.file("kamailio.pid").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
            Peers.met(Peer.KAMAILIO);
            trial.keep(() -> Tools.end(process));
            Tools.await(
                    "Kamailio listens",
                    20,
                    () -> !process.isAlive() || Ports.udpOpen(udpPort),
                    () -> BrowserProcess.read(log));
            assertThat(process.isAlive()).as(BrowserProcess.read(log)).isTrue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String modules() throws IOException {
        try (Stream<Path> found =
                Files.find(Path.of("/usr/lib"), 4, (path, attributes) -> path.endsWith("kamailio/modules"))) {
            return found.findFirst().orElseThrow(() -> new AssertionError("Kamailio's modules are not installed"))
                    + "/";
        }
    }
}
