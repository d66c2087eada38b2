package io.ringdown.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.ringdown.evidence.Peer;
import io.ringdown.evidence.Peers;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** SIPp as the peer: one scenario of src/test/resources/sipp, run once unless told otherwise. Missing SIPp fails the test. */
final class Sipp implements AutoCloseable {
    static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private final Process process;
    private final Path directory;
    private final int port;

    private Sipp(Process process, Path directory, int port) {
        this.process = process;
        this.directory = directory;
        this.port = port;
    }

    static Sipp uas(String scenario, String... more) {
        return start("127.0.0.1", scenario, freePort(), List.of(), more);
    }

    static Sipp uasOn(int port, String scenario, String... more) {
        return start("127.0.0.1", scenario, port, List.of(), more);
    }

    static Sipp uasAt(String address, String scenario, String... more) {
        return start(address, scenario, freePort(), List.of(), more);
    }

    static Sipp uacTo(String address, String target, String scenario, String... more) {
        return start(address, scenario, freePort(), List.of(target), more);
    }

    static Sipp uac(String scenario, int target, String... more) {
        return start("127.0.0.1", scenario, freePort(), List.of("127.0.0.1:" + target), more);
    }

    static Sipp uacCalling(String host, String scenario, int target, String... more) {
        return start("127.0.0.1", scenario, freePort(), List.of(host + ":" + target), more);
    }

    static Sipp uacFrom(int port, String scenario, int target, String... more) {
        return start("127.0.0.1", scenario, port, List.of("127.0.0.1:" + target), more);
    }

    private static Sipp start(String address, String scenario, int port, List<String> target, String... more) {
        try {
            Path directory = Files.createTempDirectory("sipp");
            Path file = Path.of("src/test/resources/sipp", scenario + ".xml").toAbsolutePath();
            assertThat(file).exists();
            List<String> command = new ArrayList<>(List.of(
                    "sipp",
                    "-sf",
                    file.toString(),
                    "-i",
                    address,
                    "-p",
                    Integer.toString(port),
                    "-nostdin",
                    "-timeout_error",
                    "-trace_err",
                    "-error_file",
                    directory.resolve("errors").toString()));
            List<String> extra = Arrays.asList(more);
            if (!extra.contains("-timeout")) {
                command.addAll(List.of("-timeout", "60s"));
            }
            if (!extra.contains("-r")) { // many calls: their messages would fill the disk
                command.addAll(List.of(
                        "-trace_msg",
                        "-message_file",
                        directory.resolve("messages").toString()));
            }
            if (!extra.contains("-m")) {
                command.addAll(List.of("-m", "1"));
            }
            command.addAll(extra);
            command.addAll(target);
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("screen").toFile())
                    .start();
            Peers.met(Peer.SIPP, scenario);
            Sipp sipp = new Sipp(process, directory, port);
            if (target.isEmpty()) {
                sipp.awaitBound(extra.contains("t1"), address.contains(":"));
            }
            return sipp;
        } catch (IOException e) {
            throw new AssertionError("SIPp does not run; install the package sip-tester", e);
        }
    }

    // Looked up, not tried: a socket of ours on the port would be in its way.
    private void awaitBound(boolean tcp, boolean six) throws IOException {
        Path table = Path.of((tcp ? "/proc/net/tcp" : "/proc/net/udp") + (six ? "6" : ""));
        String bound = String.format(Locale.ROOT, six ? "01000000:%04X" : "0100007F:%04X", port);
        for (int i = 0; i < 1000 && process.isAlive(); i++) {
            if (Files.readString(table).contains(bound)) {
                return;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        fail("SIPp did not bind its port\n" + log());
    }

    /** Whether somebody has this UDP port of 127.0.0.1. */
    static boolean isBound(int port) {
        try {
            return Files.readString(Path.of("/proc/net/udp"))
                    .contains(String.format(Locale.ROOT, "0100007F:%04X", port));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static int freePort() {
        Exception lastFailure = null;
        for (int i = 0; i < 50; i++) {
            try (ServerSocket tcp = new ServerSocket(0, 1, LOOPBACK);
                    DatagramSocket udp = new DatagramSocket(tcp.getLocalPort(), LOOPBACK)) {
                return udp.getLocalPort();
            } catch (IOException e) {
                lastFailure = e;
            }
        }
        throw new AssertionError("no free port", lastFailure);
    }

    int port() {
        return port;
    }

    /** Waits for the end of the scenario, which must have succeeded. */
    void assertSuccess() {
        assertSuccess(Duration.ofSeconds(70));
    }

    /** As the other, for many calls: within this time, which is no measure but the end of patience. */
    void assertSuccess(Duration limit) {
        try {
            if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
                fail("SIPp does not end\n" + log());
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        if (process.exitValue() != 0) {
            fail("SIPp exit " + process.exitValue() + "\n" + log());
        }
    }

    /** How many messages that begin so stand in what was sent or received. */
    int count(String begin) {
        return messages().split("\n" + begin, -1).length - 1;
    }

    String messages() {
        return read("messages");
    }

    /** Waits until {@code part} stands so often in what was sent or received; fails if SIPp ends before. */
    void awaitMessage(String part, int times) {
        while (messages().split(part, -1).length <= times) {
            if (!process.isAlive() && messages().split(part, -1).length <= times) {
                fail("SIPp ended without " + part + ":\n" + log());
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    String log() {
        return read("errors") + "\n" + read("messages");
    }

    private String read(String name) {
        try {
            Path file = directory.resolve(name);
            return Files.exists(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(Duration.ofSeconds(5).toMillis(), TimeUnit.MILLISECONDS);
            try (var files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.deleteIfExists(file);
                }
            }
            Files.deleteIfExists(directory);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
