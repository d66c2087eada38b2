package io.ringdown.sip.jain;

import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.stack.MessageChannel;
import gov.nist.javax.sip.stack.SIPClientTransaction;
import io.ringdown.sip.dialog.OutRequest;
import io.ringdown.sip.jain.Counters.Counter;
import io.ringdown.sip.locate.Target;
import java.text.ParseException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.sip.ClientTransaction;
import javax.sip.ObjectInUseException;
import javax.sip.SipException;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests of ours outside of any call, OPTIONS and REGISTER: each sent to one address, each told once what became of it, on
 * a virtual thread. Safe for all threads; {@link #send} may block while a connection is made.
 */
final class OutsideRequests {
    private static final Logger LOG = LoggerFactory.getLogger(OutsideRequests.class);

    private final Writing writing;
    private final Counters counters;
    private final Executor executor;
    private final ScheduledExecutorService timer;
    private final Set<Waiting> open = ConcurrentHashMap.newKeySet();

    OutsideRequests(Writing writing, Counters counters, Executor executor, ScheduledExecutorService timer) {
        this.writing = writing;
        this.counters = counters;
        this.executor = executor;
        this.timer = timer;
    }

    /** What became of a request. */
    sealed interface Outcome {

        /**
         * A final response.
         *
         * @param fromTarget whether it came from the address that was asked: only then its challenges may be answered
         */
        record Answered(Response response, boolean fromTarget) implements Outcome {}

        /** Nobody answered in time. */
        record Unanswered() implements Outcome {}

        /** It never left. */
        record NotSent(String why) implements Outcome {}
    }

    /** What a client transaction belongs to. */
    final class Waiting {
        private final Target target;
        private final Consumer<Outcome> told;
        private final AtomicBoolean over = new AtomicBoolean();
        private final ClientTransaction transaction;
        private volatile boolean heard;
        private volatile @Nullable ScheduledFuture<?> patience;

        private Waiting(Target target, ClientTransaction transaction, Consumer<Outcome> told) {
            this.target = target;
            this.transaction = transaction;
            this.told = told;
        }

        void onResponse(Response response) {
            heard = true;
            if (response.getStatusCode() >= 200) {
                boolean fromTarget = target.address().equals(((SIPMessage) response).getRemoteAddress());
                tell(new Outcome.Answered(response, fromTarget));
            }
        }

        void onTimeout() {
            tell(new Outcome.Unanswered());
        }

        private boolean isLostWith(MessageChannel ended) {
            return !heard && transaction instanceof SIPClientTransaction sent && ended.equals(sent.getMessageChannel());
        }

        private void tell(Outcome outcome) {
            if (over.compareAndSet(false, true)) {
                open.remove(this);
                ScheduledFuture<?> waits = patience;
                if (waits != null) {
                    waits.cancel(false);
                }
                OutsideRequests.this.tell(told, outcome);
            }
        }
    }

    private void tell(Consumer<Outcome> told, Outcome outcome) {
        try {
            executor.execute(() -> told.accept(outcome));
        } catch (RejectedExecutionException e) {
            LOG.trace("closed");
        }
    }

    /** Sends this there, and gives up when the trunk has been silent for too long; {@code told} is told once. */
    void send(OutRequest out, Writing.Identity identity, Trunk trunk, Target target, Consumer<Outcome> told) {
        Listening from = trunk.listening(target);
        Duration patience = trunk.settings().silentAfter();
        try {
            Request request = writing.request(out, identity, from, target.transport());
            NextHops.set(request, NextHops.hop(target.address(), target.port(), target.transport()));
            ClientTransaction transaction = trunk.towards(() -> from.provider().getNewClientTransaction(request));
            send(new Waiting(target, transaction, told), patience);
        } catch (SipException | ParseException e) {
            onNotSent(out.method(), target, e);
            tell(told, new Outcome.NotSent(JainCall.cause(e)));
        }
    }

    private void send(Waiting waiting, Duration patience) {
        ClientTransaction transaction = waiting.transaction;
        transaction.setApplicationData(waiting);
        open.add(waiting); // before it is sent: its connection may end at any moment from then on
        try {
            waiting.patience = timer.schedule(() -> giveUp(waiting), patience.toNanos(), TimeUnit.NANOSECONDS);
            transaction.sendRequest();
        } catch (SipException e) {
            onNotSent(transaction.getRequest().getMethod(), waiting.target, e);
            waiting.tell(new Outcome.NotSent(JainCall.cause(e)));
        } catch (RejectedExecutionException e) {
            waiting.tell(new Outcome.NotSent("closed"));
        }
    }

    private void onNotSent(String method, Target target, Exception why) {
        counters.count(Counter.SEND_FAILURES);
        LOG.debug("{} to {} not sent: {}", method, target, why.toString());
    }

    /** A connection has ended: what went by it and has heard nothing yet will not, say where TLS 1.3 has refused us late. */
    void onConnectionEnded(MessageChannel ended) {
        for (Waiting waiting : open) {
            if (waiting.isLostWith(ended)) {
                waiting.tell(new Outcome.NotSent("the connection has ended"));
                terminate(waiting.transaction);
            }
        }
    }

    private static void giveUp(Waiting waiting) {
        if (!waiting.over.get()) {
            waiting.onTimeout();
            terminate(waiting.transaction);
        }
    }

    private static void terminate(ClientTransaction transaction) {
        try {
            transaction.terminate();
        } catch (ObjectInUseException e) {
            LOG.debug("a transaction goes on: {}", e.toString());
        }
    }
}
