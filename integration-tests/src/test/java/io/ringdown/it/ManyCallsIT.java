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

    /** The one waits for a minute until the gateway is back where it was; the other makes its calls meanwhile. */
    @Test
    void twoHundredCallsInARowAndFortyAtOnceAllSucceedAndLeaveNothingBehind() throws Exception {
        try (Bench inARow = new Bench("sequence", "--calls", "200")) {
            inARow.awaitLine("waiting until the gateway is back");
            try (Bench atOnce = new Bench("at-once", "--calls", "40")) {
                assertThat(atOnce.printed()).contains("calls ok                                     40");
            }
            assertThat(inARow.printed()).contains("calls ok                                     200");
        }
    }

    private final class Bench implements AutoCloseable {
        private final Path log;
        private final Process process;

        Bench(String... words) throws IOException {
            log = directory.resolve("bench-" + words[0] + ".log");
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    Tools.root().resolve("dist/target/lib") + "/*",
                    "io.ringdown.bench.Bench"));
            command.addAll(List.of(words));
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        }

        /** Returns too when the process has ended, which then says why. */
        void awaitLine(String part) throws IOException, InterruptedException {
            long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(PATIENCE_MINUTES);
            while (!Files.readString(log).contains(part)
                    && !process.waitFor(200, TimeUnit.MILLISECONDS)
                    && System.nanoTime() - deadline < 0) {}
        }

        /** What it printed, once it has ended well. */
        String printed() throws IOException, InterruptedException {
            boolean done = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
            String printed = Files.readString(log);
            assertThat(done).as(printed).isTrue();
            assertThat(process.exitValue()).as(printed).isZero();
            return printed;
        }

        @Override
        public void close() {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }
}
