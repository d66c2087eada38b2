package io.ringdown.media.dtls;

import io.ringdown.media.sdp.Fingerprint;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One DTLS association with a browser. Bouncy Castle blocks, so it runs on a virtual thread, which is there from
 * {@link #start} to {@link #close}: after the handshake it answers retransmissions and waits for close_notify.
 *
 * <p>{@link #onDatagram} and the other methods are for one thread, the media loop; datagrams that come before {@link #start}
 * wait in the queue, so that a ClientHello may come before the fingerprint is known. Feed it only from addresses that have
 * passed an authenticated check. Whatever ends one attempt, the next one begins with a fresh server until
 * {@link DtlsPeer#HANDSHAKE_MILLIS} have gone; only a wrong certificate is final.
 */
public final class DtlsAssociation implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DtlsAssociation.class);
    private static final int SERVE_MILLIS = 60_000;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int LONGEST_RECORD = 2048;

    private final DtlsIdentity identity;
    private final DtlsListener listener;
    private final DatagramQueue queue;
    private @Nullable Thread thread;
    private volatile boolean isAbandoned;
    private long dropped;

    public DtlsAssociation(DtlsIdentity identity, DtlsListener listener) {
        this.identity = identity;
        this.listener = listener;
        this.queue = new DatagramQueue(listener::onDatagram);
    }

    /** Begins the handshake, as a client at once, as a server with the peer's first datagram. Once. */
    public void start(DtlsRole role, List<Fingerprint> expected) {
        if (thread == null && !queue.isClosed()) {
            thread = Thread.ofVirtual().name("dtls").start(() -> run(role, List.copyOf(expected)));
        }
    }

    /** Takes a datagram of the peer; what does not fit the queue is dropped and counted. */
    public void onDatagram(byte[] buffer, int offset, int length) {
        if (!queue.offer(buffer, offset, length)) {
            dropped++;
        }
    }

    /** Datagrams that found no room. */
    public long dropped() {
        return dropped;
    }

    /** Says close_notify if the handshake was complete, and ends the thread. Idempotent. */
    @Override
    public void close() {
        if (!queue.isClosed()) {
            queue.end();
        }
    }

    /** Ends the thread and says nothing. Idempotent. */
    public void abandon() {
        isAbandoned = true;
        close();
    }

    private void farewell(DTLSTransport transport) {
        if (isAbandoned) {
            return;
        }
        try {
            transport.close();
        } catch (IOException e) {
            LOG.debug("DTLS could not say good-bye: {}", e.toString());
        }
    }

    /** Waits for the thread to end, if it was ever there. */
    boolean awaitEnd(long timeout, TimeUnit unit) throws InterruptedException {
        Thread running = thread;
        return running == null || running.join(Duration.of(timeout, unit.toChronoUnit()));
    }

    private void run(DtlsRole role, List<Fingerprint> expected) {
        long deadline = System.nanoTime() + DtlsPeer.HANDSHAKE_MILLIS * NANOS_PER_MILLI;
        while (!queue.isClosed()) {
            DtlsPeer peer = new DtlsPeer(identity, expected, queue, remainingMillis(deadline));
            try {
                DTLSTransport transport = handshake(role, peer);
                if (peer.keys() != null) {
                    listener.onKeys(peer.keys());
                    serve(transport, peer);
                    return;
                }
            } catch (IOException | RuntimeException e) { // Bouncy Castle also throws unchecked on malformed input
                if (peer.mismatch()) {
                    listener.onFailure(DtlsFailure.FINGERPRINT_MISMATCH);
                    return;
                }
            }
            if (remainingMillis(deadline) <= 0) {
                listener.onFailure(DtlsFailure.TIMEOUT);
                return;
            }
        }
    }

    private static int remainingMillis(long deadline) {
        return (int) ((deadline - System.nanoTime()) / NANOS_PER_MILLI);
    }

    private DTLSTransport handshake(DtlsRole role, DtlsPeer peer) throws IOException {
        return switch (role) {
            case SERVER -> {
                queue.gate(new CipherChangeGate());
                DTLSTransport accepted = new DTLSServerProtocol().accept(new SrtpServer(identity, peer), queue);
                queue.serverIsFinished();
                yield accepted;
            }
            case CLIENT -> new DTLSClientProtocol().connect(new SrtpClient(identity, peer), queue);
        };
    }

    private void serve(DTLSTransport transport, DtlsPeer peer) {
        byte[] unused = new byte[LONGEST_RECORD]; // nobody sends data beside SRTP
        try {
            while (!queue.isClosed() && !peer.closedByPeer()) {
                transport.receive(unused, 0, unused.length, SERVE_MILLIS);
            }
            farewell(transport);
        } catch (InterruptedIOException e) {
            farewell(transport);
        } catch (IOException | RuntimeException e) { // the association has failed; SRTP goes on without it
            LOG.debug("DTLS ended: {}", e.toString());
        }
        if (peer.closedByPeer()) {
            listener.onClosed();
        }
    }
}
