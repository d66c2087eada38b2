package io.ringdown.bench.digits;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * rtpengine as a process of its own, forwarding in user space, over UDP on loopback in real time. Calls are set up as a SIP proxy
 * would, with an offer and an answer. One thread.
 */
final class Rtpengine implements Gateway, AutoCloseable {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final long SETTLE_NANOS = 200_000_000;
    private static final long AFTER_NANOS = 1_000_000_000L;
    private static final long LONGEST_SLEEP_NANOS = 500_000;
    private static final int START_MILLIS = 10_000;
    private static final int BUFFER = 1 << 18;
    private static final int LONGEST = 2_048;
    private static final Pattern PORT = Pattern.compile("m=audio (\\d+) ");

    private final String version;
    private final Path directory;
    private final Process process;
    private final Ng ng;
    private int calls;
    private double lateMillis;

    private Rtpengine(String version, Path directory, Process process, Ng ng) {
        this.version = version;
        this.directory = directory;
        this.process = process;
        this.ng = ng;
    }

    /** Starts it on loopback; empty if it is not installed. */
    static Optional<Rtpengine> start() throws IOException, InterruptedException {
        Optional<String> version = installed();
        if (version.isEmpty()) {
            return Optional.empty();
        }
        Path directory = Files.createTempDirectory("ringdown-digits");
        Path config = directory.resolve("rtpengine.conf");
        Files.writeString(config, "[rtpengine]\n"); // not what this machine is set up for
        int port = freePort();
        Process process = new ProcessBuilder(
                        "rtpengine",
                        "--foreground",
                        "--log-stderr",
                        "--log-level=4",
                        "--config-file=" + config,
                        "--table=-1", // no kernel module
                        "--interface=127.0.0.1",
                        "--listen-ng=127.0.0.1:" + port,
                        "--delete-delay=0", // the ports of a call are needed for the next
                        "--port-min=20000",
                        "--port-max=31999")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("rtpengine.log").toFile())
                .start();
        Rtpengine rtpengine = new Rtpengine(version.get(), directory, process, new Ng(port));
        try {
            rtpengine.awaitStart();
        } catch (IOException e) {
            rtpengine.close();
            throw e;
        }
        return Optional.of(rtpengine);
    }

    private static Optional<String> installed() throws IOException, InterruptedException {
        try {
            Process process = new ProcessBuilder("rtpengine", "--version")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return Optional.of(said.replace("Version: ", "").strip());
        } catch (IOException e) {
            if (Files.exists(Path.of("/usr/bin/rtpengine"))) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private void awaitStart() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
        while (true) {
            try {
                ng.ask(Map.of("command", "ping"));
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                    throw new IOException("rtpengine did not start: " + log(), e);
                }
                Thread.sleep(50);
            }
        }
    }

    private String log() throws IOException {
        return Files.readString(directory.resolve("rtpengine.log"), StandardCharsets.ISO_8859_1)
                .strip();
    }

    /** As it calls itself. */
    String version() {
        return version;
    }

    /** How late packets were sent to it in the last run, ms, at the 99th percentile. */
    double lateMillis() {
        return lateMillis;
    }

    @Override
    public String name() {
        return "rtpengine";
    }

    @Override
    public void carry(Road road, List<List<Packet>> streams, List<FarEnd> ends) throws IOException {
        List<Call> open = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            for (FarEnd end : ends) {
                open.add(new Call("digits-" + calls++, road, end, selector));
            }
            List<Due> due = new ArrayList<>();
            for (int i = 0; i < streams.size(); i++) {
                for (Packet packet : streams.get(i)) {
                    due.add(new Due(packet.nanos(), open.get(i), packet.bytes()));
                }
            }
            due.sort(Comparator.comparingLong(Due::nanos));
            play(due, selector);
            if (!process.isAlive()) {
                throw new IOException("rtpengine has ended: " + log());
            }
        } finally {
            for (Call call : open) {
                call.close();
            }
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared with its bytes
    private record Due(long nanos, Call call, byte[] bytes) {}

    private void play(List<Due> due, Selector selector) throws IOException {
        long start = System.nanoTime() + SETTLE_NANOS;
        long endNanos = due.getLast().nanos() + AFTER_NANOS;
        ByteBuffer buffer = ByteBuffer.allocate(LONGEST);
        long[] late = new long[due.size()];
        int next = 0;
        for (long now = System.nanoTime() - start; now < endNanos; now = System.nanoTime() - start) {
            while (next < due.size() && due.get(next).nanos() <= now) {
                Due packet = due.get(next);
                packet.call.near.write(ByteBuffer.wrap(packet.bytes));
                late[next++] = System.nanoTime() - start - packet.nanos;
            }
            selector.selectNow(key -> drain(key, buffer, start));
            long wait = (next < due.size() ? due.get(next).nanos() : endNanos) - (System.nanoTime() - start);
            LockSupport.parkNanos(Math.clamp(wait, 0, LONGEST_SLEEP_NANOS));
        }
        Arrays.sort(late);
        lateMillis = late[(int) (late.length * 0.99)] / 1e6;
    }

    private static void drain(SelectionKey key, ByteBuffer buffer, long start) {
        Call call = (Call) key.attachment();
        try {
            while (call.far.receive(buffer.clear()) != null) {
                byte[] bytes = new byte[buffer.flip().remaining()];
                buffer.get(bytes);
                call.end.onPacket(bytes, bytes.length, System.nanoTime() - start);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** One call through it: the near side sends, the far side listens. */
    private final class Call {
        private final String id;
        private final FarEnd end;
        private final DatagramChannel near = channel();
        private final DatagramChannel far = channel();

        Call(String id, Road road, FarEnd end, Selector selector) throws IOException {
            this.id = id;
            this.end = end;
            String nearLines = switch (road) {
                case PCMU -> lines(road.audioType + " PCMU/8000", road.eventType + " telephone-event/8000");
                case OPUS -> lines(road.audioType + " opus/48000/2", road.eventType + " telephone-event/48000");
            };
            String farLines = lines("0 PCMU/8000", road.farEventType + " telephone-event/8000");
            Map<String, Object> offer = new LinkedHashMap<>();
            offer.put("command", "offer");
            offer.put("call-id", id);
            offer.put("from-tag", "near");
            offer.put("sdp", sdp(near, nearLines));
            if (road == Road.OPUS) { // telephone-event/8000 comes with PCMU
                offer.put("codec", Map.of("mask", List.of("opus"), "transcode", List.of("PCMU")));
            }
            String offered = Ng.sdp(ng.ask(offer));
            if (!offered.contains("a=rtpmap:" + road.farEventType + " telephone-event/8000")) {
                throw new IOException("rtpengine offers another telephone-event than is expected:\n" + offered);
            }
            String answered = Ng.sdp(ng.ask(Map.of(
                    "command",
                    "answer",
                    "call-id",
                    id,
                    "from-tag",
                    "near",
                    "to-tag",
                    "far",
                    "sdp",
                    sdp(far, farLines))));
            Matcher port = PORT.matcher(answered);
            if (!port.find() || !answered.contains("a=rtpmap:" + road.eventType + " telephone-event/")) {
                throw new IOException("rtpengine answers without telephone-event:\n" + answered);
            }
            near.connect(new InetSocketAddress(LOOPBACK, Integer.parseInt(port.group(1))));
            far.register(selector, SelectionKey.OP_READ, this);
        }

        void close() throws IOException {
            near.close();
            far.close();
            ng.ask(Map.of("command", "delete", "call-id", id, "from-tag", "near"));
        }
    }

    private static DatagramChannel channel() throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER);
        channel.bind(new InetSocketAddress(LOOPBACK, 0));
        channel.configureBlocking(false);
        return channel;
    }

    private static String lines(String audio, String events) {
        return audio + "\n" + events;
    }

    private static String sdp(DatagramChannel channel, String lines) throws IOException {
        StringBuilder types = new StringBuilder();
        StringBuilder maps = new StringBuilder();
        for (String line : lines.split("\n", -1)) {
            types.append(' ').append(line, 0, line.indexOf(' '));
            maps.append("a=rtpmap:").append(line).append("\r\n");
        }
        int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
        return "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio " + port + " RTP/AVP"
                + types + "\r\n" + maps + "a=ptime:" + Road.FRAME_MILLIS + "\r\na=sendrecv\r\n";
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, LOOPBACK)) {
            return socket.getLocalPort();
        }
    }

    /** Ends it and removes what it has written. */
    @Override
    public void close() throws IOException {
        ng.close();
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
