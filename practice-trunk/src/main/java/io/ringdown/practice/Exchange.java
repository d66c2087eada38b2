package io.ringdown.practice;

import io.ringdown.media.sdp.TrunkNegotiation;
import io.ringdown.sip.HangupReason;
import io.ringdown.sip.InboundInvite;
import io.ringdown.sip.OutboundInvite;
import io.ringdown.sip.Rejection;
import io.ringdown.sip.TrunkCall;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All calls of the network, on one thread, "exchange": their scripts, their media, and what SIP tells of them. Methods that
 * say so may be called from any thread; they only hand over.
 */
final class Exchange implements AutoCloseable {
    /** The name under which the gateway is configured in module sip. */
    static final String GATEWAY = "gateway";

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final long MAX_AGE_NANOS = 3_600_000_000_000L;
    private static final HangupReason BUSY_HERE = new HangupReason(34, "No circuit available");

    private final PracticeSettings settings;
    private final Prompts prompts = Prompts.load();
    private final MediaPorts ports;
    private final SecureRandom random = new SecureRandom();
    private final BiFunction<OutboundInvite, TrunkListener, TrunkCall> trunk;
    private final Selector selector;
    private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
    private final List<PracticeCall> calls = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(2_048);
    private final Thread thread;
    private volatile boolean closing;

