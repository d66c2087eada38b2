package io.ringdown.bench;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** The gateway under measurement: one of our own making, or one that runs already. Its figures are the kernel's (Linux). */
final class GatewayProcess implements AutoCloseable {
    private static final long START_SECONDS = 60;
    private static final int READINGS = 6;
    private static final long READINGS_APART_MILLIS = 700;
    private static final Pattern HEAP = Pattern.compile("used (\\d+)K.*?\\[0x([0-9a-f]+), 0x([0-9a-f]+)");

    private final URI uri;
    private final ProcessHandle process;
    private final Optional<Path> directory;

    /**
     * What the process holds at one moment, after a full collection.
     *
     * @param heapKilobytes what lives in the heap
     * @param heapResidentKilobytes what of the heap is in memory, used or not
     */
    record Holding(long threads, int descriptors, long rssKilobytes, long heapKilobytes, long heapResidentKilobytes) {
        /** What is in memory besides the heap: codecs, SRTP, sockets, threads, code, classes. */
        long nativeKilobytes() {
            return rssKilobytes - heapResidentKilobytes;
        }

        private Holding with(long heap) {
            return new Holding(threads, descriptors, rssKilobytes, heap, heapResidentKilobytes);
        }
    }

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
    static GatewayProcess start(int trunkPort, Options options) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("ringdown-bench");
        int webPort = freePort();
        Path config = directory.resolve("ringdown.yaml");
        Files.writeString(config, configuration(webPort, trunkPort, options));
        Path log = directory.resolve("gateway.log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Clone.root().resolve("dist/java.options"),
                "-Xlog:gc:file=" + directory.resolve("gc.log") + "::filecount=0"));
        if (options.nmt()) {
            command.add("-XX:NativeMemoryTracking=summary");
        }
        command.addAll(options.jvmOptions());
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
        GatewayProcess gateway = new GatewayProcess(
                URI.create("http://127.0.0.1:" + webPort + "/"), process.toHandle(), Optional.of(directory));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!Files.readString(log).contains("ready")) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                process.destroy();
                String said = Files.readString(log);
                gateway.tidy();
                throw new IOException("the gateway did not start:\n" + said);
            }
            Thread.sleep(50);
        }
        return gateway;
    }

    URI uri() {
        return uri;
    }

    long pid() {
        return process.pid();
    }

    long cpuMillis() {
        return ProcFs.cpuMillis(process.pid());
    }

    /** How much work its encoders put into a frame. */
    Effort effort() throws IOException {
        try (InputStream in = uri.resolve("/metrics").toURL().openStream()) {
            String metrics = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new Effort(
                    sum("ringdown_media_complexity_steps", metrics),
                    sum("ringdown_media_complexity_lowered_total", metrics));
        }
    }

    /**
     * Of all its loops together.
     *
     * @param steps below the configured complexity, at the moment
     * @param lowered how often the complexity was lowered since the start
     */
    record Effort(long steps, long lowered) {}

    /** Over all loops. */
    private static long sum(String metric, String text) {
        return Pattern.compile("(?m)^" + metric + "\\{[^}]*} (\\d+)")
                .matcher(text)
                .results()
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .sum();
    }

    /**
     * What it holds now, after a full collection. Free memory of the C library is given back before, and the least of some
     * readings counts: what the compiler of the JVM borrows for a moment is no call's.
     */
    Holding holding() throws IOException, InterruptedException {
        jcmd("GC.run");
        Holding first = reading();
        Holding least = first;
        for (int i = 1; i < READINGS; i++) {
            Thread.sleep(READINGS_APART_MILLIS);
            Holding next = reading();
            least = next.nativeKilobytes() < least.nativeKilobytes() ? next : least;
        }
        return least.with(first.heapKilobytes());
    }

    private Holding reading() throws IOException, InterruptedException {
        jcmd("System.trim_native_heap");
        Matcher heap = HEAP.matcher(jcmd("GC.heap_info"));
        if (!heap.find()) {
            throw new IOException("jcmd GC.heap_info tells no heap; the kit knows G1's and Serial's");
        }
        return new Holding(
                ProcFs.threads(process.pid()),
                ProcFs.descriptors(process.pid()),
                ProcFs.rssKilobytes(process.pid()),
                Long.parseLong(heap.group(1)),
                ProcFs.rssKilobytes(
                        process.pid(),
                        Long.parseUnsignedLong(heap.group(2), 16),
                        Long.parseUnsignedLong(heap.group(3), 16)));
    }

    /** The JVM's own account of its native memory; begins the comparison that {@link #nmtDifference} ends. */
    void nmtBaseline() throws IOException, InterruptedException {
        jcmd("VM.native_memory", "baseline");
    }

    /** What the JVM's own native memory grew by, by category. */
    String nmtDifference() throws IOException, InterruptedException {
        return jcmd("VM.native_memory", "summary.diff");
    }

    /** Counts what all threads of the process allocate, over its own management; that stays open in it. */
    @SuppressWarnings("BanJNDI") // it deserializes from a process of this machine that we measure, and from nobody else
    Allocations allocations() throws IOException {
        try {
            VirtualMachine machine = VirtualMachine.attach(String.valueOf(process.pid()));
            try {
                return new Allocations(
                        JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent())));
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException e) {
            throw new IOException(e);
        }
    }

    /** The bytes that the gateway has allocated. */
    static final class Allocations implements AutoCloseable {
        private final JMXConnector connector;
        private final ThreadMXBean threads;

        Allocations(JMXConnector connector) throws IOException {
            this.connector = connector;
            this.threads = ManagementFactory.newPlatformMXBeanProxy(
                    connector.getMBeanServerConnection(), ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
        }

        long bytes() {
            return threads.getTotalThreadAllocatedBytes();
        }

        @Override
        public void close() throws IOException {
            connector.close();
        }
    }

    /** The log of its collector, where we have started it. */
    Optional<GcLog> gcLog() {
        return directory.map(path -> new GcLog(path.resolve("gc.log")));
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

    /** Removes configuration and logs of a gateway of our making, once it has ended well. */
    void tidy() throws IOException {
        if (directory.isPresent()) {
            try (Stream<Path> files = Files.walk(directory.get())) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static String configuration(int webPort, int trunkPort, Options options) throws IOException {
        return """
                web:
                  listen: 127.0.0.1:%d
                  limits:
                    connections-per-address: 100000
                    requests-per-second-per-address: 1000000
                sip:
                  listen:
                    - address: 127.0.0.1
                      port: %d
                  trace:
                    calls: %d
                calls:
                  max-calls: %d
                  dial: %s
                  drain: 0s
                media:
                  web:
                    listen: ['127.0.0.1']
                    ports: %s
                  trunk-ports: 10000-31999
                  opus:
                    complexity: %d
                    bitrate: %d
                trunks:
                  bench:
                    sip:
                      address: 127.0.0.1:%d
                    media:
                      listen: 127.0.0.1
                      codecs: [%s]
                      transcode: %s
                      srtp: %s
                    prefixes: [any]
                guard: {allow: [any, '+'], limits: []}
                """.formatted(
                        webPort,
                        freePort(),
                        options.traced(),
                        Numbers.MOST_PLACES,
                        options.signalling() ? "at-once" : "when-connected",
                        mediaPorts(),
                        options.complexity(),
                        options.bitrate(),
                        trunkPort,
                        options.trunk().word(),
                        options.transcode(),
                        options.trunkSrtp() ? "required" : "off");
    }

    /** As many ports in a row as the gateway can have media loops: it makes one fewer than there are cores. */
    private static String mediaPorts() throws IOException {
        int many = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
        for (int first = 32_000; first + many < 32_768; first += many) {
            if (areFree(first, many)) {
                return first + "-" + (first + many - 1);
            }
        }
        throw new IOException("no " + many + " UDP ports in a row are free between 32000 and 32767");
    }

    private static boolean areFree(int first, int many) {
        for (int port = first; port < first + many; port++) {
            try (DatagramSocket socket = new DatagramSocket(port, InetAddress.ofLiteral("127.0.0.1"))) {
                if (!socket.isBound()) {
                    return false;
                }
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    private String jcmd(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), "" + process.pid()));
        command.addAll(List.of(words));
        Process jcmd = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (jcmd.waitFor() != 0) {
            throw new IOException("jcmd " + String.join(" ", words) + ": " + output);
        }
        return output;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
