package io.ringdown.sip.jain;

import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.message.SIPResponse;
import gov.nist.javax.sip.stack.MessageChannel;
import gov.nist.javax.sip.stack.RawMessageChannel;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import io.ringdown.sip.jain.Counters.Counter;
import io.ringdown.sip.web.FrameGuard;
import io.ringdown.sip.web.WebSipSocket;
import io.ringdown.sip.web.WebSipWire;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.sip.address.Hop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket of a softphone as the stack knows it. What comes is worked off in order on a virtual thread of its own, which may
 * wait for a password to be looked up; what is sent goes at once. Safe for all threads.
 */
final class WebChannel extends MessageChannel implements RawMessageChannel, WebSipSocket {
    private static final Logger LOG = LoggerFactory.getLogger(WebChannel.class);
    // A phone has a few requests open at a time.
    private static final int MAX_QUEUE = 256;
    private static final String PONG = String.valueOf(new char[] {'\r', '\n'}); // RFC 5626 3.5.1
    private static final int POLICY = 1008; // RFC 6455 7.4.1

    private final WebProcessor processor;
    private final InetAddress address;
    private final WebSipWire wire;
    private final Owner owner;
    private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private volatile Optional<Proof> proof = Optional.empty();
    private volatile boolean ended;

    /** Whose sockets they are. */
    interface Owner {
        Executor executor();

        GuardedParser parser();

        Counters counters();

        /** Unguessable tags. */
        Supplier<String> tags();

        /** Whether one more message of this socket may pass. */
        boolean mayPass(InetAddress address);

        /** The socket is closed; called once, behind all that came by it. */
        void ended(WebChannel channel);
    }

    WebChannel(WebProcessor processor, InetAddress address, WebSipWire wire, Owner owner) {
        this.processor = processor;
        this.messageProcessor = processor;
        this.address = address;
        this.wire = wire;
        this.owner = owner;
    }

    WebSipWire wire() {
        return wire;
    }

    InetAddress address() {
        return address;
    }

    /** Who has proved to be at the other end. */
    Optional<String> user() {
        return proof.map(Proof::user);
    }

    /** And what is known of that. */
    Optional<Proof> proof() {
        return proof;
    }

    @Override
    public boolean isProved() {
        return proof.isPresent();
    }

    /** It is proved, or was and is doubted now. */
    void proved(Proof now) {
        proof = Optional.of(now);
    }

    @Override
    public void onText(String message) {
        if (ended) {
            return;
        }
        if (!owner.mayPass(address) || queued.get() >= MAX_QUEUE) {
            owner.counters().count(Counter.DROPPED_RATE);
            refuse(POLICY, "too many messages");
            return;
        }
        enqueue(() -> take(message));
    }

    @Override
    public void onClosed() {
        enqueue(this::end);
    }

    private void end() {
        if (!ended) {
            ended = true;
            owner.ended(this);
        }
    }

    /** Closes it from our side. */
    void refuse(int status, String reason) {
        wire.close(status, reason);
        onClosed();
    }

    private void enqueue(Runnable work) {
        queue.add(work);
        if (queued.getAndIncrement() == 0) {
            owner.executor().execute(this::work);
        }
    }

    private void work() {
        do {
            Runnable next = queue.poll();
            try {
                if (next != null) {
                    next.run();
                }
            } catch (RuntimeException | StackOverflowError | LinkageError e) {
                owner.counters().count(Counter.BUGS);
                LOG.debug("a frame of a softphone met a bug", Muted.of(e)); // a peer that has found one fills no log
            }
        } while (queued.decrementAndGet() > 0);
    }

    private void take(String message) {
        if (ended) {
            return;
        }
        switch (FrameGuard.judge(message, owner.tags().get())) {
            case FrameGuard.Verdict.Pass pass -> parse(pass);
            case FrameGuard.Verdict.Ping() -> {
                owner.counters().count(Counter.KEEP_ALIVES);
                wire.send(PONG);
            }
            case FrameGuard.Verdict.Pong() -> owner.counters().count(Counter.KEEP_ALIVES);
            case FrameGuard.Verdict.Refuse(String response) -> {
                owner.counters().count(Counter.MALFORMED);
                wire.send(response);
            }
            case FrameGuard.Verdict.Drop() -> owner.counters().count(Counter.MALFORMED);
            case FrameGuard.Verdict.Close(int status, String reason) -> {
                owner.counters().count(Counter.DROPPED_NOT_SIP);
                refuse(status, reason);
            }
        }
    }

    private void parse(FrameGuard.Verdict.Pass pass) {
        owner.counters().count(Counter.MESSAGES_IN);
        try {
            SIPMessage message = owner.parser().parseFrame(pass.message().getBytes(StandardCharsets.UTF_8));
            if (message instanceof KeyedRequest request) {
                request.cameBy(address.getHostAddress(), pass.credentials());
            }
            if (message != null) {
                processMessage(message);
            }
        } catch (ParseException malformed) {
            LOG.debug("malformed message from a softphone");
        } catch (IOException e) {
            LOG.debug("a message from a softphone was not taken: {}", e.toString());
        }
    }

    @Override
    public void processMessage(SIPMessage message) throws IOException {
        message.setRemoteAddress(address);
        message.setRemotePort(WebProcessor.PORT);
        message.setPeerPacketSourceAddress(address);
        message.setPeerPacketSourcePort(WebProcessor.PORT);
        message.setLocalAddress(processor.getIpAddress());
        message.setLocalPort(processor.getPort());
        StreamInput.take(message, this, _ -> {});
    }

    @Override
    public void sendMessage(SIPMessage message) throws IOException {
        if (ended) {
            throw new IOException("the socket is closed");
        }
        String text = new String(message.encodeAsBytes(getTransport()), StandardCharsets.UTF_8);
        wire.send(message instanceof SIPResponse ? withoutOurMark(text) : text);
    }

    // The address is ours alone: the phone need not know by what name its socket goes here.
    private String withoutOurMark(String response) {
        return response.replaceFirst(";rport=" + WebProcessor.PORT + "\\b", "")
                .replaceFirst(";received=" + address.getHostAddress().replace(".", "\\.") + "\\b", "");
    }

    @Override
    public void sendMessage(SIPMessage message, Hop hop) throws IOException {
        sendMessage(message);
    }

    @Override
    public void sendMessage(SIPMessage message, InetAddress receiver, int port) throws IOException {
        sendMessage(message);
    }

    @Override
    protected void sendMessage(byte[] message, InetAddress receiver, int port, boolean again) throws IOException {
        if (ended) {
            throw new IOException("the socket is closed");
        }
        wire.send(new String(message, StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        // The stack thinks that it has one connection too many; phones close theirs themselves.
    }

    @Override
    public SIPTransactionStack getSIPStack() {
        return processor.getSIPStack();
    }

    @Override
    public String getTransport() {
        return "WSS";
    }

    @Override
    public boolean isReliable() {
        return true;
    }

    @Override
    public boolean isSecure() {
        return true;
    }

    @Override
    public String getPeerAddress() {
        return address.getHostAddress();
    }

    @Override
    protected InetAddress getPeerInetAddress() {
        return address;
    }

    @Override
    protected String getPeerProtocol() {
        return getTransport();
    }

    @Override
    public int getPeerPort() {
        return WebProcessor.PORT;
    }

    @Override
    public int getPeerPacketSourcePort() {
        return WebProcessor.PORT;
    }

    @Override
    public InetAddress getPeerPacketSourceAddress() {
        return address;
    }

    @Override
    public String getKey() {
        return MessageChannel.getKey(address, WebProcessor.PORT, getTransport());
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