    /** An exchange that calls out by {@code trunk}. */
    Exchange(PracticeSettings settings, BiFunction<OutboundInvite, TrunkListener, TrunkCall> trunk) throws IOException {
        this.settings = settings;
        this.trunk = trunk;
        this.ports = new MediaPorts(settings.address(), settings.rtpPorts());
        this.selector = Selector.open();
        this.thread = Thread.ofPlatform().name("exchange").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** A call to us. Any thread. */
    TrunkListener onInvite(InboundInvite invite, TrunkCall dialog) {
        Mailbox mailbox = new Mailbox();
        post(() -> take(invite, dialog, mailbox));
        return mailbox;
    }

    /** Ends all calls and the thread. Any thread; waits 2 s at most. */
    @Override
    public void close() {
        closing = true;
        selector.wakeup();
        try {
            thread.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void post(Runnable task) {
        inbox.add(task);
        selector.wakeup();
    }

    private void run() {
        while (!closing) {
            try {
                turn();
            } catch (IOException | RuntimeException e) {
                LOG.error("a turn of the exchange failed", e);
            }
        }
        calls.forEach(PracticeCall::hangUp);
        calls.forEach(call -> close(call.ports()));
        try {
            selector.close();
        } catch (IOException e) {
            LOG.warn("the selector does not close: {}", e.getMessage());
        }
    }

    private void turn() throws IOException {
        long waitNanos = nextWakeup() - System.nanoTime();
        if (waitNanos > 0) {
            // Rounded up: a packet some tenths of a millisecond late is better than a turn for nothing.
            selector.select(Math.min(1_000, waitNanos / 1_000_000 + 1));
        } else {
            selector.selectNow();
        }
        for (Runnable task; (task = inbox.poll()) != null; ) {
            task.run();
        }
        long now = System.nanoTime();
        for (SelectionKey key : selector.selectedKeys()) {
            PracticeCall call = (PracticeCall) key.attachment();
            guarded(call, () -> call.receive(buffer, now));
        }
        selector.selectedKeys().clear();
        for (PracticeCall call : List.copyOf(calls)) {
            guarded(call, () -> call.onTime(now));
            if (call.ageNanos(now) > MAX_AGE_NANOS) {
                call.hangUp();
            }
            if (call.isDone()) {
                remove(call);
            }
        }
    }

    /** What goes wrong in one call ends that call and no other. */
    private void guarded(PracticeCall call, Work work) {
        try {
            work.run();
        } catch (IOException | RuntimeException e) {
            LOG.error("a call ends by our own mistake", e);
            call.hangUp();
            remove(call);
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private long nextWakeup() {
        long earliest = System.nanoTime() + 1_000_000_000L;
        for (PracticeCall call : calls) {
            long wakeup = call.nextWakeup();
            if (wakeup != Script.NEVER && wakeup - earliest < 0) {
                earliest = wakeup;
            }
        }
        return earliest;
    }

    private void take(InboundInvite invite, TrunkCall dialog, Mailbox mailbox) {
        Optional<PracticeNumber> number = PracticeNumber.of(invite.calledNumber());
        LOG.info("call to {}: {}", number.map(PracticeNumber::dialled).orElse("another number"), dialog.callId());
        Script script = number.map(called -> called.script(invite.callerNumber(), invite.place()))
                .orElseGet(PracticeNumber::unassigned);
        Optional<MediaPorts.Pair> pair = free();
        if (pair.isEmpty()) {
            dialog.reject(new Rejection(503, BUSY_HERE));
            return;
        }
        TrunkNegotiation negotiation = negotiation(pair.get());
        PracticeCall call = add(
                new PracticeCall.Parts(
                        dialog,
                        script,
                        invite.sdp(),
                        pair.get(),
                        negotiation,
                        identity(),
                        prompts,
                        () -> invite.callerNumber().ifPresent(this::ring)),
                mailbox);
        guarded(call, () -> call.begin(System.nanoTime()));
    }

    /** Calls {@code number} through the gateway. */
    private void ring(String number) {
        Optional<MediaPorts.Pair> pair = free();
        if (pair.isEmpty()) {
            return;
        }
        Mailbox mailbox = new Mailbox();
        TrunkNegotiation negotiation = negotiation(pair.get());
        try {
            OutboundInvite invite = new OutboundInvite(
                    GATEWAY,
                    number,
                    Optional.of(PracticeNumber.RING_ME.dialled()),
                    Optional.of("Practice network"),
                    negotiation.offer());
            TrunkCall dialog = trunk.apply(invite, mailbox);
            LOG.info("ringing back: {}", dialog.callId());
            Script script = PracticeNumber.ringBack();
            add(
                    new PracticeCall.Parts(
                            dialog, script, Optional.empty(), pair.get(), negotiation, identity(), prompts, () -> {}),
                    mailbox);
        } catch (IllegalArgumentException e) {
            LOG.warn("the caller's number cannot be called");
            close(pair.get());
        }
    }

    private PracticeCall add(PracticeCall.Parts parts, Mailbox mailbox) {
        PracticeCall call = new PracticeCall(parts, System.nanoTime());
        calls.add(call);
        mailbox.call = call;
        guarded(call, () -> {
            parts.ports().rtp().register(selector, SelectionKey.OP_READ, call);
            parts.ports().rtcp().register(selector, SelectionKey.OP_READ, call);
        });
        return call;
    }

    private TrunkNegotiation negotiation(MediaPorts.Pair pair) {
        return PracticeCall.negotiation(settings.address(), pair.rtpPort(), random.nextLong(1, Long.MAX_VALUE));
    }

    private Line.Identity identity() {
        return new Line.Identity(random.nextInt(), random.nextInt(), random.nextInt());
    }

    private Optional<MediaPorts.Pair> free() {
        if (calls.size() >= settings.maxCalls()) {
            return Optional.empty();
        }
        try {
            return ports.open();
        } catch (IOException e) {
            LOG.warn("no socket for a call: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private void remove(PracticeCall call) {
        calls.remove(call);
        close(call.ports());
    }

    private static void close(MediaPorts.Pair pair) {
        try {
            pair.close();
        } catch (IOException e) {
            LOG.warn("a socket does not close: {}", e.getMessage());
        }
    }

    /** What SIP tells of one call, handed over to the exchange's thread. */
    private final class Mailbox implements TrunkListener {
        /** Thread "exchange" only; absent for a call that was refused. */
        private @Nullable PracticeCall call;

        @Override
        public void onEvent(TrunkEvent event) {
            post(() -> {
                PracticeCall told = call;
                if (told != null) {
                    guarded(told, () -> told.onEvent(event, System.nanoTime()));
                }
            });
        }
    }
}
