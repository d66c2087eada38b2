package io.ringdown.gateway.api;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What was answered to requests with an idempotency key: who asks again with it is answered the same, and nothing happens twice. Kept for
 * a day, of the latest so many. Thread-safe.
 */
final class Starts {
    private static final int MOST = 10_000;
    private static final int LONGEST_KEY = 128;
    private static final long KEPT = Duration.ofHours(24).toNanos();

    private final LongSupplier clock;
    private final LinkedHashMap<Key, Start> byKey = new LinkedHashMap<>();

    private record Key(String system, String key) {}

    private record Start(String body, long at, CompletableFuture<ApiReply> reply) {}

    Starts(LongSupplier clock) {
        this.clock = clock;
    }

    /** The answer to the first request of this key; {@code work} gives it, and may be asked again only after it has failed. */
    ApiReply once(String system, String key, String body, Supplier<ApiReply> work) {
        Key named = new Key(system, key);
        Start mine = new Start(body, clock.getAsLong(), new CompletableFuture<>());
        Optional<Start> before = enter(named, mine);
        if (before.isPresent()) {
            return before.get().body().equals(body)
                    ? before.get().reply().join().withHeader("Idempotency-Replayed", "true")
                    : ApiReply.problem(
                            422,
                            "idempotency-key",
                            "This Idempotency-Key was used with another body; a new request needs a new key.");
        }
        ApiReply reply;
        try {
            reply = work.get();
        } catch (RuntimeException bug) {
            forget(named);
            mine.reply().completeExceptionally(bug);
            throw bug;
        }
        if (reply.status() >= 400) {
            // Nothing has begun: who asks again may have better luck.
            forget(named);
        }
        mine.reply().complete(reply);
        return reply;
    }

    /** A key that is not kept would begin twice what was to begin once: it is refused. */
    static void check(String key) throws ApiProblemException {
        if (key.isEmpty() || key.length() > LONGEST_KEY) {
            throw Body.bad("The header Idempotency-Key has " + key.length() + " characters; write 1 to " + LONGEST_KEY
                    + ", or leave it out.");
        }
    }

    /** The request that was there before; empty if this is the first. */
    private Optional<Start> enter(Key key, Start mine) {
        synchronized (byKey) {
            Iterator<Start> all = byKey.values().iterator();
            while (all.hasNext()) {
                Start oldest = all.next();
                if (byKey.size() < MOST && mine.at() - oldest.at() < KEPT) {
                    break;
                }
                all.remove();
            }
            return Optional.ofNullable(byKey.putIfAbsent(key, mine));
        }
    }

    private void forget(Key key) {
        synchronized (byKey) {
            byKey.remove(key);
        }
    }
}
