package io.ringdown.sip.jain;

import gov.nist.core.HostPort;
import gov.nist.javax.sip.header.Via;
import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.message.SIPResponse;
import gov.nist.javax.sip.stack.MessageChannel;
import gov.nist.javax.sip.stack.MessageProcessor;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import io.ringdown.sip.SipTransport;
import io.ringdown.sip.dialog.MessageHead;
import io.ringdown.sip.jain.Counters.Counter;
import io.ringdown.sip.locate.Target;
import io.ringdown.sip.stream.Connection;
import io.ringdown.sip.stream.TimedSocket;
import io.ringdown.sip.tls.PeerTls;
import io.ringdown.sip.tls.ServerTls;
import io.ringdown.sip.tls.TlsFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.text.ParseException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TCP or TLS at one listening address: accepts connections, opens them, and finds those that stand (RFC 3261 18). Each has a
 * reader and a writer on virtual threads, so nothing of a peer's holds up another or the stack. Safe for all threads.
 */
final class StreamProcessor extends MessageProcessor {
    /** How TLS is spoken to whom a request goes that is being sent by this thread; see {@link Trunk}. */
    static final ScopedValue<PeerTls> TOWARDS = ScopedValue.newInstance();

    private static final Logger LOG = LoggerFactory.getLogger(StreamProcessor.class);
    // Connect and handshake together: no longer than a trunk may be silent.
    private static final long OPEN_WITHIN = TimeUnit.SECONDS.toNanos(4);
    private static final int MAX_CHANNELS = 2048;

    private final SipTransport kind;
    private final Optional<ServerTls> server;
    private final Streams streams;
    private final Map<Peer, StreamChannel> channels = new ConcurrentHashMap<>();
    private volatile @Nullable GuardedServerSocket listening;
    private volatile boolean stopped;

    StreamProcessor(
            SIPTransactionStack stack,
            InetAddress address,
            int port,
            SipTransport kind,
            Optional<ServerTls> server,
            Streams streams) {
        super(address, port, kind.uriName(), stack);
        this.kind = kind;
        this.server = server;
        this.streams = streams;
    }

    @Override
    public void start() throws IOException {
        GuardedServerSocket opened = new GuardedServerSocket(getPort(), getIpAddress(), streams.gatekeeper());
        listening = opened;
        execute(() -> accept(opened));
    }

    private void accept(GuardedServerSocket at) {
        while (!stopped) {
            try {
                TimedSocket socket = at.accept();
                socket.setTcpNoDelay(true);
                socket.setKeepAlive(true);
                Peer peer = new Peer(socket.getInetAddress(), socket.getPort(), Optional.empty());
                StreamChannel channel = new StreamChannel(this, peer);
                execute(() -> channel.serve(socket));
            } catch (IOException | RuntimeException e) {
                if (!stopped) {
                    // Out of files, say: it passes, and meanwhile it would come again at once.
                    LOG.debug("a connection was not accepted: {}", e.toString());
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                }
            }
        }
    }

    /** Makes a connection of one that a peer has opened: TLS shakes hands here, on the connection's own thread. */
    Connection accepted(TimedSocket raw) throws IOException {
        if (server.isEmpty()) {
            return new Connection(raw, raw);
        }
        raw.readBy(System.nanoTime() + OPEN_WITHIN);
        try {
            Socket secured = server.get().accept(raw, names -> streams.fits(raw.getInetAddress(), names));
            raw.readWhenever();
            return new Connection(raw, secured);
        } catch (TlsFailure refused) {
            counters().count(Counter.TLS_REFUSED);
            streams.tell("TLS from " + raw.getInetAddress().getHostAddress(), refused);
            raw.close();
            throw refused;
        }
    }

    /** Opens a connection; blocks, at most {@link #OPEN_WITHIN}. */
    Connection connect(Peer peer) throws IOException {
        if (stopped) {
            throw new IOException("stopping");
        }
        if (kind == SipTransport.TLS && peer.tls().isEmpty()) {
            throw new IOException("no trunk says how to speak TLS there");
        }
        TimedSocket raw = new TimedSocket();
        try {
            long by = System.nanoTime() + OPEN_WITHIN;
            if (!getIpAddress().isAnyLocalAddress()) {
                raw.bind(new InetSocketAddress(getIpAddress(), 0));
            }
            raw.connect(new InetSocketAddress(peer.address(), peer.port()), (int)
                    TimeUnit.NANOSECONDS.toMillis(OPEN_WITHIN));
            raw.setTcpNoDelay(true);
            raw.setKeepAlive(true);
            raw.readBy(by);
            Socket secured = peer.tls().isPresent() ? peer.tls().get().connect(raw) : raw;
            raw.readWhenever();
            return new Connection(raw, secured);
        } catch (IOException e) {
            raw.close();
            if (e instanceof TlsFailure) {
                counters().count(Counter.TLS_REFUSED);
            }
            throw e;
        }
    }

