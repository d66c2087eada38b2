package io.ringdown.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The handle of one end's process. One thread; an answer is waited for. */
final class EndProcess implements AutoCloseable {
    // Little is allocated: a small heap collected by one thread leaves both cores to what is measured.
    private static final List<String> JVM = List.of(
            "-XX:+UseSerialGC",
            "-Xms256m",
            "-Xmn160m",
            "-Xmx512m",
            "-XX:-UsePerfData",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");
    private static final long END_SECONDS = 10;

    private final String name;
    private final Process process;
    private final BufferedReader answers;
    private final Writer questions;
    private final Path log;

    private EndProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.questions = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** Starts it, {@code web} or {@code trunk}; what it complains of goes to a log in the directory. */
    static EndProcess start(String name, EndSettings settings, Path directory) throws IOException {
        Path log = directory.resolve(name + ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        command.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), EndMain.class.getName(), name, Wire.write(settings)));
        EndProcess end = new EndProcess(
                name, new ProcessBuilder(command).redirectError(log.toFile()).start(), log);
        end.take(String.class);
        return end;
    }

    long pid() {
        return process.pid();
    }

    /** Asks and waits for the answer. */
    <T> T ask(String question, Class<T> type) throws IOException {
        questions.write(question + "\n");
        questions.flush();
        return take(type);
    }

    EndFigures.Reading read() throws IOException {
        return ask("read", EndFigures.Reading.class);
    }

    @SuppressWarnings("unchecked")
    Map<String, Integer> refusals() throws IOException {
        return ask("refusals", Map.class);
    }

    private <T> T take(Class<T> type) throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the process of the " + name + " end is gone: " + Files.readString(log));
        }
        return Wire.read(line, type);
    }

    @Override
    public void close() throws IOException {
        try {
            questions.close();
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } finally {
            answers.close();
        }
    }
}
