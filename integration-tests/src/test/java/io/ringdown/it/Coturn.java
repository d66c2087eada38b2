package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A TURN server that nobody of this project has written, on an address of its own, for clients by TCP and TLS only. */
final class Coturn {

    static final String SECRET = "a-secret-that-both-of-them-know";
    static final int PORT = 3478;
    static final int TLS_PORT = 443;

    private Coturn() {}

    /** At this loopback address; it relays to that peer alone, as docs/networks.md says. */
    static void start(Trial trial, String address, String peer) {
        CertificateAuthority.Files shown = new CertificateAuthority(trial).sign("turn.example");
        Path log = trial.file("turnserver.log");
        try {
            Process process = new ProcessBuilder(
                            Tools.program("turnserver").toString(),
                            "-n",
                            "--listening-ip=" + address,
                            "--relay-ip=" + address,
                            "--listening-port=" + PORT,
                            "--tls-listening-port=" + TLS_PORT,
                            "--cert=" + shown.certificate(),
                            "--pkey=" + shown.key(),
                            "--use-auth-secret",
                            "--static-auth-secret=" + SECRET,
                            "--realm=turn.example",
                            "--denied-peer-ip=0.0.0.0-255.255.255.255",
                            "--allowed-peer-ip=" + peer,
                            "--allow-loopback-peers",
                            "--no-udp",
                            "--no-dtls",
                            "--no-cli",
                            "--verbose",
                            "--log-file=stdout",
                            "--simple-log",
                            "--pidfile=" + trial.file("turnserver.pid"),
                            "--userdb=" + trial.file("turnserver.db"))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
            trial.keep(() -> Tools.end(process));
            Tools.await(
                    "coturn listens",
                    20,
                    () -> !process.isAlive() || (listens(address, PORT) && listens(address, TLS_PORT)),
                    () -> BrowserProcess.read(log));
            assertThat(process.isAlive()).as(BrowserProcess.read(log)).isTrue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What its clients show beside this name, written apart from the gateway's. */
    static String password(String secret, String name) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return Base64.getEncoder().encodeToString(mac.doFinal(name.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean listens(String address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 200);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
