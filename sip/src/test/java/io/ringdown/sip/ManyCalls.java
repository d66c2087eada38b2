package io.ringdown.sip;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.trace.TraceSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** A gateway for many calls at once, which counts how each of them ended. */
final class ManyCalls implements AutoCloseable {
    /** What is done in a call. */
    interface Conduct {
        void onEvent(TrunkEvent event, TrunkCall call);
    }

    private final ConcurrentLinkedQueue<AtomicInteger> finals = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<TrunkFailure> failures = new ConcurrentLinkedQueue<>();
    private final SipTrunks trunks;

    /**
     * Makes it.
     *
     * @param began what is done with a call that comes in
     * @param conduct what is done in it then
     */
    ManyCalls(TrunkSettings peer, Consumer<TrunkCall> began, Conduct conduct) throws SipStartException {
        SipSettings s = Gateway.settings();
        SipSettings many = s.withPerSource(1_000_000, s.maxConnectionsPerSource())
                .withTrace(new TraceSettings(0, 2, 0, Optional.empty(), 1, Optional.empty()));
        trunks = SipTrunks.start(many, Map.of("peer", peer), (_, call) -> {
            TrunkListener listener = listener(() -> call, conduct);
            began.accept(call);
            return listener;
        });
    }

    private TrunkListener listener(Supplier<TrunkCall> call, Conduct conduct) {
        AtomicInteger ends = new AtomicInteger();
        finals.add(ends);
        return event -> {
            if (event instanceof TrunkEvent.Ended || event instanceof TrunkEvent.Failed) {
                ends.incrementAndGet();
            }
            if (event instanceof TrunkEvent.Failed(TrunkFailure failure)) {
                failures.add(failure);
            }
            conduct.onEvent(event, call.get());
        };
    }

    int port() {
        return trunks.boundAddresses().getFirst().getPort();
    }

    /** Calls out. */
    TrunkCall call(Conduct conduct) {
        CompletableFuture<TrunkCall> made = new CompletableFuture<>();
        made.complete(trunks.invite(
                new OutboundInvite(
                        "peer", "+12025550100", Optional.of("+12025550199"), Optional.empty(), Gateway.OFFER),
                listener(made::join, conduct)));
        return made.join();
    }

    /** Waits until so many calls have had their final event. */
    void awaitEnds(int count) {
        await(
                "calls ended",
                () -> finals.stream().filter(ends -> ends.get() > 0).count(),
                count);
    }

    /** Exactly one final event for each of so many calls, and none under way. */
    void assertEachEndedOnce(int count) {
        assertThat(finals).hasSize(count).allSatisfy(ends -> assertThat(ends).hasValue(1));
        assertThat(number("active-calls")).isZero();
    }

    Collection<TrunkFailure> failures() {
        return failures;
    }

    /** After 64*T1 nothing remembers any call (RFC 3261 17.1.1.2). */
    void awaitNothingRemembered() {
        await("calls remembered", () -> number("remembered-calls"), 0);
        await("transactions", () -> number("transactions"), 0);
    }

    long number(String name) {
        return ((Number) Objects.requireNonNull(trunks.debugState().get(name))).longValue();
    }

    long counter(String name) {
        return Gateway.counter(trunks, name);
    }

    // The end of patience, not a measure.
    private static void await(String what, LongSupplier value, long wanted) {
        long until = System.nanoTime() + Duration.ofMinutes(5).toNanos();
        while (value.getAsLong() != wanted) {
            assertThat(System.nanoTime() - until)
                    .as("%s: %d, not %d", what, value.getAsLong(), wanted)
                    .isNegative();
            LockSupport.parkNanos(50_000_000);
        }
    }

    @Override
    public void close() {
        trunks.close();
    }
}
