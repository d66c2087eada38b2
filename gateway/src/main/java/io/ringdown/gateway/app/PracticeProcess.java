package io.ringdown.gateway.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** The practice network as a process of its own, from the same class path. It ends when our end of its input does. */
final class PracticeProcess implements AutoCloseable {
    private static final String MAIN = "io.ringdown.practice.PracticeTrunk";

    private final Process process;
    private final CompletableFuture<Boolean> ready = new CompletableFuture<>();
    private final AtomicReference<Runnable> onEnd = new AtomicReference<>(() -> {});

    private PracticeProcess(Process process) {
        this.process = process;
        Thread.ofVirtual().name("practice-output").start(this::readOutput);
    }

    static PracticeProcess start(int port, int gatewayPort) throws GatewayStartException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                MAIN,
                "--sip-listen",
                "127.0.0.1:" + port,
                "--gateway",
                "127.0.0.1:" + gatewayPort));
        try {
            return new PracticeProcess(new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException failed) {
            throw new GatewayStartException("the practice network cannot be started: " + failed.getMessage());
        }
    }

    /** Waits until it says that it is ready; false if it has ended instead. */
    boolean awaitReady() throws GatewayStartException {
        try {
            return ready.get(20, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException late) {
            throw new GatewayStartException("the practice network did not get ready within 20 s");
        }
    }

    /** What to do if it ends by itself. */
    void onEnd(Runnable action) {
        onEnd.set(action);
        if (!process.isAlive()) {
            ended();
        }
    }

    void ignoreEnd() {
        onEnd.set(() -> {});
    }

    @Override
    public void close() {
        ignoreEnd();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(3, TimeUnit.SECONDS)) {
                process.destroy();
            }
        } catch (IOException alreadyGone) {
            process.destroy();
        } catch (InterruptedException interrupted) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }

    private void readOutput() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.contains("ready")) {
                    ready.complete(true);
                }
            }
        } catch (IOException gone) {
            // It has ended, which is all there is to say.
        }
        ready.complete(false);
        ended();
    }

    private void ended() {
        onEnd.getAndSet(() -> {}).run();
    }
}
