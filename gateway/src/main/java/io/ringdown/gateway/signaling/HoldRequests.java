package io.ringdown.gateway.signaling;

import io.ringdown.gateway.call.CallNews;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The requests to hold or resume one call whose HTTP clients wait for what becomes of them. For any thread. */
final class HoldRequests {
    private final Map<String, CompletableFuture<Optional<CallNews>>> waiting = new ConcurrentHashMap<>();

    /** Asks under a reference of its own, and waits; empty if nothing has become of it in this time. */
    Optional<CallNews> ask(Consumer<Optional<String>> request, Duration atMost) {
        String ref = UUID.randomUUID().toString();
        CompletableFuture<Optional<CallNews>> outcome = new CompletableFuture<>();
        waiting.put(ref, outcome);
        try {
            request.accept(Optional.of(ref));
            return outcome.completeOnTimeout(Optional.empty(), atMost.toNanos(), TimeUnit.NANOSECONDS)
                    .join();
        } finally {
            waiting.remove(ref);
        }
    }

    /** Something has happened to the call; its end is the answer to all. */
    void onNews(CallNews news) {
        switch (news) {
            case CallNews.Held held -> answer(held.ref(), news);
            case CallNews.Resumed resumed -> answer(resumed.ref(), news);
            case CallNews.Refused refused -> answer(refused.ref(), news);
            case CallNews.Over _ -> waiting.values().forEach(outcome -> outcome.complete(Optional.of(news)));
            case CallNews.Answer _,
                    CallNews.Offer _,
                    CallNews.Accepted _,
                    CallNews.Codec _,
                    CallNews.Progress _,
                    CallNews.Established _,
                    CallNews.Incoming _,
                    CallNews.Renew _,
                    CallNews.Pressed _,
                    CallNews.Flashed _,
                    CallNews.SecureInput _,
                    CallNews.Receipt _,
                    CallNews.Road _,
                    CallNews.Heard _,
                    CallNews.Transfer _,
                    CallNews.Conference _,
                    CallNews.Supervising _,
                    CallNews.Supervised _,
                    CallNews.Quality _ -> {}
        }
    }

    private void answer(Optional<String> ref, CallNews news) {
        ref.map(waiting::get).ifPresent(outcome -> outcome.complete(Optional.of(news)));
    }
}
