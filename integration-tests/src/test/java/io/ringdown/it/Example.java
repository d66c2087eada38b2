package io.ringdown.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A program of web/examples that stands behind a gateway, as its README starts it. */
final class Example implements AutoCloseable {
    private final Process process;
    private final Path log;

    private Example(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    static Example start(Trial trial, String folder, Map<String, String> settings) {
        boolean isJava = folder.endsWith("-java");
        List<String> command = isJava
                ? List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(), "WebhookReceiver.java")
                : List.of(Tools.program("node").toString(), "server.js");
        Path log = trial.file(folder + ".log");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(
                            Tools.root().resolve("web/examples").resolve(folder).toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().putAll(settings);
            Example example = trial.keep(new Example(builder.start(), log));
            Tools.await(
                    folder + " is ready",
                    60,
                    () -> !example.process.isAlive() || example.log().contains("ready"),
                    example::log);
            return example;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it has printed. */
    String log() {
        return BrowserProcess.read(log);
    }

    @Override
    public void close() {
        Tools.end(process);
    }
}
