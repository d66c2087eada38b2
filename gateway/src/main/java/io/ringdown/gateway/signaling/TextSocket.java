package io.ringdown.gateway.signaling;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The edge between a WebSocket and its {@link Conversation}. Jetty calls it on one thread at a time; {@link Wire}'s methods
 * may be called on any. Public because Jetty looks its methods up from outside of this package.
 */
public final class TextSocket implements Session.Listener.AutoDemanding, Wire {
    private static final Logger LOG = LoggerFactory.getLogger(TextSocket.class);
    // Twenty messages a second in pieces of a kilobyte, and some pings: what is above is sent to keep us busy.
    private static final int FRAMES_PER_SECOND = 400;
    // A client that does not read: what waits for it is bounded, then it is cut.
    // Twice what is said again to one that comes back.
    private static final int MOST_WAITING_MESSAGES = 2 * Replay.MOST_MESSAGES;
    private static final int MOST_WAITING_BYTES = 2 * Replay.MOST_BYTES;

    private final Function<Wire, Conversation> opener;
    private final Runnable onClosed;
    private final Pacemaker pacemaker;
    private final LongSupplier clock;
    private final RateGate frames;
    // Let go with each message: its place in memory would show digits long after the call that they were for.
    private StringBuilder message = new StringBuilder();
    private ByteArrayOutputStream binaryMessage = new ByteArrayOutputStream();
    private int messageBytes;
    private final AtomicInteger waitingMessages = new AtomicInteger();
    private final AtomicInteger waitingBytes = new AtomicInteger();
    private volatile @Nullable Session socket;
    private volatile @Nullable Conversation conversation;
    private volatile @Nullable Pace pace;

    /** Wakes a socket for its pings. */
    @FunctionalInterface
    interface Pacemaker {
        /** Begins for this socket. */
        Pace pace(Wire wire);
    }

    /** What was begun for one socket. */
    interface Pace {
        /** A frame has come. */
        void heard();

        /** The socket is gone. */
        void stop();
    }

    TextSocket(Function<Wire, Conversation> opener, Pacemaker pacemaker, LongSupplier clock, Runnable onClosed) {
        this.opener = opener;
        this.pacemaker = pacemaker;
        this.onClosed = onClosed;
        this.clock = clock;
        this.frames = new RateGate(clock.getAsLong());
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        socket = opened;
        Conversation begun = opener.apply(this);
        conversation = begun;
        pace = pacemaker.pace(this);
        begun.onOpen();
    }

    @Override
    public void onWebSocketPong(ByteBuffer payload) {
        onFrame();
        Conversation current = conversation;
        if (current != null && payload.hasRemaining()) { // RFC 6455 §5.5.3: a pong has its ping's own payload
            current.onAnswer();
        }
    }

    @Override
    public void onWebSocketPing(ByteBuffer payload) {
        onFrame();
        Session open = socket;
        if (open != null && open.isOpen() && mayWait(payload.remaining())) {
            open.sendPong(payload, sent(payload.remaining())); // RFC 6455 §5.5.3: with the ping's own payload
        }
    }

    /** Put together here and not by Jetty, which says nothing of the pieces: empty ones could come without end. */
    @Override
    public void onWebSocketPartialText(String piece, boolean isLast) {
        onFrame();
        if (isTooLong(piece.getBytes(StandardCharsets.UTF_8).length)) {
            return;
        }
        message.append(piece);
        Conversation current = conversation;
        if (isLast && current != null) {
            String whole = message.toString();
            message = new StringBuilder();
            messageBytes = 0;
            current.onText(whole);
        }
    }

    private boolean isTooLong(int moreBytes) {
        messageBytes += moreBytes;
        boolean isTooLong = messageBytes > MessageReader.LONGEST_MESSAGE;
        if (isTooLong) {
            close(StatusCode.MESSAGE_TOO_LARGE, "longer than " + MessageReader.LONGEST_MESSAGE + " bytes");
        }
        return isTooLong;
    }

    /** In pieces for the same reason; a character may begin in one and end in the next. */
    @Override
    public void onWebSocketPartialBinary(ByteBuffer piece, boolean isLast, Callback callback) {
        try {
            onFrame();
            Conversation current = conversation;
            if (current == null || !current.takesBinary()) {
                close(StatusCode.BAD_DATA, "text only");
            } else {
                onPiece(piece, isLast, current);
            }
        } finally {
            callback.succeed(); // the next one may come on another thread from here on
        }
    }

    private void onPiece(ByteBuffer piece, boolean isLast, Conversation current) {
        if (isTooLong(piece.remaining())) {
            return;
        }
        byte[] bytes = new byte[piece.remaining()];
        piece.get(bytes);
        binaryMessage.writeBytes(bytes);
        if (isLast) {
            ByteBuffer whole = ByteBuffer.wrap(binaryMessage.toByteArray());
            binaryMessage = new ByteArrayOutputStream();
            messageBytes = 0;
            onBinary(whole, current);
        }
    }

    private void onBinary(ByteBuffer whole, Conversation current) {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(whole).toString();
        } catch (CharacterCodingException e) {
            close(StatusCode.BAD_PAYLOAD, "no UTF-8");
            return;
        }
        current.onText(text);
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        // The close that follows does all there is to do; what a peer sends wrong is no news for the log.
        LOG.debug("a socket failed", cause);
    }

    @Override
    public void onWebSocketClose(int status, String reason, Callback callback) {
        Pace pacing = pace;
        if (pacing != null) {
            pacing.stop();
        }
        Conversation current = conversation;
        if (current != null
                && status == StatusCode.NORMAL) { // RFC 6455 §7.4.1: the purpose of the connection is fulfilled
            current.onLeft();
        } else if (current != null) {
            current.onGone();
        }
        onClosed.run();
        callback.succeed();
    }

    @Override
    public void send(String text) {
        Session open = socket;
        if (open == null || !open.isOpen()) {
            return;
        }
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (mayWait(bytes)) {
            open.sendText(text, sent(bytes));
        }
    }

    @Override
    public void ping() {
        Session open = socket;
        if (open != null && open.isOpen()) {
            open.sendPing(ByteBuffer.allocate(0), Callback.NOOP);
        }
    }

    @Override
    public void ask() {
        Session open = socket;
        if (open != null && open.isOpen()) {
            open.sendPing(ByteBuffer.wrap(new byte[] {'?'}), Callback.NOOP);
        }
    }

    @Override
    public void cut() {
        Session open = socket;
        if (open != null) {
            open.disconnect();
        }
    }

    @Override
    public void close(int status, String reason) {
        Session open = socket;
        if (open != null) {
            open.close(status, reason, Callback.NOOP);
        }
    }

    /** A frame has come; pings and pieces of a message are no messages, and nobody else would count them. */
    private void onFrame() {
        if (frames.count(clock.getAsLong()) > FRAMES_PER_SECOND) {
            cut();
        }
        Pace pacing = pace;
        if (pacing != null) {
            pacing.heard();
        }
    }

    /** Whether so much more may wait for the client; if not, it is cut. */
    private boolean mayWait(int bytes) {
        boolean tooMany = waitingMessages.incrementAndGet() > MOST_WAITING_MESSAGES;
        boolean tooMuch = waitingBytes.addAndGet(bytes) > MOST_WAITING_BYTES;
        if (tooMany || tooMuch) {
            cut();
            return false;
        }
        return true;
    }

    private Callback sent(int bytes) {
        return Callback.from(() -> onSent(bytes), _ -> onSent(bytes));
    }

    private void onSent(int bytes) {
        waitingMessages.decrementAndGet();
        waitingBytes.addAndGet(-bytes);
    }
}
