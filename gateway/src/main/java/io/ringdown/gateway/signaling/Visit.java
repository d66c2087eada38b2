package io.ringdown.gateway.signaling;

import io.ringdown.gateway.call.ErrorCode;
import io.ringdown.gateway.tokens.Admission;
import io.ringdown.gateway.tokens.Identity;
import io.ringdown.gateway.tokens.Presented;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One socket from its opening to its end: its {@code hello}, and then what it says to the session that it has. Text comes in on
 * one thread at a time; the session may call on any.
 */
final class Visit implements Conversation {
    static final int MESSAGES_PER_SECOND = 20;
    private static final int CUT_AT_MESSAGES_PER_SECOND = 40;
    private static final Duration GREETING = Duration.ofSeconds(5);
    // RFC 6455 §7.4.1: 1008 is "violates the policy of the endpoint", 1001 "going away", 4000 and above are ours.
    private static final int POLICY = 1008;
    private static final int GOING_AWAY = 1001;
    private static final int TAKEN_OVER = 4001;

    private final Shown shown;
    private final Optional<String> origin;
    private final InetAddress from;
    private final Wire wire;
    private final SessionRooms rooms;
    private final RateGate rate;
    private volatile @Nullable BrowserSession session;
    private volatile @Nullable BrowserSession knockedAt;
    private volatile ClientMessage.@Nullable Hello hello;
    private boolean isEntering;
    private volatile boolean isGone;
    private volatile boolean isOver;
    private Runnable cancelGreeting = () -> {};

    /**
     * What the handshake carried.
     *
     * @param token empty if there was none
     * @param named whom it names, though it may open no session any more
     */
    record Shown(Optional<String> token, Optional<Identity> named) {
        static final Shown NOTHING = new Shown(Optional.empty(), Optional.empty());

        @Override
        public String toString() {
            return "Shown[by " + named + "]";
        }
    }

    /**
     * A socket that has not said anything yet.
     *
     * @param origin the page that it belongs to; empty for who is no browser
     * @param from the client's address
     */
    Visit(Shown shown, Optional<String> origin, InetAddress from, Wire wire, SessionRooms rooms) {
        this.shown = shown;
        this.origin = origin;
        this.from = from;
        this.wire = wire;
        this.rooms = rooms;
        this.rate = new RateGate(rooms.clock().getAsLong());
    }

    InetAddress from() {
        return from;
    }

    /** The socket is open: it has its time to say hello. */
    @Override
    public void onOpen() {
        awaitGreeting();
    }

    private synchronized void awaitGreeting() {
        cancelGreeting.run();
        cancelGreeting = rooms.timers().after(GREETING.toNanos(), this::onGreetingTimeout);
        if (isGone) {
            cancelGreeting.run();
        }
    }

    private void onGreetingTimeout() {
        if (session == null && knockedAt == null && !isOver) {
            wire.close(POLICY, "no hello");
        }
    }

    @Override
    public boolean takesBinary() {
        return false;
    }

    /** One text message, at most as long as the reader takes. */
    @Override
    public void onText(String text) {
        if (isOver) {
            return;
        }
        int count = rate.count(rooms.clock().getAsLong());
        if (count > MESSAGES_PER_SECOND) {
            onTooMany(count);
            return;
        }
        BrowserSession mine = session;
        try {
            Received received = rooms.reader().read(text);
            if (received.message() instanceof ClientMessage.Hello hello) {
                onHello(hello);
            } else if (mine == null) {
                refuse(received.message().ref(), ErrorCode.NOT_GREETED, "The first message must be hello.");
            } else {
                mine.onMessage(this, received);
            }
        } catch (RejectedMessageException rejected) {
            if (mine == null) {
                refuse(rejected.ref(), rejected.code(), rejected.text());
            } else {
                mine.onRejected(this, rejected);
            }
        }
    }

    /** A pong to what {@link #ask} has asked. */
    @Override
    public void onAnswer() {
        BrowserSession mine = session;
        if (mine != null) {
            mine.onAnswer(this);
        }
    }

    /** The client has closed the socket, and said that it is done. */
    @Override
    public void onLeft() {
        BrowserSession mine = session;
        if (mine != null) {
            mine.onLeft(this);
        }
        onGone();
    }

    /** The socket is gone, for whatever reason. Idempotent. */
    @Override
    public void onGone() {
        isGone = true;
        isOver = true;
        synchronized (this) {
            cancelGreeting.run();
        }
        leaveTheDoor();
        BrowserSession mine = session;
        if (mine != null) {
            mine.onLost(this);
        }
    }

