package io.ringdown.sip.jain;

import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.message.SIPResponse;
import gov.nist.javax.sip.stack.MessageChannel;
import gov.nist.javax.sip.stack.RawMessageChannel;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import io.ringdown.sip.jain.Counters.Counter;
import io.ringdown.sip.stream.Connection;
import io.ringdown.sip.stream.Framing;
import io.ringdown.sip.stream.KeepAlive;
import io.ringdown.sip.stream.TimedSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.sip.address.Hop;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One TCP or TLS connection as the stack knows it: opened by a peer, or by us when the first message is sent. It opens once;
 * after its end it sends nothing more, and whoever wants the peer gets a new one. Safe for all threads.
 */
final class StreamChannel extends MessageChannel implements RawMessageChannel, Connection.Receiver {
    private static final Logger LOG = LoggerFactory.getLogger(StreamChannel.class);
    private static final byte[] QUESTION = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ANSWER = "\r\n".getBytes(StandardCharsets.US_ASCII);

    private final StreamProcessor processor;
    private final Peer peer;
    // Held while the connection opens, so that all who send meanwhile wait for the one.
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Connection connection;
    private volatile @Nullable IOException ended;
    private boolean reading;
    private boolean ofPeer;
    private @Nullable KeepAlive keepAlive;
    private @Nullable ScheduledFuture<?> wakeup;

    /** How a channel gets its connection; blocks for a bounded time. */
    @FunctionalInterface
    interface Opening {
        Connection open() throws IOException;
    }

    StreamChannel(StreamProcessor processor, Peer peer) {
        this.processor = processor;
        this.peer = peer;
        this.messageProcessor = processor;
    }

    Peer peer() {
        return peer;
    }

    /** Whether nothing is sent by it any more. */
    boolean hasEnded() {
        return ended != null;
    }

    /** Serves a connection that a peer has opened, until its end. */
    void serve(TimedSocket raw) {
        ofPeer = true;
        try {
            Connection open = open(() -> processor.accepted(raw));
            reading = true;
            processor.opened(this);
            read(open);
        } catch (IOException refused) {
            LOG.debug("connection from {} refused: {}", peer.address().getHostAddress(), refused.getMessage());
        }
    }

