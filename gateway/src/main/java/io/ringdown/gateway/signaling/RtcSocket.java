package io.ringdown.gateway.signaling;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The edge between a WebSocket and its {@link BrowserSession}. Jetty calls it on one thread at a time; {@link Wire}'s methods
 * may be called on any. Public because Jetty looks its methods up from outside of this package.
 */
public final class RtcSocket implements Session.Listener.AutoDemanding, Wire {
    private static final Logger LOG = LoggerFactory.getLogger(RtcSocket.class);
    // A client that does not read: what waits for it is bounded, then it is cut.
    private static final int MOST_WAITING_MESSAGES = 256;
    private static final int MOST_WAITING_BYTES = 256 * 1024;

    private final Function<Wire, BrowserSession> opener;
    private final Runnable onClosed;
    private final Pacemaker pacemaker;
    private final AtomicInteger waitingMessages = new AtomicInteger();
    private final AtomicInteger waitingBytes = new AtomicInteger();
    private volatile @Nullable Session socket;
    private volatile @Nullable BrowserSession session;
    private volatile @Nullable Pace pace;

    /** Wakes a socket for its pings and for the end of its time to say hello. */
    @FunctionalInterface
    interface Pacemaker {
        /** Begins for this session. */
        Pace pace(BrowserSession session, Wire wire);
    }

    /** What was begun for one socket. */
    interface Pace {
        /** A frame has come. */
        void heard();

        /** The socket is gone. */
        void stop();
    }

    RtcSocket(Function<Wire, BrowserSession> opener, Pacemaker pacemaker, Runnable onClosed) {
        this.opener = opener;
        this.pacemaker = pacemaker;
        this.onClosed = onClosed;
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        socket = opened;
        BrowserSession begun = opener.apply(this);
        session = begun;
        pace = pacemaker.pace(begun, this);
    }

    @Override
    public void onWebSocketPong(ByteBuffer payload) {
        heard();
    }

    @Override
    public void onWebSocketPing(ByteBuffer payload) {
        heard();
        Session open = socket;
        if (open != null && open.isOpen() && mayWait(payload.remaining())) {
            open.sendPong(payload, sent(payload.remaining())); // RFC 6455 §5.5.3: with the ping's own payload
        }
    }

    @Override
    public void onWebSocketText(String message) {
        heard();
        BrowserSession current = session;
        if (current != null) {
            current.onText(message);
        }
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
        callback.succeed();
        close(StatusCode.BAD_DATA, "text only");
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
        BrowserSession current = session;
        if (current != null) {
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

    private void heard() {
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
