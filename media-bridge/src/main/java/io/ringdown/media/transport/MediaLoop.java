package io.ringdown.media.transport;

import io.ringdown.media.codec.Codecs;
import io.ringdown.media.codec.Effort;
import io.ringdown.media.ice.IcePath;
import io.ringdown.media.quality.DurationHistogram;
import io.ringdown.media.quality.LoopSnapshot;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread, one selector, one web port and the trunk sockets of the calls that live here. {@link #execute} and {@link #close}
 * are for all threads, everything else for the loop's own. Other threads leave commands, of which each call has few at a time;
 * packets never leave the thread.
 */
public final class MediaLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MediaLoop.class);
    private static final int LONGEST_DATAGRAM = 2048; // Firefox sends DTLS of 1408
    private static final int HEADROOM = 256; // for the bridge and SRTP's trailer
    // Datagrams of the web socket before the others have their turn: all trunks together bring one a call, and after a
    // stall
    // neither side may be left behind.
    private static final int BATCH = 64;
    private static final int BATCH_OF_CALL = 2;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long WAITED_NANOS = 50_000; // a selector that finds something at once is back sooner
    private static final long NOT_IDLE = Long.MIN_VALUE;
    private static final long SHORTEST_WAKE_NANOS = 100_000; // a wake-up in the past must not hold the loop
    private static final long LOG_PAUSE_NANOS = 10_000_000_000L;
    private static final Duration CLOSING = Duration.ofSeconds(2);

    private final Thread thread;
    private final Selector selector;
    private final List<UdpChannel> webs = new ArrayList<>();
    private final TcpConnections connections;
    private final List<InetSocketAddress> tcpLocals;
    private final ConcurrentLinkedQueue<Command> commands = new ConcurrentLinkedQueue<>();
    private final WakeHeap<CallMedia> wakes = new WakeHeap<>();
    private final Consumer<SelectionKey> readable = this::onReady;
    private final List<TrunkLeg.Side> readySides = new ArrayList<>();
    private final Set<CallMedia> calls = new LinkedHashSet<>();
    private final ByteBuffer received = ByteBuffer.allocateDirect(LONGEST_DATAGRAM);
    private final ByteBuffer leaving = ByteBuffer.allocateDirect(LONGEST_DATAGRAM + HEADROOM);
    private final byte[] packet = new byte[LONGEST_DATAGRAM + HEADROOM];
    private final Counts<Noise> noise = new Counts<>(Noise.class);
    private final Demux demux = new Demux(packet, LONGEST_DATAGRAM, noise);
    private final Pace pace = new Pace(System.nanoTime());
    private final Effort effort;
    private final Codecs codecs;
    private final LoopLoad load;
    private volatile boolean stopping;
    private volatile boolean isFull;
    private volatile int complexitySteps;
    private volatile long complexityLowered;
    private final AtomicInteger callCount = new AtomicInteger();
    private final AtomicLong datagramsIn = new AtomicLong();
    private final AtomicLong datagramsOut = new AtomicLong();
    private final AtomicLong sendErrors = new AtomicLong();
    private final DurationHistogram lag = new DurationHistogram();
    private final DurationHistogram cycles = new DurationHistogram();
    private final RecentWorst recentWorst = new RecentWorst();
    private final Waiting waiting = new Waiting();
    private long workBeganNanos; // in this cycle; 0 while it only waits
    private long idleNanos = NOT_IDLE; // since when it waits for what comes
    private long lastLogNanos;
    private boolean logged;

    /** Something to do on the loop's thread. */
    @FunctionalInterface
    public interface Command {
        void run(long now);
    }

    private MediaLoop(String name, WebSockets sockets, Codecs codecs, int complexity) throws IOException {
        effort = new Effort(complexity);
        this.codecs = codecs.with(effort);
        load = new LoopLoad(effort.steps(), System.nanoTime());
        selector = Selector.open();
        for (DatagramChannel channel : sockets.datagrams()) {
            UdpChannel web = new UdpChannel(webs.size(), channel);
            webs.add(web);
            channel.register(selector, SelectionKey.OP_READ, web);
        }
        connections = new TcpConnections(
                selector,
                sockets.listeners(),
                sockets.dscp(),
                packet,
                LONGEST_DATAGRAM + HEADROOM,
                new Connected(),
                System.nanoTime());
        tcpLocals = List.copyOf(connections.locals());
        thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    /**
     * Starts a loop on these bound web sockets, which it closes at its end.
     *
     * @param codecs of the process
     * @param complexity of its Opus encoders while there is time for it
     */
    static MediaLoop start(String name, WebSockets sockets, Codecs codecs, int complexity) throws IOException {
        MediaLoop loop = new MediaLoop(name, sockets, codecs, complexity);
        loop.thread.start();
        return loop;
    }

    /** Runs this on the loop's thread, after what was given before. Dropped if the loop is closed. */
    public void execute(Command command) {
        if (stopping) {
            return;
        }
        commands.add(command);
        if (!onThread()) {
            selector.wakeup();
        }
    }

    /** Whether the caller is the loop itself. */
    public boolean onThread() {
        return thread.equals(Thread.currentThread());
    }

    /** How many calls live here. */
    public int callCount() {
        return callCount.get();
    }

    /** Whether one call more would be felt by those that live here. */
    public boolean isFull() {
        return isFull;
    }

    /** Those of the calls that live here; for the loop's thread. */
    Codecs codecs() {
        return codecs;
    }

    /** One call more will live here. */
    void expect() {
        callCount.incrementAndGet();
    }

    /** Makes a call's media here. On the loop's thread. */
    public CallMedia open(CallMedia.Parts parts, long now) {
        CallMedia call = new CallMedia(this, parts, now);
        calls.add(call);
        return call;
    }

    /** Where browsers can send to. */
    public List<InetSocketAddress> locals() {
        return webs.stream().map(UdpChannel::local).toList();
    }

    /** Where browsers can connect to by TCP; empty if that is off. */
    public List<InetSocketAddress> tcpLocals() {
        return tcpLocals;
    }

    /** Ends the calls, closes the sockets and waits for the thread. */
    @Override
    public void close() {
        execute(now -> stopping = true);
        try {
            if (!thread.join(CLOSING)) {
                LOG.warn("{} has not ended within {} s", thread.getName(), CLOSING.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The calls that live here; on the loop's thread. */
    List<CallMedia> callsNow() {
        return List.copyOf(calls);
    }

    /** Counts; on the loop's thread. */
    public Map<String, Object> debugState() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("thread", thread.getName());
        state.put("listen", locals().stream().map(String::valueOf).toList());
        state.put("datagramsIn", datagramsIn.get());
        state.put("datagramsOut", datagramsOut.get());
        state.put("sendErrors", sendErrors.get());
        state.put("lag", String.valueOf(lag.durations()));
        state.put("cycles", String.valueOf(cycles.durations()));
        state.put("recentWorstMicros", recentWorst.value() / 1_000);
        state.put("busyPercent", Math.round(100 * load.busy()));
        state.put("full", isFull);
        state.put("complexity", effort.complexity());
        state.put("complexityLowered", load.stepsDown());
        state.put("ufrags", demux.ufrags());
        state.put("addresses", webs.stream().mapToInt(UdpChannel::addresses).sum());
        state.put("tcp", connections.debugState());
        state.put("noise", noise.debugState());
        return state;
    }

    /** How it is doing; for all threads. {@code kernelDrops} are those of its ports. */
    LoopSnapshot snapshot(Map<Integer, Long> kernelDrops) {
        return new LoopSnapshot(
                thread.getName(),
                locals(),
                callCount(),
                datagramsIn.getOpaque(),
                datagramsOut.getOpaque(),
                sendErrors.getOpaque(),
                lag.durations(),
                cycles.durations(),
                recentWorst.value() / (double) NANOS_PER_MILLI,
                complexitySteps,
                complexityLowered,
                kernelDrops,
                connections.snapshot());
    }

    /**
     * How far the loop has been behind in the last second or two: the worst of how late a wake-up ran and how long a cycle
     * took. Idle it is up to a millisecond. For all threads, and cheap enough for each packet.
     */
    public long lagNanos() {
        return recentWorst.value();
    }

    // ---- for calls

    /** How long the packet that is in work may have waited in its socket: see {@link Waiting}. */
    long waitedNanos() {
        return waiting.nanos();
    }

    void noise(Noise reason) {
        noise.add(reason);
    }

    long noiseOf(Noise reason) {
        return noise.of(reason);
    }

    void wake(CallMedia call, long atNanos, long now) {
        wakes.update(call.wakeEntry(), Math.max(atNanos, now + SHORTEST_WAKE_NANOS));
    }

    /** See {@link Demux#list}. */
    List<Long> list(CallMedia call, List<Long> before, List<Long> after) {
        return demux.list(call, before, after);
    }

    void forget(IcePath path, CallMedia call) {
        if (path.tcp()) {
            connections.forget(path.socket(), call, System.nanoTime());
        } else {
            webs.get(path.socket()).forget(path.remote(), call);
        }
    }

    /** Closes the call's TCP connections without waiting for what might still be said. */
    void dropConnections(CallMedia call) {
        call.paths().stream().filter(IcePath::tcp).forEach(path -> connections.drop(path.socket(), call));
    }

    void remove(CallMedia call) {
        list(call, call.ufragKeys(), List.of());
        call.paths().forEach(path -> forget(path, call));
        wakes.remove(call.wakeEntry());
        if (calls.remove(call)) {
            callCount.decrementAndGet();
        }
    }

    /** Gives the kernel back what was closed: a selector keeps its hold on a socket until it looks again. */
    void releaseClosed() {
        try {
            selector.selectNow();
            selector.selectedKeys().clear(); // what can be read is found again by the next look
        } catch (IOException e) {
            report("Closed sockets may be held for longer after", e);
        }
    }

    SelectionKey register(DatagramChannel channel, TrunkLeg.Side side) throws IOException {
        return channel.register(selector, SelectionKey.OP_READ, side);
    }

    void send(IcePath to, byte[] datagram) {
        send(to, datagram, 0, datagram.length);
    }

    void send(IcePath to, byte[] buffer, int offset, int length) {
        if (to.tcp()) {
            boolean isThere = connections.send(to.socket(), buffer, offset, length, System.nanoTime());
            count(isThere ? datagramsOut : sendErrors);
            return;
        }
        try {
            int sent = webs.get(to.socket()).channel().send(leaving(buffer, offset, length), to.remote());
            onSent(sent);
        } catch (IOException | RuntimeException e) { // the network's trouble; RTP has no use for trying again
            count(sendErrors);
        }
    }

    void send(TrunkLeg.Side side, byte[] buffer, int offset, int length) {
        try {
            onSent(side.send(leaving(buffer, offset, length)));
        } catch (PortUnreachableException e) {
            side.onUnreachable();
        } catch (IOException | RuntimeException e) {
            side.onSendError();
        }
    }

    private ByteBuffer leaving(byte[] buffer, int offset, int length) {
        return leaving.clear().put(buffer, offset, length).flip();
    }

    private void onSent(int bytes) {
        if (bytes > 0) {
            count(datagramsOut);
        } else { // the kernel's buffer is full
            count(sendErrors);
        }
    }

    private static void count(AtomicLong counter) {
        counter.setOpaque(counter.getPlain() + 1); // by this thread only
    }

    // ---- the loop

    private void run() {
        TimerSlack.least();
        try {
            while (!stopping) {
                cycle();
            }
        } finally {
            end();
        }
    }

    private void cycle() {
        try {
            long before = datagramsIn.getPlain();
            workBeganNanos = 0;
            await();
            takeReadySides();
            long now = System.nanoTime();
            if (workBeganNanos == 0) {
                workBeganNanos = now;
                waiting.onLook(false, now);
            }
            waiting.onNoPacket();
            runCommands(now);
            runWakes(now);
            connections.onTime(now);
            long ended = System.nanoTime();
            cycles.record(ended - workBeganNanos);
            recentWorst.onValue(ended - workBeganNanos, ended);
            pace.onCycle(datagramsIn.getPlain() - before, ended - workBeganNanos, ended);
            weigh(ended - workBeganNanos, ended);
        } catch (IOException | RuntimeException | Error e) {
            report("A media loop goes on after", e);
        }
    }

    /** Less work for each frame while there is too much of it; said once for each change, never in silence. */
    private void weigh(long workNanos, long now) {
        boolean wasFull = isFull;
        if (load.onCycle(workNanos, now)) {
            effort.step(load.step());
            complexitySteps = load.step();
            complexityLowered = load.stepsDown();
            LOG.warn(
                    "{} is {} % busy with {} calls: Opus is encoded at complexity {} from here on",
                    thread.getName(), Math.round(100 * load.busy()), calls.size(), effort.complexity());
        }
        isFull = load.isFull();
        if (isFull != wasFull) {
            LOG.warn(
                    "{} is {} % busy with {} calls: {}",
                    thread.getName(),
                    Math.round(100 * load.busy()),
                    calls.size(),
                    isFull ? "it takes no new ones" : "it takes new ones again");
        }
    }

    /** Waits for packets, commands or the next wake-up, and takes in what has come. */
    private void await() throws IOException {
        long wait = waitNanos();
        long rest = pace.restNanos();
        idleNanos = wait > 0 && rest == 0 ? System.nanoTime() : NOT_IDLE;
        if (wait > 0 && rest == 0) {
            selector.select(readable, (wait + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
            return;
        }
        if (wait > 0) { // a command waits for the end of the rest as well
            LockSupport.parkNanos(Math.min(rest, wait));
        }
        selector.selectNow(readable);
    }

    private long waitNanos() {
        if (!commands.isEmpty()) {
            return 0;
        }
        WakeHeap.Entry<CallMedia> first = wakes.first();
        long ofConnections = connections.nextWakeup();
        long next = first == null ? ofConnections : Math.min(ofConnections, first.wakeNanos());
        return next == Long.MAX_VALUE
                ? NANOS_PER_MILLI * 1_000
                : Math.clamp(next - System.nanoTime(), 0, NANOS_PER_MILLI * 1_000);
    }

    private void runCommands(long now) {
        Command command = commands.poll();
        while (command != null) {
            try {
                command.run(now);
            } catch (RuntimeException | Error e) {
                report("A media loop goes on after a command's", e);
            }
            command = commands.poll();
        }
    }

    private void runWakes(long now) {
        WakeHeap.Entry<CallMedia> first = wakes.first();
        while (first != null && first.wakeNanos() <= now) {
            lag.record(now - first.wakeNanos());
            recentWorst.onValue(now - first.wakeNanos(), now);
            try {
                first.call().onTime(now);
            } catch (RuntimeException | Error e) {
                wake(first.call(), now + NANOS_PER_MILLI, now);
                report("A call goes on after", e);
            }
            first = wakes.first();
        }
    }

    private void onReady(SelectionKey key) {
        if (!key.isValid()) {
            return;
        }
        if (workBeganNanos == 0) {
            workBeganNanos = System.nanoTime();
            waiting.onLook(idleNanos != NOT_IDLE && workBeganNanos - idleNanos > WAITED_NANOS, workBeganNanos);
        }
        switch (key.attachment()) {
            case UdpChannel web -> drain(web);
            case TcpConnection connection -> drain(connection, key);
            case ServerSocketChannel listener -> connections.onAcceptable(listener, workBeganNanos);
            case TrunkLeg.Side side -> readySides.add(side);
            case null, default -> key.cancel();
        }
    }

    /** After the browsers' packets, which cost a fraction of these: so those wait for few, and these hardly longer. */
    private void takeReadySides() {
        for (int i = 0; i < readySides.size(); i++) {
            take(readySides.get(i));
        }
        readySides.clear();
    }

    private void drain(TcpConnection connection, SelectionKey key) {
        try {
            connections.onReady(connection, key, System.nanoTime());
        } catch (RuntimeException | Error e) {
            onWebFault(e);
        }
    }

    private void onWebFault(Throwable failure) {
        noise.add(Noise.OUR_FAULT);
        report("A packet from the web was dropped for", failure);
    }

    private void drain(UdpChannel web) {
        long now = System.nanoTime();
        int most = BATCH + BATCH_OF_CALL * calls.size();
        for (int i = 0; i < most; i++) {
            try {
                waiting.onPacket(now);
                received.clear();
                if (!(web.channel().receive(received) instanceof InetSocketAddress from)) {
                    return;
                }
                count(datagramsIn);
                demux.onDatagram(web, from, take(), now);
            } catch (IOException e) { // an ICMP error that belongs to nobody
                count(sendErrors);
            } catch (RuntimeException | Error e) {
                onWebFault(e);
            }
        }
    }

    /** One packet: a trunk sends one at a time, and if more have piled up the selector brings us back for the next. */
    private void take(TrunkLeg.Side side) {
        if (!side.connected()) {
            return;
        }
        try {
            received.clear();
            InetSocketAddress from = side.receive(received);
            if (from == null) {
                return;
            }
            count(datagramsIn);
            long now = System.nanoTime();
            waiting.onPacket(now);
            if (side.isTarget(from)) {
                side.call().onTrunkPacket(side, packet, take(), now);
            } else {
                side.call().onStranger(side, from, packet, take(), now);
            }
        } catch (PortUnreachableException e) {
            side.onUnreachable();
        } catch (IOException e) {
            side.onSendError();
        } catch (RuntimeException | Error e) {
            noise.add(Noise.OUR_FAULT);
            report("A packet from a trunk was dropped for", e);
        }
    }

    /** Moves the datagram to where the rest of the chain works on it. */
    private int take() {
        int size = received.flip().remaining();
        received.get(packet, 0, size);
        return size;
    }

    /** What the TCP connections bring. */
    private final class Connected implements TcpConnections.Arrivals {
        @Override
        public void onPacket(TcpConnection from, int size, long now) {
            waiting.onPacket(now);
            count(datagramsIn);
            demux.onDatagram(from, from.remote(), size, now);
        }

        @Override
        public void onLost(CallMedia call, IcePath path, long now) {
            call.onLost(path, now);
        }

        @Override
        public void onFault(Throwable failure) {
            onWebFault(failure);
        }
    }

    private void end() {
        for (CallMedia call : List.copyOf(calls)) {
            try {
                call.close();
            } catch (RuntimeException | Error e) {
                report("A call was closed in spite of", e);
            }
        }
        runCommands(System.nanoTime()); // what was left behind finds its call closed
        try {
            for (UdpChannel web : webs) {
                web.channel().close();
            }
            connections.close();
            selector.close();
        } catch (IOException e) {
            report("A media loop has ended in spite of", e);
        }
    }

    /** Bounded: what can fail once a packet can fail ten thousand times a second. */
    private void report(String what, @Nullable Throwable failure) {
        long now = System.nanoTime();
        if (!logged || now - lastLogNanos > LOG_PAUSE_NANOS) {
            logged = true;
            lastLogNanos = now;
            LOG.error("{} a failure of ours; more of these within 10 s are not logged", what, failure);
        }
    }
}
