package io.ringdown.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The gateway under measurement: one of our own making, or one that runs already. Its figures are the kernel's (Linux). */
final class GatewayProcess implements AutoCloseable {
    private static final int TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux we run on
    private static final long START_SECONDS = 60;

    private final URI uri;
    private final ProcessHandle process;
    private final Optional<Path> directory;

    /** What the process holds at one moment, after a full collection. */
    record Holding(int threads, int descriptors, long rssKilobytes, long heapKilobytes) {}

    private GatewayProcess(URI uri, ProcessHandle process, Optional<Path> directory) {
        this.uri = uri;
        this.process = process;
        this.directory = directory;
    }

    /** One that runs already. */
    static GatewayProcess attach(URI uri, long pid) {
        ProcessHandle process = ProcessHandle.of(pid)
                .orElseThrow(() -> new IllegalArgumentException("--pid: there is no process " + pid));
        return new GatewayProcess(uri, process, Optional.empty());
    }

    /** Starts one on free ports of loopback with a single trunk; waits until it says that it is ready. */
    static GatewayProcess start(int trunkPort, boolean transcode, String codec, List<String> jvmOptions)
            throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("ringdown-bench");
        int webPort = freePort();
        Path config = directory.resolve("ringdown.yaml");
        Files.writeString(config, configuration(webPort, trunkPort, transcode, codec));
        Path log = directory.resolve("gateway.log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseCompactObjectHeaders"));
        command.addAll(jvmOptions);
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                "io.ringdown.gateway.app.Ringdown",
                "serve",
                "--config",
                config.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!Files.readString(log).contains("ready")) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                process.destroy();
                throw new IOException("the gateway did not start: " + Files.readString(log));
            }
            Thread.sleep(50);
        }
        return new GatewayProcess(
                URI.create("http://127.0.0.1:" + webPort + "/"), process.toHandle(), Optional.of(directory));
    }

    URI uri() {
        return uri;
    }

    /** CPU time of the whole process, user and system, in milliseconds. */
    long cpuMillis() {
        String stat = read(Path.of("/proc/" + process.pid() + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 1_000 / TICKS_PER_SECOND;
    }

    /** What it holds now; forces a full collection before. */
    Holding holding() throws IOException, InterruptedException {
        jcmd("GC.run");
        String heap = jcmd("GC.heap_info");
        return new Holding((int) status("Threads"), descriptors(), status("VmRSS"), number("used (\\d+)K", heap));
    }

    int threads() {
        return (int) status("Threads");
    }

    int descriptors() {
        try (var files = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
            return (int) files.count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Ends what we started; leaves alone what ran already. */
    @Override
    public void close() {
        if (directory.isPresent()) {
            process.destroy();
            process.onExit()
                    .orTimeout(15, TimeUnit.SECONDS)
                    .exceptionally(late -> {
                        process.destroyForcibly();
                        return process;
                    })
                    .join();
        }
    }

    /** Where the log of a gateway of our making is. */
    Optional<Path> log() {
        return directory.map(path -> path.resolve("gateway.log"));
    }

    /** Removes configuration and log of a gateway of our making, once it has ended well. */
    void tidy() throws IOException {
        if (directory.isPresent()) {
            Files.deleteIfExists(directory.get().resolve("ringdown.yaml"));
            Files.deleteIfExists(directory.get().resolve("gateway.log"));
            Files.deleteIfExists(directory.get());
        }
    }

    private static String configuration(int webPort, int trunkPort, boolean transcode, String codec)
            throws IOException {
        return """
                web:
                  listen: 127.0.0.1:%d
                sip:
                  listen:
                    - address: 127.0.0.1
                      port: %d
                media:
                  web:
                    listen: ['127.0.0.1']
                    ports: %d
                  trunk-ports: 20000-29999
                trunks:
                  bench:
                    sip:
                      address: 127.0.0.1:%d
                    media:
                      listen: 127.0.0.1
                      codecs: [%s]
                      transcode: %s
                    prefixes: [any]
                """.formatted(webPort, freePort(), freePort(), trunkPort, codec, transcode);
    }

    private String jcmd(String command) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        String.valueOf(process.pid()),
                        command)
                .redirectErrorStream(true)
                .start();
        String output = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (jcmd.waitFor() != 0) {
            throw new IOException("jcmd " + command + ": " + output);
        }
        return output;
    }

    private long status(String key) {
        return number(key + ":\\s+(\\d+)", read(Path.of("/proc/" + process.pid() + "/status")));
    }

    private static long number(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in " + text);
        }
        return Long.parseLong(matcher.group(1));
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("the gateway is gone", e);
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