    private Connection open(Opening how) throws IOException {
        lock.lock();
        try {
            IOException over = ended;
            if (over != null) {
                throw over;
            }
            Connection open = connection;
            if (open == null) {
                open = how.open();
                connection = open;
                processor.execute(open::write);
                beginKeepAlive();
            }
            return open;
        } catch (IOException e) {
            end(e);
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private void read(Connection open) {
        Connection.End how = open.read(this);
        if (how.broken()) {
            processor.counters().count(Counter.CONNECTIONS_BROKEN);
        }
        end(new IOException("the connection has ended: " + how.why()));
        LOG.debug("connection with {}: {}", peer, how.why());
    }

    private void end(IOException why) {
        lock.lock();
        try {
            if (ended == null) {
                ended = why;
                processor.ended(this, ofPeer);
            }
            ScheduledFuture<?> waiting = wakeup;
            if (waiting != null) {
                waiting.cancel(false);
            }
        } finally {
            lock.unlock();
        }
    }

    private void send(byte[] bytes) throws IOException {
        Connection open = connection;
        if (open == null || ended != null) {
            open = open(() -> processor.connect(peer));
            startReading(open);
        }
        open.send(bytes);
    }

    // Two senders may come here with the connection that one of them has opened.
    private void startReading(Connection open) {
        lock.lock();
        try {
            if (!reading) {
                reading = true;
                processor.execute(() -> read(open));
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onBroken(byte[] begun) throws IOException {
        Optional<byte[]> answer = processor.refusal(begun).answer();
        if (answer.isPresent()) {
            send(answer.get());
        }
    }

    @Override
    public void on(Framing.Part part) throws IOException {
        switch (part) {
            case Framing.Part.Message(byte[] bytes) -> onMessage(bytes);
            case Framing.Part.LineEnd() -> onLineEnd();
        }
    }

    private void onLineEnd() {
        processor.counters().count(Counter.KEEP_ALIVES);
        lock.lock();
        try {
            KeepAlive alive = keepAlive;
            if (alive != null) {
                perform(alive.onLineEnd(System.nanoTime()));
            }
        } finally {
            lock.unlock();
        }
    }

    private void beginKeepAlive() {
        keepAlive = new KeepAlive(processor.asksEvery(), System.nanoTime());
        schedule();
    }

    private void onTime() {
        lock.lock();
        try {
            KeepAlive alive = keepAlive;
            if (alive != null && ended == null) {
                perform(alive.onTime(System.nanoTime()));
                schedule();
            }
        } finally {
            lock.unlock();
        }
    }

    private void schedule() {
        KeepAlive alive = keepAlive;
        if (alive != null && alive.nextWakeup() != KeepAlive.NEVER) {
            long in = Math.max(0, alive.nextWakeup() - System.nanoTime());
            wakeup = processor.timer().schedule(this::onTime, in, TimeUnit.NANOSECONDS);
        }
    }

    private void perform(KeepAlive.Step step) {
        Connection open = connection;
        if (open == null) {
            return;
        }
        try {
            switch (step) {
                case NOTHING -> {}
                case ASK -> open.send(QUESTION);
                case ANSWER -> open.send(ANSWER);
                case CLOSE -> {
                    processor.counters().count(Counter.CONNECTIONS_DEAD);
                    // First, so that no call is sent into it that begins before the reader has noticed.
                    end(new IOException("the peer no longer answers"));
                    open.abort();
                }
            }
        } catch (IOException e) {
            LOG.trace("no keep-alive: {}", e.getMessage());
        }
    }

    private void onMessage(byte[] bytes) throws IOException {
        Gatekeeper.Judgement judgement = processor.judge(peer.address(), bytes);
        if (judgement.answer().isPresent()) {
            send(judgement.answer().get());
            return;
        }
        if (!judgement.admitted()) {
            processor.counters().count(Counter.CONNECTIONS_BROKEN);
            throw new IOException("a message that was not admitted");
        }
        lock.lock();
        try {
            KeepAlive alive = keepAlive;
            if (alive != null) {
                alive.onMessage(System.nanoTime());
            }
        } finally {
            lock.unlock();
        }
        try {
            SIPMessage message = processor.parse(bytes);
            if (message != null) {
                processMessage(message);
            }
        } catch (ParseException malformed) {
            LOG.debug("malformed message from {}", peer);
        } catch (IOException | RuntimeException | StackOverflowError | LinkageError e) {
            processor.counters().count(Counter.BUGS);
            LOG.debug("a message from {} was not taken", peer, Muted.of(e));
        }
    }

    // Of responses the stack tells by itself.
    private void logRequest(SIPMessage request) {
        if (getSIPStack() instanceof GuardedStack stack) {
            stack.tracing()
                    .onMessage(
                            request,
                            new InetSocketAddress(peer.address(), peer.port()),
                            new InetSocketAddress(processor.getIpAddress(), processor.getPort()),
                            false);
        }
    }

    @Override
    public void processMessage(SIPMessage message) throws IOException {
        message.setRemoteAddress(peer.address());
        message.setRemotePort(peer.port());
        message.setPeerPacketSourceAddress(peer.address());
        message.setPeerPacketSourcePort(peer.port());
        message.setLocalAddress(processor.getIpAddress());
        message.setLocalPort(processor.getPort());
        StreamInput.take(message, this, this::logRequest);
    }

    @Override
    public void sendMessage(SIPMessage message) throws IOException {
        Optional<StreamChannel> instead = ended != null && message instanceof SIPResponse response
                ? processor.backTo(response)
                : Optional.empty();
        if (instead.isPresent()) {
            instead.get().sendMessage(message);
            return;
        }
        send(message.encodeAsBytes(getTransport()));
        logMessage(message, peer.address(), peer.port(), 0);
        message.setRemoteAddress(peer.address());
        message.setRemotePort(peer.port());
        message.setLocalAddress(processor.getIpAddress());
        message.setLocalPort(processor.getPort());
    }

    @Override
    public void sendMessage(SIPMessage message, Hop hop) throws IOException {
        sendMessage(message);
    }

    @Override
    public void sendMessage(SIPMessage message, InetAddress address, int port) throws IOException {
        sendMessage(message);
    }

    @Override
    protected void sendMessage(byte[] message, InetAddress address, int port, boolean again) throws IOException {
        send(message);
    }

    @Override
    public void close() {
        Connection open = connection;
        if (open != null) {
            open.finish();
        }
        end(new IOException("the connection is closed"));
    }

    @Override
    public SIPTransactionStack getSIPStack() {
        return processor.getSIPStack();
    }

    @Override
    public String getTransport() {
        return processor.viaTransport();
    }

    @Override
    public boolean isReliable() {
        return true;
    }

    @Override
    public boolean isSecure() {
        return processor.isSecure();
    }

    @Override
    public String getPeerAddress() {
        return peer.address().getHostAddress();
    }

    @Override
    protected InetAddress getPeerInetAddress() {
        return peer.address();
    }

    @Override
    protected String getPeerProtocol() {
        return getTransport();
    }

    @Override
    public int getPeerPort() {
        return peer.port();
    }

    @Override
    public int getPeerPacketSourcePort() {
        return peer.port();
    }

    @Override
    public InetAddress getPeerPacketSourceAddress() {
        return peer.address();
    }

    @Override
    public String getKey() {
        return MessageChannel.getKey(peer.address(), peer.port(), getTransport());
    }

    @Override
    public String getViaHost() {
        return getHost();
    }

    @Override
    public int getViaPort() {
        return getPort();
    }
}
