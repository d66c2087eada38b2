package io.ringdown.sip;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Peer;
import io.ringdown.evidence.Peers;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** openssl as the other end of TLS: what it is told goes to the peer, what the peer says is kept. */
final class Openssl implements AutoCloseable {
    private final Process process;
    private final Path output;

    private Openssl(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** A client of 127.0.0.1. */
    static Openssl client(int port, String... more) {
        return start("s_client", List.of("-connect", "127.0.0.1:" + port), more);
    }

    /** A server at 127.0.0.1 that has begun to listen. */
    static Openssl server(int port, String... more) {
        Openssl started = start("s_server", List.of("-accept", "127.0.0.1:" + port), more);
        started.await("ACCEPT");
        return started;
    }

    private static Openssl start(String what, List<String> arguments, String... more) {
        try {
            Path output = Files.createTempFile("openssl", ".out");
            List<String> command = new ArrayList<>(List.of("openssl", what));
            command.addAll(arguments);
            command.addAll(List.of(more));
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            Peers.met(Peer.OPENSSL);
            return new Openssl(process, output);
        } catch (IOException e) {
            throw new AssertionError("openssl does not run; install the package openssl", e);
        }
    }

    /** Says this to the peer. */
    void say(String text) {
        try {
            OutputStream out = process.getOutputStream();
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        } catch (IOException e) {
            throw new AssertionError(output(), e);
        }
    }

    /** All that openssl and the peer have said so far. */
    String output() {
        try {
            return Files.readString(output, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until this is said; fails where openssl ends before. */
    String await(String part) {
        while (!output().contains(part)) {
            if (!process.isAlive()) {
                assertThat(output()).contains(part);
            }
            LockSupport.parkNanos(20_000_000);
        }
        return output();
    }

    /** Waits for its end. */
    String awaitEnd() {
        try {
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(output()).isTrue();
            return output();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(5, TimeUnit.SECONDS);
            Files.deleteIfExists(output);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
