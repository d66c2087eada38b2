package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The load driver as a user runs it: real ICE, DTLS-SRTP and Opus at one end, SIP and G.711 at the other. A call counts when
 * each end has heard the other; the driver's exit status says whether all did, and whether threads, sockets and heap of the
 * gateway returned to where they were.
 */
final class ManyCallsIT {
    private static final long PATIENCE_MINUTES = 6;

    @TempDir
    private Path directory;

    @Test
    void twoHundredCallsInARowAllSucceedAndLeaveNothingBehind() throws Exception {
        assertThat(bench("sequence", "--calls", "200")).contains("calls ok                                     200");
    }

    @Test
    void fortyCallsAtOnceAllSucceedAndLeaveNothingBehind() throws Exception {
        assertThat(bench("at-once", "--calls", "40")).contains("calls ok                                     40");
    }

    private String bench(String... words) throws IOException, InterruptedException {
        Path log = directory.resolve("bench.log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                Tools.root().resolve("dist/target/lib") + "/*",
                "io.ringdown.bench.Bench"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean done = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        String printed = Files.readString(log);
        assertThat(done).as(printed).isTrue();
        assertThat(process.exitValue()).as(printed).isZero();
        return printed;
    }
}
