package io.ringdown.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where browsers keep their files, and how they are started. */
final class BrowserProcess {
    private BrowserProcess() {}

    static Path fresh(String name) {
        try {
            Path parent = Tools.root().resolve("integration-tests/target/browsers");
            Files.createDirectories(parent);
            return Files.createTempDirectory(parent, name + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether this is user 0, in our user namespace at least. */
    static boolean root() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Process start(Path folder, List<String> command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("browser.log").toFile());
            builder.environment().put("HOME", folder.toString());
            builder.environment().remove("DISPLAY");
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static URI awaitUri(Path folder, Process process, String pattern) {
        Path log = folder.resolve("browser.log");
        Pattern line = Pattern.compile(pattern);
        List<URI> found = new ArrayList<>();
        Tools.await(
                "the browser tells its debugging address",
                30,
                () -> {
                    Matcher matcher = line.matcher(read(log));
                    if (matcher.find()) {
                        found.add(URI.create(matcher.group(1)));
                    }
                    return !found.isEmpty() || !process.isAlive();
                },
                () -> read(log));
        if (found.isEmpty()) {
            throw new AssertionError("the browser ended with " + process.exitValue() + ": " + read(log));
        }
        return found.getFirst();
    }

    static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The value, or what was thrown, as JSON text: both protocols then give the same. */
    static String asJson(String expression) {
        return "(async () => { try { return JSON.stringify({value: (await (" + expression
                + ")) ?? null}); } catch (error) { return JSON.stringify({error: String(error)}); } })()";
    }

    /** What {@link #asJson} gave; what was thrown in the page fails the test. */
    static JsonNode value(String expression, String json) {
        JsonNode result = JsonSocket.parse(json);
        if (!result.has("value")) {
            throw new AssertionError(expression + ": " + result);
        }
        return result.get("value");
    }
}
