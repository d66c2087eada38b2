package io.ringdown.media.transport;

import io.ringdown.media.MediaSettings;
import io.ringdown.media.MediaUnavailableException;
import io.ringdown.media.PortRange;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.quality.LoopSnapshot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The media loops of the process, each on its own web port. Safe for all threads. */
public final class MediaLoops implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MediaLoops.class);
    private static final int RECEIVE_BUFFER = 4 * 1024 * 1024; // the kernel's default is 14 ms of 250 calls
    private static final long ANSWER_SECONDS = 2;

    private final List<MediaLoop> loops;
    private final int receiveBuffer;

    private MediaLoops(List<MediaLoop> loops, int receiveBuffer) {
        this.loops = List.copyOf(loops);
        this.receiveBuffer = receiveBuffer;
    }

    /**
     * Opens the ports and starts as many loops as there are cores to spare, one at least.
     *
     * @param dscp that marks what leaves
     * @param codecs of the process
     * @param complexity of the Opus encoders while there is time for it
     * @throws MediaUnavailableException if not one port of the range can be opened on every address
     */
    public static MediaLoops start(MediaSettings.Web web, int dscp, Codecs codecs, int complexity, int cores)
            throws MediaUnavailableException {
        int wanted = Math.max(1, Math.min(cores - 1, web.ports().size()));
        List<MediaLoop> loops = new ArrayList<>();
        int granted = RECEIVE_BUFFER;
        String trouble = "";
        try {
            List<InetAddress> addresses = LocalAddresses.of(web.listen());
            PortRange ports = web.ports();
            for (int port = ports.first(); port <= ports.last() && loops.size() < wanted; port++) {
                try {
                    WebSockets sockets =
                            WebSockets.bind(addresses, port, web.tcpPorts().beside(port, ports), dscp);
                    for (DatagramChannel channel : sockets.datagrams()) {
                        granted = Math.min(granted, Datagrams.receiveBuffer(channel, RECEIVE_BUFFER));
                    }
                    loops.add(MediaLoop.start("media-" + loops.size(), sockets, codecs, complexity));
                } catch (IOException e) {
                    trouble = String.valueOf(e.getMessage());
                }
            }
            if (loops.isEmpty()) {
                throw new MediaUnavailableException("no web port of " + ports + " can be opened on "
                        + addresses.stream().map(InetAddress::getHostAddress).toList() + ": " + trouble
                        + "; set media.web.ports and media.web.tcp-ports to free ports (tcp-ports may be off) and"
                        + " media.web.listen to addresses of this machine");
            }
        } catch (IOException e) {
            throw new MediaUnavailableException("the addresses of this machine cannot be read: " + e.getMessage());
        }
        tell(loops, wanted, granted, trouble);
        return new MediaLoops(loops, granted);
    }

    /** Whether every loop has as many calls as it can serve. */
    public boolean isFull() {
        return loops.stream().allMatch(MediaLoop::isFull);
    }

    /** The loop with the fewest calls, one with room before a full one; one more is counted there until that call ends. */
    public MediaLoop choose() {
        MediaLoop chosen = loops.stream()
                .min(Comparator.comparing(MediaLoop::isFull).thenComparingInt(MediaLoop::callCount))
                .orElseThrow();
        chosen.expect();
        return chosen;
    }

    /** All of them. */
    public List<MediaLoop> all() {
        return loops;
    }

    /** What goes on, asked of each loop on its own thread, one call at a time so that no packet waits for the asker. */
    public Map<String, Object> debugState() {
        List<Map<String, Object>> states = new ArrayList<>();
        for (MediaLoop loop : loops) {
            Map<String, Object> state = new LinkedHashMap<>(ask(loop, loop::debugState, Map.of("silent", true)));
            List<Map<String, Object>> calls = new ArrayList<>();
            for (CallMedia call : ask(loop, loop::callsNow, List.<CallMedia>of())) {
                calls.add(ask(loop, call::debugState, Map.of("silent", true)));
            }
            state.put("calls", calls);
            states.add(state);
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("receiveBuffer", receiveBuffer);
        all.put("kernelDrops", KernelDrops.of(ports()));
        all.put("loops", states);
        return all;
    }

    private static <T> T ask(MediaLoop loop, Supplier<T> question, T silent) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        loop.execute(now -> answer.complete(question.get()));
        return answer.completeOnTimeout(silent, ANSWER_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    /** How each loop is doing; any thread may ask. Reads the system's table of sockets once. */
    public List<LoopSnapshot> snapshots() {
        Map<Integer, Long> drops = KernelDrops.of(ports());
        return loops.stream()
                .map(loop -> {
                    Map<Integer, Long> own = new TreeMap<>(drops);
                    own.keySet().retainAll(ports(loop));
                    return loop.snapshot(own);
                })
                .toList();
    }

    private Set<Integer> ports() {
        return loops.stream().flatMap(loop -> ports(loop).stream()).collect(Collectors.toSet());
    }

    private static Set<Integer> ports(MediaLoop loop) {
        return loop.locals().stream().map(InetSocketAddress::getPort).collect(Collectors.toSet());
    }

    @Override
    public void close() {
        loops.forEach(MediaLoop::close);
    }

    private static void tell(List<MediaLoop> loops, int wanted, int granted, String trouble) {
        if (loops.size() < wanted) {
            LOG.warn("{} of {} media loops run, for lack of web ports: {}", loops.size(), wanted, trouble);
        }
        if (granted < RECEIVE_BUFFER) {
            LOG.info(
                    "The system grants {} bytes of receive buffer to a media socket instead of {}; bursts may be lost."
                            + " Remedy: sysctl -w net.core.rmem_max={}",
                    granted,
                    RECEIVE_BUFFER,
                    RECEIVE_BUFFER);
        }
    }
}
