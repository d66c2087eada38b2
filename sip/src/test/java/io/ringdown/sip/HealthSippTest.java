package io.ringdown.sip;

import static io.ringdown.evidence.Row.HEALTH;
import static io.ringdown.evidence.Row.ROUTING;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Carriers that die and come back, on the real stack. */
@Shows(HEALTH)
final class HealthSippTest {
    private static final HealthSettings PINGED =
            new HealthSettings(Duration.ofSeconds(1), 3, Duration.ofSeconds(2), Duration.ofSeconds(30));

    private static TrunkSettings at(int port) {
        return TrunkSettings.at(new TrunkAddress("127.0.0.1", port, SipTransport.UDP));
    }

    private static Sipp carrier(int port) {
        return Sipp.uasOn(port, "uas-pinged", "-m", "100000", "-timeout", "120s");
    }

    @Test
    void pingsFindOutThatACarrierIsGoneAndThatItIsBack() {
        int port = Sipp.freePort();
        TrunkSettings trunk = at(port).withSilentAfter(Duration.ofSeconds(1)).withHealth(PINGED);
        try (Gateway gateway = Gateway.towards(trunk)) {
            try (Sipp sipp = carrier(port)) {
                LocatedTrunkSippTest.await(() -> sipp.count("SIP/2.0 404") >= 3);
                assertThat(gateway.health("peer").targets()).containsValue("up");
            }
            LocatedTrunkSippTest.await(() -> gateway.health("peer").targets().containsValue("down"));
            assertThat(gateway.health("peer").reachable()).isFalse();
            try (Sipp sipp = carrier(port)) {
                LocatedTrunkSippTest.await(() -> gateway.health("peer").reachable());
                assertThat(sipp.count("INVITE sip")).isZero();
            }
        }
    }

    /** One call as a gateway places it: at the first trunk, and where that fails at the second. */
    private static final class Placed {
        private final long begun = System.nanoTime();
        private final CompletableFuture<Long> setUp = new CompletableFuture<>();
        private final AtomicInteger trunks = new AtomicInteger();
        private final boolean firstWasDown;

        private Placed(Gateway gateway) {
            firstWasDown = !gateway.health("first").reachable();
            place(gateway, "first");
        }

        private void place(Gateway gateway, String trunk) {
            trunks.incrementAndGet();
            CompletableFuture<TrunkCall> call = new CompletableFuture<>();
            call.complete(gateway.call(trunk, event -> {
                switch (event) {
                    case TrunkEvent.Answered _ -> {
                        setUp.complete(System.nanoTime() - begun);
                        var _ = call.thenAccept(answered -> answered.hangUp(HangupReason.NORMAL));
                    }
                    case TrunkEvent.Failed _ -> {
                        if (trunk.equals("first")) {
                            place(gateway, "second");
                        } else {
                            setUp.completeExceptionally(new AssertionError("failed on both trunks: " + event));
                        }
                    }
                    default -> {}
                }
            }));
        }

        private long millis() {
            try {
                return TimeUnit.NANOSECONDS.toMillis(setUp.get(60, TimeUnit.SECONDS));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    @Shows({HEALTH, ROUTING})
    void theFirstTrunkKilledAtFiftyCallsASecondDelaysOnlyTheAttemptsUnderWay() {
        int first = Sipp.freePort();
        Map<String, TrunkSettings> trunks = new LinkedHashMap<>();
        try (Sipp second = Sipp.uas("uas-anything", "-m", "100000", "-timeout", "120s")) {
            trunks.put("first", at(first).withHealth(PINGED));
            trunks.put("second", at(second.port()));
            List<Placed> calls = new ArrayList<>();
            try (Gateway gateway = Gateway.with(Gateway.settings(), trunks)) {
                try (Sipp living = carrier(first)) {
                    LocatedTrunkSippTest.await(() -> living.count("SIP/2.0 404") >= 1);
                    placeFor(5, gateway, calls);
                    assertThat(living.count("INVITE sip")).isPositive();
                }
                long killed = System.nanoTime();
                int before = calls.size();
                placeFor(10, gateway, calls);
                List<Placed> after = calls.subList(before, calls.size());
                List<Placed> delayed =
                        after.stream().filter(call -> !call.firstWasDown).toList();
                List<Placed> passing =
                        after.stream().filter(call -> call.firstWasDown).toList();
                long slowest = after.stream().mapToLong(Placed::millis).max().orElseThrow();
                long slowestPassing =
                        passing.stream().mapToLong(Placed::millis).max().orElseThrow();
                long noticed = TimeUnit.NANOSECONDS.toMillis(passing.getFirst().begun - killed);
                System.getLogger("figures")
                        .log(
                                System.Logger.Level.INFO,
                                "noticed after " + noticed + " ms; " + delayed.size() + " of " + after.size()
                                        + " calls delayed, slowest " + slowest + " ms; of the others " + slowestPassing
                                        + " ms");
                // What was begun before it was noticed waits for its 4 s; what comes after does not wait at all.
                assertThat(slowest).isLessThan(4_500);
                assertThat(passing).hasSizeGreaterThan(100).allMatch(call -> call.trunks.get() == 2);
                assertThat(delayed).hasSizeLessThan(300);
                try (Sipp back = carrier(first)) {
                    LocatedTrunkSippTest.await(() -> gateway.health("first").reachable());
                    placeFor(2, gateway, calls);
                    calls.subList(before, calls.size()).forEach(Placed::millis); // each was answered
                    assertThat(back.count("INVITE sip")).isPositive();
                }
            }
        }
    }

    private static void placeFor(int seconds, Gateway gateway, List<Placed> calls) {
        long begun = System.nanoTime();
        for (int i = 0; i < 50 * seconds; i++) {
            long due = begun + i * TimeUnit.MILLISECONDS.toNanos(20);
            LockSupport.parkNanos(Math.max(0, due - System.nanoTime()));
            calls.add(new Placed(gateway));
        }
    }
}
