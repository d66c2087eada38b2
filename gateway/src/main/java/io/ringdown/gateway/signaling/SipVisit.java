package io.ringdown.gateway.signaling;

import io.ringdown.gateway.call.Timers;
import io.ringdown.sip.web.WebSipSocket;
import io.ringdown.sip.web.WebSipWire;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One softphone's socket from its opening to its end. Text comes in on one thread at a time; the phone may be written to on any. */
final class SipVisit implements Conversation, WebSipWire {
    // A phone with several calls says a few messages a second; what is dropped of SIP over a stream is not sent again,
    // so who
    // says too much is cut.
    private static final int CUT_AT_MESSAGES_PER_SECOND = 40;
    // RFC 3261 §17: no transaction lasts longer, so that whoever can say who they are has done so.
    private static final Duration STRANGER = Duration.ofSeconds(32);
    private static final int POLICY = 1008; // RFC 6455 §7.4.1: violates the policy of the endpoint

    private final Wire wire;
    private final Optional<String> origin;
    private final InetAddress from;
    private final Function<WebSipWire, WebSipSocket> phones;
    private final Timers timers;
    private final LongSupplier clock;
    private final RateGate rate;
    private @Nullable WebSipSocket socket;
    private Runnable cancelStranger = () -> {};

    SipVisit(
            Wire wire,
            Optional<String> origin,
            InetAddress from,
            Function<WebSipWire, WebSipSocket> phones,
            Timers timers,
            LongSupplier clock) {
        this.wire = wire;
        this.origin = origin;
        this.from = from;
        this.phones = phones;
        this.timers = timers;
        this.clock = clock;
        this.rate = new RateGate(clock.getAsLong());
    }

    // ---- from the phone

    @Override
    public void onOpen() {
        WebSipSocket open = phones.apply(this);
        socket = open;
        cancelStranger = timers.after(STRANGER.toNanos(), () -> {
            if (!open.isProved()) {
                wire.close(POLICY, "nobody has said who is there");
            }
        });
    }

    @Override
    public void onText(String text) {
        WebSipSocket open = socket;
        if (rate.count(clock.getAsLong()) > CUT_AT_MESSAGES_PER_SECOND) {
            wire.close(POLICY, "too fast");
        } else if (open != null) {
            open.onText(text);
        }
    }

    @Override
    public boolean takesBinary() {
        return true; // RFC 7118 §4.2: "SIP WebSocket Clients and Servers MUST accept both text and binary frames"
    }

    @Override
    public void onAnswer() {
        // Nobody is asked here: a pong is a sign of life as every frame is.
    }

    @Override
    public void onLeft() {
        onGone();
    }

    @Override
    public void onGone() {
        cancelStranger.run();
        WebSipSocket open = socket;
        if (open != null) {
            open.onClosed();
        }
    }

    // ---- to the phone

    @Override
    public void send(String message) {
        wire.send(message);
    }

    @Override
    public void close(int status, String reason) {
        wire.close(status, reason);
    }

    @Override
    public InetAddress from() {
        return from;
    }

    @Override
    public Optional<String> origin() {
        return origin;
    }
}
