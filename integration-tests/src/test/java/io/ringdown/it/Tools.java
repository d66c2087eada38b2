package io.ringdown.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** What the machine gives to the tests: programs, ports, time. A missing program is an error, never a skipped test. */
final class Tools {

    private Tools() {}

    /** The root of the source tree. */
    static Path root() {
        String named = System.getProperty("ringdown.root");
        Path start = Path.of(named == null ? "" : named).toAbsolutePath();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("integration-tests/pom.xml"))) {
                return folder;
            }
        }
        throw new IllegalStateException("no integration-tests/pom.xml in " + start + " or above it");
    }

    /** Whether the long tests were asked for. */
    static boolean full() {
        return Boolean.getBoolean("ringdown.full");
    }

    /** The first of these programs that the PATH has. */
    static Path program(String... names) {
        for (String name : names) {
            for (String folder :
                    System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(":", -1)) {
                Path file = Path.of(folder, name);
                if (Files.isExecutable(file)) {
                    return file;
                }
            }
            for (String folder : List.of("/usr/sbin", "/sbin")) {
                Path file = Path.of(folder, name);
                if (Files.isExecutable(file)) {
                    return file;
                }
            }
        }
        throw new AssertionError(
                "none of " + Arrays.toString(names) + " is installed; ./verify installs what is missing");
    }

    /** Runs a program to its end and gives what it printed; anything but exit code 0 fails. */
    static String run(Path log, String... command) {
        try {
            List<String> words = new ArrayList<>(List.of(command));
            words.set(0, program(command[0]).toString());
            Process process = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(words + " did not end within 60 s");
            }
            String printed = Files.readString(log, StandardCharsets.UTF_8);
            if (process.exitValue() != 0) {
                throw new AssertionError(words + " ended with " + process.exitValue() + ": " + printed);
            }
            return printed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** A port that is free for UDP and TCP on this address now. */
    static int freePort(String address) {
        IOException last = new IOException("none tried");
        for (int attempt = 0; attempt < 100; attempt++) {
            try (ServerSocket tcp = new ServerSocket(0, 1, InetAddress.ofLiteral(address));
                    DatagramSocket udp = new DatagramSocket(tcp.getLocalPort(), InetAddress.ofLiteral(address))) {
                return udp.getLocalPort();
            } catch (IOException taken) {
                last = taken;
            }
        }
        throw new AssertionError("no port is free on " + address, last);
    }

    static int freePort() {
        return freePort("127.0.0.1");
    }

    /** The first of {@code count} consecutive ports, even, that are free for UDP and TCP now. */
    static int freePorts(int count) {
        for (int attempt = 0; attempt < 1000; attempt++) {
            int first = (20_000 + (int) (Math.random() * 20_000)) & ~1;
            if (allFree(first, count)) {
                return first;
            }
        }
        throw new AssertionError("no " + count + " consecutive ports are free");
    }

    private static boolean allFree(int first, int count) {
        return IntStream.range(first, first + count).allMatch(Tools::isFree);
    }

    private static boolean isFree(int port) {
        InetAddress here = InetAddress.ofLiteral("127.0.0.1");
        try (ServerSocket _ = new ServerSocket(port, 1, here);
                DatagramSocket _ = new DatagramSocket(port, here)) {
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    /** Waits until it is so; fails with what is known if it is not within the time. */
    static void await(String what, int seconds, BooleanSupplier isSo, Supplier<String> known) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + seconds + " s: " + what + "; known: " + known.get());
            }
            pause(20);
        }
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Ends a process and its children: asked first, forced after five seconds. */
    static void end(Process process) {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        all.forEach(ProcessHandle::destroyForcibly);
    }
}
