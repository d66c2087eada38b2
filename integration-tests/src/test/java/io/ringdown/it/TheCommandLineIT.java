package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./ringdown} as people start it, and as they get it wrong. */
@ExtendWith(Trial.Extension.class)
final class TheCommandLineIT {

    private static final int WRONG = 2;

    @BeforeAll
    static void buildWhereItIsTheFirstStart(Trial trial) throws IOException, InterruptedException {
        assertThat(run(trial, "version").status).isZero();
    }

    @Test
    void itStartsThroughSymbolicLinksFromAnyFolder(Trial trial) throws IOException, InterruptedException {
        Path folder = Files.createDirectory(trial.file("a folder"));
        Path link =
                Files.createSymbolicLink(folder.resolve("link"), Tools.root().resolve("ringdown"));
        Path second = Files.createSymbolicLink(folder.resolve("second"), link.getFileName());
        assertThat(run(trial, folder, second.toString(), "version").printed).startsWith("Ringdown ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "serve", "check", "bench"})
    void everyCommandHasHelp(String command, Trial trial) throws IOException, InterruptedException {
        Ended help = run(trial, command, "--help");
        assertThat(help.status).isZero();
        assertThat(help.printed).contains("ringdown").contains(command);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "call",
                "demo --colour red",
                "demo --http-port",
                "demo --http-port 65536",
                "demo --http-port 1 --http-port 2",
                "demo --media-ports x",
                "serve"
            })
    void whatIsWrongIsToldInOneLine(String words, Trial trial) throws IOException, InterruptedException {
        Ended ended = run(trial, words.split(" ", -1));
        assertThat(ended.status).isEqualTo(WRONG);
        assertThat(ended.printed.lines())
                .singleElement()
                .asString()
                .startsWith("ringdown: ")
                .contains(words.split(" ", -1).length > 1 ? words.split(" ", -1)[1] : words);
    }

    @Test
    void checkTellsWhatListensWhereAndWhatWouldSurprise(Trial trial) throws IOException, InterruptedException {
        Ended sample = run(
                trial,
                "check",
                "--config",
                Tools.root().resolve("conf/ringdown.yaml").toString());
        assertThat(sample.status).as(sample.printed).isZero();
        assertThat(sample.printed)
                .contains("Browsers connect to http://127.0.0.1:8080")
                .contains("A page on http://some-host has none")
                .contains("SIP listens on 127.0.0.1, port 5060, over UDP and TCP.")
                .contains("127.0.0.1 is this machine only, and the trunk is not");
    }

    private record Ended(int status, String printed) {}

    private static Ended run(Trial trial, String... arguments) throws IOException, InterruptedException {
        List<String> words =
                new ArrayList<>(List.of(Tools.root().resolve("ringdown").toString()));
        words.addAll(List.of(arguments));
        return run(trial, trial.directory(), words.toArray(String[]::new));
    }

    private static Ended run(Trial trial, Path folder, String... words) throws IOException, InterruptedException {
        Path log = trial.file("printed.txt");
        Process process = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        trial.keep(() -> Tools.end(process));
        assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), BrowserProcess.read(log));
    }
}
