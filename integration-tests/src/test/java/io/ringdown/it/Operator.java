package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Listens to a call by curl, as an operator does. */
final class Operator implements AutoCloseable {
    /** What {@code tokens.monitor-key} has to be. */
    static final String KEY = "a key of the operator's own";

    private final Process curl;
    private final Path wav;

    private Operator(Process curl, Path wav) {
        this.curl = curl;
        this.wav = wav;
    }

    /** What both channels had. */
    record Heard(Sound browser, Sound telephone) {}

    /** Begins, and waits until something has come. */
    static Operator listen(Trial trial, Gateway gateway, RawClient phone, String name) {
        Path wav = trial.file(name + ".wav");
        String address = gateway.uri(
                        "/v1/calls/" + phone.evaluate("client.call").asText() + "/listen")
                .toString();
        try {
            Process curl = new ProcessBuilder(
                            Tools.program("curl").toString(),
                            "-sSfN",
                            "-H",
                            "Authorization: Bearer " + KEY,
                            "-o",
                            wav.toString(),
                            address)
                    .redirectErrorStream(true)
                    .redirectOutput(trial.file(name + ".log").toFile())
                    .start();
            Operator operator = trial.keep(new Operator(curl, wav));
            Tools.await(
                    "the operator hears something",
                    10,
                    () -> Files.exists(wav) && wav.toFile().length() > 10_000,
                    () -> BrowserProcess.read(trial.file(name + ".log")));
            return operator;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The call is over, and so is the recording. */
    Heard awaitEnd() {
        try {
            assertThat(curl.waitFor(10, TimeUnit.SECONDS))
                    .as("the recording ends with the call")
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        assertThat(curl.exitValue()).as("it ends as it should").isZero();
        return new Heard(channel(1), channel(2));
    }

    private Sound channel(int number) {
        Path raw = wav.resolveSibling(wav.getFileName() + "-" + number + ".s16");
        Tools.run(
                raw.resolveSibling(raw.getFileName() + ".log"),
                "sox",
                wav.toString(),
                "-t",
                "raw",
                "-e",
                "signed",
                "-b",
                "16",
                raw.toString(),
                "remix",
                Integer.toString(number));
        String rate = Tools.run(raw.resolveSibling(raw.getFileName() + ".rate"), "sox", "--i", "-r", wav.toString());
        try {
            return Ear.pcm16(Files.readAllBytes(raw), Integer.parseInt(rate.strip()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        Tools.end(curl);
    }
}
