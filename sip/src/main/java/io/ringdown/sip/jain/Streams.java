package io.ringdown.sip.jain;

import io.ringdown.sip.tls.PeerNames;
import io.ringdown.sip.tls.PeerTls;
import io.ringdown.sip.tls.TlsFailure;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all connections share. Safe for all threads. */
final class Streams {
    private static final Logger LOG = LoggerFactory.getLogger(Streams.class);

    // A peer that tries again and again fills no log.
    private static final long LINE_EVERY = TimeUnit.SECONDS.toNanos(5);

    private final Gatekeeper gatekeeper;
    private final GuardedParser parser;
    private final ScheduledExecutorService timer;
    private final Duration asksEvery;
    private final Owner owner;
    private final AtomicLong nextLineAt = new AtomicLong(System.nanoTime());

    /** Whose connections they are. */
    interface Owner {
        /** How TLS is spoken to the trunk at this address; empty where there is none. */
        Optional<PeerTls> tlsOf(InetAddress address);

        /** Whether a client certificate with these names is that of a trunk at this address. */
        boolean fits(InetAddress source, PeerNames names);

        /** A connection that we have opened has ended; called on its own thread, or on a sender's. */
        void ended(StreamChannel channel);
    }

    Streams(Gatekeeper gatekeeper, ScheduledExecutorService timer, Duration asksEvery, Owner owner) {
        this.gatekeeper = gatekeeper;
        this.parser = new GuardedParser(gatekeeper.counters());
        this.timer = timer;
        this.asksEvery = asksEvery;
        this.owner = owner;
    }

    Gatekeeper gatekeeper() {
        return gatekeeper;
    }

    GuardedParser parser() {
        return parser;
    }

    ScheduledExecutorService timer() {
        return timer;
    }

    Duration asksEvery() {
        return asksEvery;
    }

    Optional<PeerTls> tlsOf(InetAddress address) {
        return owner.tlsOf(address);
    }

    boolean fits(InetAddress source, PeerNames names) {
        return owner.fits(source, names);
    }

    void ended(StreamChannel channel) {
        owner.ended(channel);
    }

    /** Says to the operator why TLS failed, now and then. */
    void tell(String where, TlsFailure why) {
        long now = System.nanoTime();
        long next = nextLineAt.get();
        if (now - next >= 0 && nextLineAt.compareAndSet(next, now + LINE_EVERY)) {
            LOG.warn("{} is refused: {}", where, why.getMessage());
        }
    }
}
