package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ended at whatever moment, as Ctrl-C and service managers do it: the demo says nothing, and nothing of it stays. */
@ExtendWith(Trial.Extension.class)
final class TheDemoEndsQuietlyIT {

    // 128 + SIGTERM. SIGINT would do the same, but is ignored by what a background shell has started.
    private static final int TERMINATED = 143;

    @ParameterizedTest
    @ValueSource(ints = {200, 500, 800, 1200, 3000})
    void aDemoThatIsToldToEndEndsWithoutAWord(int afterMillis, Trial trial) throws IOException, InterruptedException {
        Path log = trial.file("demo.log");
        int trunkPort = Tools.freePort();
        // setsid makes it the leader of a group, which a terminal's Ctrl-C would reach as a whole.
        Process demo = new ProcessBuilder(
                        "setsid",
                        Tools.root().resolve("ringdown").toString(),
                        "demo",
                        "--http-port",
                        Integer.toString(Tools.freePort()),
                        "--sip-port",
                        Integer.toString(Tools.freePort()),
                        "--trunk-port",
                        Integer.toString(trunkPort),
                        "--media-ports",
                        "11000-11001")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        trial.keep(() -> Tools.end(demo));
        Tools.pause(afterMillis);
        Tools.run(trial.file("kill.log"), "kill", "-TERM", "--", "-" + demo.pid());
        assertThat(demo.waitFor(10, TimeUnit.SECONDS))
                .as(BrowserProcess.read(log))
                .isTrue();
        assertThat(demo.exitValue()).as(BrowserProcess.read(log)).isEqualTo(TERMINATED);
        assertThat(BrowserProcess.read(log)).doesNotContain("ringdown:").doesNotContain("practice-trunk:");
        // It ends by itself when its parent is gone, however that went: a moment later.
        Tools.await(
                "no practice network is left behind",
                5,
                () -> practiceNetworks(trunkPort).isEmpty(),
                () -> practiceNetworks(trunkPort).toString());
    }

    private static List<String> practiceNetworks(int trunkPort) {
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(command -> command.contains("--sip-listen 127.0.0.1:" + trunkPort))
                .toList();
    }
}
