package io.ringdown.sip.locate.dns;

import io.ringdown.sip.TrunkAddress;
import io.ringdown.sip.locate.Location;
import io.ringdown.sip.locate.Question;
import io.ringdown.sip.locate.Reach;
import io.ringdown.sip.locate.Whereabouts;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks trunks up and keeps what was found fresh, on a thread of its own. All methods are safe for all threads and return at
 * once, but {@link Sought#awaitFirst}.
 */
public final class Locator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Locator.class);

    private final ScheduledThreadPoolExecutor thread;
    private final DnsClient client;

    /** Asks these servers, or the system's where there are none. */
    public Locator(List<InetSocketAddress> servers) {
        thread = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("sip-resolver").daemon().factory());
        thread.setRemoveOnCancelPolicy(true);
        client = new DnsClient(servers, thread);
    }

    /** Begins to look for this address; {@code who} names it in the log. */
    public Sought seek(String who, TrunkAddress wanted, Reach reach) {
        Sought sought = new Sought(who, wanted, reach);
        sought.begin();
        return sought;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** One address that is looked for. */
    public final class Sought {
        private final String who;
        private final String host;
        private final Whereabouts whereabouts; // on the thread only, once it has begun
        private final CountDownLatch first = new CountDownLatch(1);
        private volatile Location location = Location.UNKNOWN;
        private @Nullable ScheduledFuture<?> wakeup;
        private long wakeupAt = Whereabouts.NEVER;
        private boolean troubled;

        private Sought(String who, TrunkAddress wanted, Reach reach) {
            this.who = who;
            this.host = wanted.host();
            this.whereabouts = new Whereabouts(wanted, reach);
        }

        // An address is known at once, before anybody asks.
        private void begin() {
            whereabouts.onTime(System.nanoTime());
            location = whereabouts.location();
            onThread(() -> {});
        }

        private void onThread(Runnable input) {
            try {
                thread.execute(() -> {
                    input.run();
                    drain();
                });
            } catch (RejectedExecutionException e) {
                LOG.trace("{}: closed", who);
            }
        }

        private void drain() {
            for (Question question : whereabouts.takeQuestions()) {
                client.ask(
                        question, answer -> onThread(() -> whereabouts.onAnswer(question, answer, System.nanoTime())));
            }
            location = whereabouts.location();
            if (whereabouts.settled()) {
                tell();
                first.countDown();
            }
            schedule();
        }

        private void schedule() {
            long at = whereabouts.nextWakeup();
            if (at != wakeupAt) {
                wakeupAt = at;
                ScheduledFuture<?> waiting = wakeup;
                if (waiting != null) {
                    waiting.cancel(false);
                }
                wakeup = at == Whereabouts.NEVER
                        ? null
                        : thread.schedule(this::wake, Math.max(0, at - System.nanoTime()), TimeUnit.NANOSECONDS);
            }
        }

        private void wake() {
            wakeupAt = Whereabouts.NEVER;
            wakeup = null;
            whereabouts.onTime(System.nanoTime());
            drain();
        }

        // Once when it begins and once when it ends, whatever happens between.
        private void tell() {
            boolean lost = location.places().isEmpty();
            boolean trouble = lost || whereabouts.trouble().isPresent();
            if (trouble && !troubled) {
                LOG.warn(
                        "trunk {}: {} is not found ({}){}",
                        who,
                        host,
                        whereabouts.trouble().orElse("the DNS has no address of it"),
                        lost ? "" : "; what was last found stays in use");
            } else if (!trouble && troubled) {
                LOG.info("trunk {}: {} is found again", who, host);
            }
            troubled = trouble;
        }

        /** Where it is now; {@link Location#UNKNOWN} where nobody knows. */
        public Location location() {
            return location;
        }

        /** Whether the first look-up is over. */
        public boolean settled() {
            return first.getCount() == 0;
        }

        /** Waits for the first look-up at most so long. Blocks. */
        public void awaitFirst(long millis) throws InterruptedException {
            if (!first.await(millis, TimeUnit.MILLISECONDS)) {
                LOG.debug("trunk {}: {} is not looked up in {} ms", who, host, millis);
            }
        }

        /** What was answered, and how old it is; waits shortly for the thread that knows. */
        public Map<String, Object> debugState() {
            CompletableFuture<Map<String, Object>> state = new CompletableFuture<>();
            try {
                thread.execute(() -> state.complete(whereabouts.debugState(System.nanoTime())));
                return state.get(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Map.of();
            } catch (RejectedExecutionException | ExecutionException | TimeoutException e) {
                return Map.of("error", e.getClass().getSimpleName());
            }
        }
    }
}
