package io.ringdown.sip.trace;

import io.ringdown.sip.HostPort;
import io.ringdown.sip.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends traced messages to a collector, each in one datagram, and never waits: what the socket does not take at once is counted
 * and gone. Safe for all threads. The collector's name is looked up by {@link #resolve}, which blocks; until it has, nothing
 * leaves.
 */
public final class HepExport implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HepExport.class);
    private static final int DEFAULT_PORT = 9060;
    // Four bytes a character at most, and the chunks about it.
    private static final int ROOM = 4 * Redaction.MOST_KEPT + 1024;

    private final HostPort collector;
    private final int captureId;
    private final Optional<String> key;
    private final ByteBuffer packet = ByteBuffer.allocateDirect(ROOM);
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private @Nullable DatagramChannel channel;
    private boolean missing;

    public HepExport(HostPort collector, int captureId, Optional<Secret> key) {
        this.collector = collector;
        this.captureId = captureId;
        this.key = key.map(Secret::value);
    }

    /** Finds a collector that is written as an address, so that nothing is missed; returns at once. */
    public void resolveLiteral() {
        try {
            InetAddress.ofLiteral(collector.host());
        } catch (IllegalArgumentException aName) {
            return;
        }
        resolve();
    }

    /** Finds the collector, again if it was found before; blocks as long as the system's resolver does. */
    public void resolve() {
        InetSocketAddress address =
                new InetSocketAddress(collector.host(), collector.port().orElse(DEFAULT_PORT));
        if (address.isUnresolved()) {
            onMissing("its name is not found");
            return;
        }
        try {
            DatagramChannel opened = DatagramChannel.open();
            opened.configureBlocking(false);
            opened.connect(address);
            replace(opened);
        } catch (IOException e) {
            onMissing(String.valueOf(e.getMessage()));
        }
    }

    private synchronized void onMissing(String why) {
        if (!missing) {
            LOG.warn("the HEP collector {} gets nothing: {}", collector, why);
        }
        missing = true;
    }

    private synchronized void replace(DatagramChannel opened) throws IOException {
        DatagramChannel before = channel;
        channel = opened;
        missing = false;
        if (before != null) {
            before.close();
        }
    }

    /** Sends it, if that can be done at once. */
    public synchronized void send(TracedMessage message) {
        DatagramChannel to = channel;
        if (to == null) {
            lost.incrementAndGet();
            return;
        }
        Hep3.write(packet, message, captureId, key);
        packet.flip();
        try {
            (to.write(packet) > 0 ? sent : lost).incrementAndGet();
        } catch (IOException nobodyThere) {
            lost.incrementAndGet();
        }
    }

    /** Who gets it, and how much. */
    public Map<String, Object> debugState() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("collector", collector.toString());
        state.put("sent", sent.get());
        state.put("lost", lost.get());
        return state;
    }

    @Override
    public synchronized void close() {
        DatagramChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.debug("the HEP socket did not close: {}", e.toString());
            }
        }
    }
}
