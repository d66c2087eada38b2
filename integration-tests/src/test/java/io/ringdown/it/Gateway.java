package io.ringdown.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The gateway as a user runs it: a process on the jars of dist with a written configuration. Its log is kept. */
final class Gateway implements AutoCloseable {

    private final Process process;
    private final Path log;
    private final int webPort;
    private final HttpClient http = HttpClient.newHttpClient();

    private Gateway(Process process, Path log, int webPort) {
        this.process = process;
        this.log = log;
        this.webPort = webPort;
    }

    /** Starts {@code serve} and waits until it says that it is ready. */
    static Gateway start(Trial trial, GatewayConfig config) {
        return start(trial, config, Tools.root(), List.of());
    }

    /** The same in this working directory, with further options for its JVM. */
    static Gateway start(Trial trial, GatewayConfig config, Path directory, List<String> options) {
        Path file = trial.file("ringdown.yaml");
        Path log = trial.file("gateway.log");
        trial.write("ringdown.yaml", config.yaml());
        Process process =
                launch(log, directory, options, List.of("serve", "--config", file.toString()), config.environment());
        Gateway gateway = trial.keep(new Gateway(process, log, config.webPort()));
        trial.witness(_ -> trial.write("debug-state.json", gateway.debugState().toPrettyString()));
        Tools.await(
                "the gateway is ready",
                60,
                () -> !process.isAlive() || gateway.log().contains("ready"),
                gateway::log);
        if (!process.isAlive()) {
            throw new AssertionError("the gateway ended with " + process.exitValue() + ": " + gateway.log());
        }
        return gateway;
    }

    /** Runs a command of the gateway's main class, its output into this file. */
    static Process launch(Path log, List<String> arguments) {
        return launch(log, Tools.root(), List.of(), arguments, Map.of());
    }

    private static Process launch(
            Path log, Path directory, List<String> options, List<String> arguments, Map<String, String> environment) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "@" + Tools.root().resolve("dist/java.options")));
        command.addAll(options);
        command.addAll(
                List.of("-cp", Tools.root().resolve("dist/target/lib") + "/*", "io.ringdown.gateway.app.Ringdown"));
        command.addAll(arguments);
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().putAll(environment);
            return builder.directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI socketUri() {
        return URI.create("ws://127.0.0.1:" + webPort + "/v1/rtc");
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + webPort + path);
    }

    long pid() {
        return process.pid();
    }

    String log() {
        return BrowserProcess.read(log);
    }

    /** SIGKILL: it has no time for anything. */
    void kill() {
        process.destroyForcibly();
        awaitEnd(10);
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Its exit status, once it has one. */
    int awaitEnd(int seconds) {
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                throw new AssertionError("the gateway has not ended after " + seconds + " s: " + log());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** What its parts say of themselves. */
    JsonNode debugState() {
        return JsonSocket.parse(get("/admin/debug").body());
    }

    HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(uri(path)).GET().build());
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Threads of the process now. */
    int threads() {
        return status("Threads:");
    }

    /** Open file descriptors of the process now. */
    int descriptors() {
        try (var files = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
            return (int) files.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int status(String key) {
        for (String line : BrowserProcess.read(Path.of("/proc/" + process.pid() + "/status"))
                .split("\n", -1)) {
            if (line.startsWith(key)) {
                return Integer.parseInt(line.substring(key.length()).replaceAll("[^0-9]", ""));
            }
        }
        throw new AssertionError("the gateway is gone");
    }

    @Override
    public void close() {
        Tools.end(process);
        http.shutdownNow();
    }
}
