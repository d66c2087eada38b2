package io.ringdown.media.quality;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/**
 * One media loop at one moment.
 *
 * @param name of its thread
 * @param listen its sockets towards browsers
 * @param calls that live there
 * @param datagramsIn taken in since the start, from both sides
 * @param datagramsOut sent since the start, to both sides
 * @param sendErrors datagrams that could not be sent
 * @param lag how late its wake-ups have run since the start; the selector wakes by whole milliseconds, so that up to one is
 *     idle and not load
 * @param cycles how long it has worked from one look at its sockets to the next, since the start
 * @param recentWorstMillis the worst of both in the last second or two
 * @param complexitySteps by how many steps its encoders work less than configured, because it is too busy; 0 is not at all
 * @param complexityLowered how often it took such a step since the start
 * @param kernelDrops datagrams that the kernel has thrown away because the loop did not come for them, by the port towards
 *     browsers; empty where the system does not tell
 * @param tcp its TCP connections to browsers
 */
public record LoopSnapshot(
        String name,
        List<InetSocketAddress> listen,
        int calls,
        long datagramsIn,
        long datagramsOut,
        long sendErrors,
        Durations lag,
        Durations cycles,
        double recentWorstMillis,
        int complexitySteps,
        long complexityLowered,
        Map<Integer, Long> kernelDrops,
        TcpSnapshot tcp) {
    public LoopSnapshot {
        listen = List.copyOf(listen);
        kernelDrops = Map.copyOf(kernelDrops);
    }
}
