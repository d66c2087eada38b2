package io.ringdown.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** The practice trunk's process, as a user starts it by hand. */
final class PracticeNetwork {

    private PracticeNetwork() {}

    /** Starts it for a gateway on this SIP port; answers its own. It ends with the trial. */
    static int start(Trial trial, int gatewayPort) {
        int sipPort = Tools.freePort();
        int rtpPort = Tools.freePorts(60);
        Path log = trial.file("practice-trunk.log");
        try {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin/java").toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            Tools.root().resolve("dist/target/lib") + "/*",
                            "io.ringdown.practice.PracticeTrunk",
                            "--sip-listen",
                            "127.0.0.1:" + sipPort,
                            "--gateway",
                            "127.0.0.1:" + gatewayPort,
                            "--rtp-ports",
                            rtpPort + "-" + (rtpPort + 59))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start(); // its standard input stays open: it ends with that
            trial.keep(() -> Tools.end(process));
            Tools.await(
                    "the practice trunk is ready",
                    20,
                    () -> BrowserProcess.read(log).contains("ready"),
                    () -> BrowserProcess.read(log));
            return sipPort;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