    /** Waits for no session any more; false if it has been let in meanwhile. */
    private boolean leaveTheDoor() {
        BrowserSession door = knockedAt;
        return door == null || door.onWithdrawn(this);
    }

    boolean isGone() {
        return isGone;
    }

    private void onTooMany(int count) {
        if (count == MESSAGES_PER_SECOND + 1) {
            String text = "More than " + MESSAGES_PER_SECOND + " messages in a second; what came above it is lost.";
            BrowserSession mine = session;
            if (mine == null) {
                refuse(Optional.empty(), ErrorCode.TOO_FAST, text);
            } else {
                mine.refuse(this, ErrorCode.TOO_FAST, text);
            }
        } else if (count >= CUT_AT_MESSAGES_PER_SECOND) {
            wire.close(POLICY, "too fast");
        }
    }

    // ---- hello

    private void onHello(ClientMessage.Hello said) {
        if (!leaveTheDoor() || session != null || isEntering) {
            refuse(said.ref(), ErrorCode.NOT_GREETED, "The session has had its hello.");
            return;
        }
        knockedAt = null;
        hello = said;
        Optional<BrowserSession> known = said.resume().flatMap(rooms.sessions()::byToken);
        if (known.isPresent() && !mayBe(known.get(), said)) {
            turnAway(said.ref());
        } else if (known.isEmpty() || !known.get().onKnock(this, said)) {
            onNewcomer(said);
        }
    }

    /** The session's token is enough; another one that is shown with it must not name somebody else. */
    private boolean mayBe(BrowserSession known, ClientMessage.Hello said) {
        Optional<Identity> named =
                said.token().isPresent() ? rooms.verifier().recognize(presents(said.token())) : shown.named();
        return named.filter(who -> !who.equals(known.identity())).isEmpty();
    }

    private void onNewcomer(ClientMessage.Hello said) {
        if (rooms.sessions().isDraining()) {
            refuse(said.ref(), ErrorCode.SHUTDOWN, "This gateway is about to stop; try again, or another one.");
            wire.close(GOING_AWAY, "going away");
            return;
        }
        Optional<Admission> who = rooms.verifier().verify(presents(said.token().or(shown::token)));
        if (who.isEmpty()) {
            turnAway(said.ref());
        } else {
            enterAsWhoTheyAre(who.get(), said);
        }
    }

    /** Who is none of the configuration's users may be one of the directory's, which takes its time. */
    private void enterAsWhoTheyAre(Admission who, ClientMessage.Hello said) {
        String subject = who.identity().subject();
        if (rooms.sessions().roster().isConfigured(subject)) {
            BrowserSession.begin(rooms, who, this, said);
        } else {
            isEntering = true;
            CompletableFuture<?> _ = rooms.sessions()
                    .directory()
                    .user(subject)
                    .thenAccept(_ -> BrowserSession.begin(rooms, who, this, said));
        }
    }

    /** A token as it is shown on this socket. */
    Presented presents(Optional<String> token) {
        return new Presented(token, origin, from);
    }

    private void turnAway(Optional<String> ref) {
        refuse(ref, ErrorCode.UNAUTHORIZED, Reply.UNAUTHORIZED);
        wire.close(POLICY, "unauthorized");
    }

    /** A message that is none of a session's: without a number, and kept for nobody. */
    private void refuse(Optional<String> ref, ErrorCode code, String text) {
        say(ServerMessage.Problem.of(ref, Optional.empty(), code, text));
    }

    // ---- what the session has to say

    /** It waits at this session's door for an answer of who has it. */
    void waitAt(BrowserSession door) {
        knockedAt = door;
    }

    /** What it has said to be let in. */
    ClientMessage.Hello hello() {
        return Objects.requireNonNull(hello, "a session serves who has said hello");
    }

    /** From now on this session is its. */
    void enter(BrowserSession entered) {
        session = entered; // before the door, for who looks at both
        knockedAt = null;
    }

    /** The session is on another page, whose answer this is, with so many calls; it may say hello again. */
    void onInUse(int calls) {
        knockedAt = null;
        say(ServerMessage.Problem.inUse(hello().ref(), calls));
        awaitGreeting();
    }

    /** The session has gone to another socket: this one is over. */
    void onTakenOver() {
        isOver = true;
        say(new ServerMessage.TakenOver());
        wire.close(TAKEN_OVER, "taken over");
    }

    /** The gateway is about to stop, and this client has no call to wait for. */
    void dismiss() {
        wire.close(GOING_AWAY, "going away");
    }

    void ask() {
        wire.ask();
    }

    void say(ServerMessage message) {
        send(rooms.writer().write(message));
    }

    void send(String text) {
        wire.send(text);
    }
}
