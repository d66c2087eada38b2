package io.ringdown.gateway.api;

import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.CallNews;
import io.ringdown.gateway.call.ClientId;
import io.ringdown.gateway.call.Clients;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Asks calls for something in the name of whose they are, and hears what came of it before they do: whose call it is sees what happened
 * as if it had happened by itself, and nothing of a request that was refused. Thread-safe.
 */
public final class Errands implements Clients {
    private final Clients inner;
    private final Supplier<String> newRef;
    private final String mark;
    private final Map<String, CompletableFuture<CallNews>> open = new ConcurrentHashMap<>();

    /**
     * In front of these clients.
     *
     * @param newRef 128 random bits in hexadecimal, so that no client has the reference of an errand
     */
    public Errands(Clients inner, Supplier<String> newRef) {
        this.inner = inner;
        this.newRef = newRef;
        this.mark = newRef.get() + ":";
    }

    /** Asks, and waits so long for the first word; empty if there is none yet. {@code ask} is false if there is no such call. */
    Optional<CallNews> run(Predicate<Optional<String>> ask, Duration wait) throws NoSuchCallException {
        String ref = mark + newRef.get();
        CompletableFuture<CallNews> word = new CompletableFuture<>();
        open.put(ref, word);
        try {
            if (!ask.test(Optional.of(ref))) {
                throw new NoSuchCallException();
            }
            return word.<Optional<CallNews>>thenApply(Optional::of)
                    .completeOnTimeout(Optional.empty(), wait.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        } finally {
            open.remove(ref);
        }
    }

    /** There is none, or none any more. */
    static final class NoSuchCallException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    @Override
    public boolean tell(ClientId client, CallId call, CallNews news) {
        Optional<String> ref = refOf(news).filter(each -> each.startsWith(mark));
        if (ref.isEmpty()) {
            return inner.tell(client, call, news);
        }
        Optional.ofNullable(open.get(ref.get())).ifPresent(word -> word.complete(news));
        return news instanceof CallNews.Refused || inner.tell(client, call, unmarked(news));
    }

    // Only these are told of requests that errands make; a kind that is not here is told as it is.
    private static Optional<String> refOf(CallNews news) {
        return switch (news) {
            case CallNews.Held held -> held.ref();
            case CallNews.Resumed resumed -> resumed.ref();
            case CallNews.Transfer transfer -> transfer.ref();
            case CallNews.Receipt receipt -> receipt.ref();
            case CallNews.Refused refused -> refused.ref();
            case CallNews.Conference conference -> conference.ref();
            default -> Optional.empty();
        };
    }

    private static CallNews unmarked(CallNews news) {
        return switch (news) {
            case CallNews.Held held -> new CallNews.Held(held.by(), Optional.empty());
            case CallNews.Resumed resumed -> new CallNews.Resumed(resumed.by(), Optional.empty());
            case CallNews.Transfer told ->
                new CallNews.Transfer(
                        told.by(),
                        told.stage(),
                        Optional.empty(),
                        told.sip(),
                        told.failure(),
                        told.number(),
                        told.name());
            case CallNews.Receipt told ->
                new CallNews.Receipt(told.press(), Optional.empty(), OptionalInt.empty(), told.receipt());
            case CallNews.Conference told -> new CallNews.Conference(Optional.empty(), told.with(), told.on());
            default -> news;
        };
    }
}
