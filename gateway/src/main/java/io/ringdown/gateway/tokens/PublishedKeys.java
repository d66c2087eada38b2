package io.ringdown.gateway.tokens;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The keys that an issuer publishes. One thread looks and waits; {@link #want} may come from any. */
final class PublishedKeys implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PublishedKeys.class);
    private static final Duration USUAL_PATIENCE = Duration.ofSeconds(5);
    private static final int LONGEST = 256 * 1024;

    private final JwksSettings settings;
    private final Optional<String> issuer;
    private final LongSupplier clock;
    private final FetchPlan plan;
    private final Duration patience;
    private final HttpClient http;
    private final AtomicBoolean wanted = new AtomicBoolean();
    private List<TokenKey> keys = List.of();

    /**
     * Keys that were not fetched yet.
     *
     * @param issuer of all tokens, if the settings name none for these
     * @param clock nanoseconds, steady
     */
    PublishedKeys(JwksSettings settings, Optional<String> issuer, LongSupplier clock) {
        this(settings, issuer, clock, USUAL_PATIENCE);
    }

    PublishedKeys(JwksSettings settings, Optional<String> issuer, LongSupplier clock, Duration patience) {
        this.patience = patience;
        this.http = HttpClient.newBuilder().connectTimeout(patience).build();
        this.settings = settings;
        this.issuer = settings.issuer().or(() -> issuer);
        this.clock = clock;
        this.plan = new FetchPlan(settings);
    }

    /** A token names a key that is not there. */
    void want() {
        wanted.set(true);
    }

    /** The keys as they are now, fetched if it is time for that; waits for some seconds at most. */
    List<TokenKey> look() {
        if (wanted.getAndSet(false)) {
            plan.onWanted();
        }
        if (plan.begins(clock.getAsLong())) {
            try {
                keys = KeyText.published(fetch(), issuer);
                plan.onCame(clock.getAsLong());
                LOG.info("{} key(s) fetched from {}", keys.size(), settings.url());
            } catch (IOException | UnfitKeyException failed) {
                LOG.warn(
                        "the keys of {} could not be fetched, {}: {}",
                        settings.url(),
                        keys.isEmpty() ? "and there are none" : "the old ones are used",
                        failed.getMessage());
            }
        }
        if (!keys.isEmpty() && !plan.isKept(clock.getAsLong())) {
            LOG.error(
                    "the keys of {} could not be fetched for {}: they are not used any more",
                    settings.url(),
                    settings.keep());
            keys = List.of();
        }
        return keys;
    }

    private String fetch() throws IOException {
        CompletableFuture<HttpResponse<String>> answer = http.sendAsync(
                HttpRequest.newBuilder(settings.url())
                        .header("Accept", "application/jwk-set+json, application/json")
                        .build(),
                HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofString(), LONGEST));
        try {
            // The request's own time-out ends with the headers; this is for all of it.
            HttpResponse<String> came = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (came.statusCode() != 200) {
                throw new IOException("status " + came.statusCode());
            }
            return came.body();
        } catch (TimeoutException silent) {
            answer.cancel(true);
            throw new IOException("no answer within " + patience.toMillis() + " ms", silent);
        } catch (ExecutionException failed) {
            throw new IOException(String.valueOf(failed.getCause()), failed);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            throw new IOException("closing", closing);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