    @Override
    public MessageChannel createMessageChannel(HostPort target) throws IOException {
        return createMessageChannel(address(target.getHost().getHostname()), target.getPort());
    }

    @Override
    public MessageChannel createMessageChannel(InetAddress address, int port) throws IOException {
        return towards(address, port);
    }

    private StreamChannel towards(InetAddress address, int port) throws IOException {
        StreamChannel accepted = channels.get(new Peer(address, port, Optional.empty()));
        if (accepted != null) {
            return accepted; // RFC 3261 18.2.2; RFC 5923 for requests
        }
        Optional<PeerTls> tls = kind != SipTransport.TLS
                ? Optional.empty()
                : TOWARDS.isBound() ? Optional.of(TOWARDS.get()) : streams.tlsOf(address);
        if (channels.size() >= MAX_CHANNELS) {
            throw new IOException("too many connections");
        }
        return channels.computeIfAbsent(new Peer(address, port, tls), peer -> new StreamChannel(this, peer));
    }

    /** Whether a connection that a peer has opened from there still stands. */
    boolean isConnected(Target from) {
        return kind == from.transport()
                && channels.containsKey(new Peer(from.address(), from.port(), Optional.empty()));
    }

    /** Where a response goes whose connection has ended (RFC 3261 18.2.2); empty where only a name is known. */
    Optional<StreamChannel> backTo(SIPResponse response) throws IOException {
        Via via = response.getTopmostVia();
        String host = via.getReceived() != null ? via.getReceived() : via.getHost();
        try {
            return Optional.of(towards(address(host), via.getPort() > 0 ? via.getPort() : getDefaultTargetPort()));
        } catch (UnknownHostException name) {
            return Optional.empty();
        }
    }

    // No names are looked up here: they would be the peer's.
    private static InetAddress address(String host) throws UnknownHostException {
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        try {
            return InetAddress.ofLiteral(bare);
        } catch (IllegalArgumentException e) {
            throw new UnknownHostException("not an address");
        }
    }

    /** A channel that a peer has opened may be sent on. */
    void opened(StreamChannel channel) {
        channels.put(channel.peer(), channel);
        if (stopped) {
            channel.close();
        }
    }

    /** A channel has ended: nobody finds it any more. Calls begin on those that we have opened, so only these are told. */
    void ended(StreamChannel channel, boolean ofPeer) {
        channels.remove(channel.peer(), channel);
        if (!ofPeer) {
            streams.ended(channel);
        }
    }

    Gatekeeper.Judgement judge(InetAddress source, byte[] message) {
        return streams.gatekeeper().judge(source, message, 0, message.length, kind);
    }

    /** What is said to who has begun a message that cannot be read to its end. */
    Gatekeeper.Judgement refusal(byte[] begun) {
        return streams.gatekeeper().refused(MessageHead.of(begun, 0, begun.length), 400);
    }

    @Nullable
    SIPMessage parse(byte[] bytes) throws ParseException {
        return streams.parser().parse(bytes, viaTransport());
    }

    Counters counters() {
        return streams.gatekeeper().counters();
    }

    long asksEvery() {
        return streams.asksEvery().toNanos();
    }

    ScheduledExecutorService timer() {
        return streams.timer();
    }

    void execute(Runnable work) {
        Thread.ofVirtual().name("sip-" + kind.uriName()).start(work);
    }

    /** As a Via has it. */
    String viaTransport() {
        return kind.name();
    }

    @Override
    public void stop() {
        stopped = true;
        GuardedServerSocket open = listening;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.debug("{} not closed: {}", open, e.toString());
            }
        }
        // Elsewhere, since it waits for those that are being opened.
        channels.values().forEach(channel -> execute(channel::close));
    }

    @Override
    public SIPTransactionStack getSIPStack() {
        return sipStack;
    }

    @Override
    public int getDefaultTargetPort() {
        return kind.defaultPort();
    }

    @Override
    public boolean isSecure() {
        return kind == SipTransport.TLS;
    }

    @Override
    public int getMaximumMessageSize() {
        return Integer.MAX_VALUE;
    }

    @Override
    public boolean inUse() {
        return !channels.isEmpty();
    }
}
