package io.ringdown.media.transport;

import io.ringdown.media.MediaUnavailableException;
import io.ringdown.media.PortRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/** The port pairs towards trunks. Safe for all threads; nothing here is on the path of a packet. */
public final class TrunkPorts {
    private static final int MOST_ATTEMPTS = 16; // other processes may sit on ports of ours

    private final PortRange range;
    private final int dscp;
    private final PortPool pool;

    /** All of the range; what leaves is marked by {@code dscp}. */
    public TrunkPorts(PortRange range, int dscp, SecureRandom random) {
        this.range = range;
        this.dscp = dscp;
        this.pool = new PortPool(range, random.nextInt() >>> 1);
    }

    /**
     * Opens a pair on this address: RTP on the even port, RTCP on the next.
     *
     * @throws MediaUnavailableException if none can be had
     */
    public Pair open(InetAddress listen) throws MediaUnavailableException {
        String trouble = "every pair is in use or was a moment ago";
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            OptionalInt port;
            synchronized (pool) {
                port = pool.take(System.nanoTime());
            }
            if (port.isEmpty()) {
                break;
            }
            try {
                return bind(listen, port.getAsInt());
            } catch (IOException e) {
                trouble = String.valueOf(e.getMessage());
                giveBack(port.getAsInt());
            }
        }
        throw new MediaUnavailableException("no RTP port on " + listen.getHostAddress() + " in " + range + ": "
                + trouble + "; widen media.trunk-ports or set the trunk's media.listen to an address of this machine");
    }

    /**
     * Opens this pair, for the call that had it before.
     *
     * @throws MediaUnavailableException if somebody else has it, or it is not one of ours
     */
    public Pair reopen(InetAddress listen, int port) throws MediaUnavailableException {
        boolean isTaken;
        synchronized (pool) {
            isTaken = pool.reclaim(port);
        }
        if (!isTaken) {
            throw new MediaUnavailableException("RTP port " + port + " of a call that goes on is in use, or not in "
                    + range + ": media.trunk-ports must contain the ports of the calls that are taken over");
        }
        try {
            return bind(listen, port);
        } catch (IOException e) {
            giveBack(port);
            throw new MediaUnavailableException("RTP port " + port + " of a call that goes on cannot be opened on "
                    + listen.getHostAddress() + ": " + e.getMessage());
        }
    }

    /** Whether there is a pair for one call more. */
    public boolean hasFree() {
        synchronized (pool) {
            return pool.hasFree(System.nanoTime());
        }
    }

    /** Counts. */
    public Map<String, Object> debugState() {
        synchronized (pool) {
            Map<String, Object> state = new LinkedHashMap<>();
            state.put("range", range.toString());
            state.put("pairs", pool.pairs());
            state.put("inUse", pool.inUse());
            state.put("takenUnderPressure", pool.takenUnderPressure());
            state.put("exhausted", pool.exhausted());
            return state;
        }
    }

    private Pair bind(InetAddress listen, int port) throws IOException {
        DatagramChannel rtp = Datagrams.open(new InetSocketAddress(listen, port), dscp);
        try {
            return new Pair(this, port, rtp, Datagrams.open(new InetSocketAddress(listen, port + 1), dscp));
        } catch (IOException e) {
            rtp.close();
            throw e;
        }
    }

    private void giveBack(int port) {
        synchronized (pool) {
            pool.giveBack(port, System.nanoTime());
        }
    }

    /** Two bound sockets of one call. */
    public static final class Pair implements AutoCloseable {
        private final TrunkPorts owner;
        private final int port;
        private final DatagramChannel rtp;
        private final DatagramChannel rtcp;
        private boolean closed;

        private Pair(TrunkPorts owner, int port, DatagramChannel rtp, DatagramChannel rtcp) {
            this.owner = owner;
            this.port = port;
            this.rtp = rtp;
            this.rtcp = rtcp;
        }

        /** RTP's port; RTCP's is one higher. */
        public int port() {
            return port;
        }

        DatagramChannel rtp() {
            return rtp;
        }

        DatagramChannel rtcp() {
            return rtcp;
        }

        /** Closes both; the ports rest before they are used again. Idempotent; one thread at a time. */
        @Override
        public void close() {
            if (closed) {
                return;
            }
            closed = true;
            try {
                rtp.close();
                rtcp.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                owner.giveBack(port);
            }
        }
    }
}
