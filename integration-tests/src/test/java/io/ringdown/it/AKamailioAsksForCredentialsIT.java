package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A carrier's proxy that nobody of this project has written: Kamailio with digest, its route recorded, SIPp behind it. */
@ExtendWith(Trial.Extension.class)
final class AKamailioAsksForCredentialsIT {

    @ParameterizedTest
    @ValueSource(strings = {"MD5", "SHA-256"})
    void theCallPassesWithTheRightPassword(String algorithm, Trial trial) {
        int proxyPort = Tools.freePort();
        int telephonePort = Tools.freePort();
        kamailio(trial, proxyPort, telephonePort, algorithm);
        Exchange exchange = Exchange.start(
                trial, new GatewayConfig().trunk("carrier", trunk(proxyPort, "correct horse")), telephonePort);
        FarEnd far = trial.keep(new FarEnd());
        Sipp telephone = Sipp.start(trial, exchange.carrier("uas-behind-proxy", G711.PCMA, far));
        RawClient phone =
                RawClient.connect(trial, Browser.Kind.CHROMIUM.browser(), exchange.pages(), exchange.gateway());
        phone.start(Exchange.NUMBER);
        phone.awaitEstablished();
        far.awaitAudio(10);
        Ear.hears(
                "the telephone",
                Ear.of(trial.directory(), "telephone", far.listenFor(1500)),
                phone.browser().microphoneHz());
        phone.hangUp();
        telephone.awaitSuccess(10);
        assertThat(exchange.gateway().log()).doesNotContain("correct horse");
    }

    @Test
    void aWrongPasswordIsToldAsTheGatewaysFault(Trial trial) {
        int proxyPort = Tools.freePort();
        int telephonePort = Tools.freePort();
        kamailio(trial, proxyPort, telephonePort, "MD5");
        Exchange exchange =
                Exchange.start(trial, new GatewayConfig().trunk("carrier", trunk(proxyPort, "wrong")), telephonePort);
        RawClient phone =
                RawClient.connect(trial, Browser.Kind.CHROMIUM.browser(), exchange.pages(), exchange.gateway());
        phone.start(Exchange.NUMBER);
        assertThat(phone.awaitEnded(15).path("cause").asText()).isEqualTo("trunk-unauthorized");
    }

    private static String trunk(int port, String password) {
        return """
            sip:
              address: 127.0.0.1:%d
              username: ringdown
              password: '%s'
            media:
              listen: 127.0.0.1
            prefixes: ['+']
            """.formatted(port, password);
    }

    private static void kamailio(Trial trial, int port, int telephonePort, String algorithm) {
        Path config = trial.file("kamailio.cfg");
        Path log = trial.file("kamailio.log");
        try {
            String template =
                    Files.readString(Tools.root().resolve("integration-tests/src/test/resources/kamailio/trunk.cfg"));
            Files.writeString(
                    config,
                    template.replace("udp:LISTEN", "udp:127.0.0.1:" + port)
                            .replace("mpath=MODULES", "mpath=\"" + modules() + "\"")
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
            trial.keep(() -> Tools.end(process));
            Tools.await(
                    "Kamailio listens",
                    10,
                    () -> !process.isAlive() || Ports.udpOpen(port),
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
