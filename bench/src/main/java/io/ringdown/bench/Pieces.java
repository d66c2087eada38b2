package io.ringdown.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** JMH on the pieces of the media path, compiled by Maven in the clone, since JMH is no part of what runs calls. */
final class Pieces {
    private static final List<String> BUILD =
            List.of("mvn", "-q", "-B", "-Ppieces", "-pl", "bench", "-am", "-Dquick", "-DskipTests", "test-compile");
    // Short: some seconds a piece, to see what a change did to one; JMH's -h tells how to be surer.
    private static final Map<String, String> SHORTLY =
            Map.of("-f", "1", "-wi", "3", "-w", "1", "-i", "5", "-r", "1", "-bm", "avgt", "-tu", "ns", "-prof", "gc");

    private Pieces() {}

    /** Runs those whose names match, with options of JMH's own behind; all where nothing is asked for. Answers the exit status. */
    static int run(List<String> words) throws IOException, InterruptedException {
        Path root = Clone.root();
        ProcessBuilder build =
                new ProcessBuilder(BUILD).directory(root.toFile()).inheritIO();
        build.environment().put("JAVA_HOME", System.getProperty("java.home"));
        System.err.println("bench: compiling the pieces");
        int built = build.start().waitFor();
        if (built != 0) {
            return built;
        }
        Path target = root.resolve("bench").resolve("target");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseCompactObjectHeaders",
                "-cp",
                String.join(
                        File.pathSeparator,
                        target.resolve("test-classes").toString(),
                        target.resolve("classes").toString(),
                        Files.readString(target.resolve("pieces.classpath"))),
                "org.openjdk.jmh.Main"));
        SHORTLY.forEach((option, value) -> {
            if (!words.contains(option)) {
                command.addAll(List.of(option, value));
            }
        });
        command.addAll(words);
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
