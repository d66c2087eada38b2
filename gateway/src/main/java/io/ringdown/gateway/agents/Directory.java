package io.ringdown.gateway.agents;

import io.ringdown.gateway.json.BadJsonException;
import io.ringdown.gateway.json.RecordJson;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.User;
import io.ringdown.gateway.tokens.Secret;
import io.ringdown.sip.web.Ha1;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Users whom the configuration does not have, asked for by HTTP. Thread-safe; nothing blocks: what is not known yet comes later, on a
 * thread of its own, within the time limit. A directory that gives no answer makes nobody, and the log says so.
 */
public final class Directory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Directory.class);
    private static final Duration WARN_EVERY = Duration.ofSeconds(10);
    private static final int LONGEST_ANSWER = 64 * 1024;
    private static final int MOST_QUESTIONS = 64;
    private static final int MOST_LISTED = 64;
    private static final int LONGEST_NAME = 256;
    private static final Pattern EXTENSION = Pattern.compile("[0-9]{2,6}");

    private final DirectorySettings settings;
    private final Listener listener;
    private final LongSupplier clock;
    private final Optional<HttpClient> http;
    // Guarded by itself, as the questions under way.
    private final DirectoryCache<Named> cache;
    private final Map<String, CompletableFuture<Reply>> asked = new HashMap<>();

    private boolean hasWarned;
    private long warnedAt;

    /** A user and their name. */
    public record Named(String name, User user) {
        boolean has(PhoneNumber extension) {
            return user.extension().equals(Optional.of(extension));
        }
    }

    /** Is told of each answer, before who asked is. */
    @FunctionalInterface
    public interface Listener {
        /** There is this user; one that is refused by an IllegalArgumentException is nobody, and the log says why. */
        void onFound(Named one);

        /** This extension is nobody's. */
        default void onNobodys(PhoneNumber extension) {}
    }

    /**
     * What came of a question.
     *
     * @param isAnswered whether the directory has said so; else it is what it said last, while that is good
     */
    public record Reply(Optional<Named> found, boolean isAnswered) {
        static Reply answered(Optional<Named> found) {
            return new Reply(found, true);
        }

        /** What is known of a user still is as good as an answer. */
        static Reply unanswered(Optional<Named> before) {
            return new Reply(before, before.isPresent());
        }

        Reply only(Predicate<Named> wanted) {
            return new Reply(found.filter(wanted), isAnswered);
        }
    }

    /** What a directory has in a password's place. */
    private record Hashes(String realm, Optional<String> md5, Optional<String> sha256) {
        Ha1 ha1() {
            return new Ha1(realm, md5.map(io.ringdown.sip.Secret::parse), sha256.map(io.ringdown.sip.Secret::parse));
        }
    }

    /** What a directory answers; what it leaves out is as if the configuration did. */
    private record Answer(
            String user,
            Optional<String> name,
            Optional<String> extension,
            Optional<List<String>> numbers,
            Optional<List<String>> groups,
            Optional<List<String>> supervises,
            Optional<String> sipPassword,
            Optional<Hashes> sipHa1,
            Optional<Boolean> callWaiting) {
        Named named() {
            return new Named(
                    bounded(user),
                    new User(
                            Optional.empty(),
                            bounded(numbers).stream().map(PhoneNumber::parse).toList(),
                            extension.map(PhoneNumber::parse),
                            bounded(groups),
                            name.map(Answer::bounded),
                            sipPassword.map(Secret::parse),
                            sipHa1.map(Hashes::ha1),
                            bounded(supervises),
                            callWaiting.orElse(true)));
        }

        private static List<String> bounded(Optional<List<String>> list) {
            List<String> all = list.orElse(List.of());
            if (all.size() > MOST_LISTED) {
                throw new IllegalArgumentException("a list of more than " + MOST_LISTED);
            }
            all.forEach(Answer::bounded);
            return all;
        }

        private static String bounded(String text) {
            if (text.isEmpty() || text.length() > LONGEST_NAME) {
                throw new IllegalArgumentException("a name of 0 or of more than " + LONGEST_NAME + " characters");
            }
            return text;
        }
    }

    /**
     * The directory of these settings, which may name none: then there is nobody.
     *
     * @param clock nanoseconds, steady
     */
    public Directory(DirectorySettings settings, Listener listener, LongSupplier clock) {
        this.settings = settings;
        this.listener = listener;
        this.clock = clock;
        this.cache = new DirectoryCache<>(settings);
        // Redirects are not followed: what it is shown is for it alone. Names of certificates are checked, as ever.
        this.http = settings.url()
                .map(_ -> HttpClient.newBuilder()
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(settings.timeout())
                        .build());
    }

    /** Who has this name; at once, if that is known. */
    public CompletableFuture<Optional<Named>> user(String name) {
        return asUser(name).thenApply(Reply::found);
    }

    private CompletableFuture<Reply> asUser(String name) {
        return ask("user", name, listener::onFound, () -> {})
                .thenApply(reply -> reply.only(one -> one.name().equals(name)));
    }

    /** Whose extension this is; at once, if that is known. */
    public CompletableFuture<Optional<Named>> extension(PhoneNumber number) {
        return asExtension(number).thenApply(Reply::found);
    }

    private CompletableFuture<Reply> asExtension(PhoneNumber number) {
        return ask("extension", number.digits(), one -> onFound(one, number), () -> listener.onNobodys(number))
                .thenApply(reply -> reply.only(one -> one.has(number)));
    }

    /** Who is found by an extension that they do not have leaves it nobody's. */
    private void onFound(Named one, PhoneNumber number) {
        listener.onFound(one);
        if (!one.has(number)) {
            listener.onNobodys(number);
        }
    }

    /** Who has this name, or else this extension, and whether the directory has said so; at once, if that is known. */
    public CompletableFuture<Reply> sought(String nameOrExtension) {
        return asUser(nameOrExtension)
                .thenCompose(reply -> reply.found().isPresent()
                                || !reply.isAnswered()
                                || !EXTENSION.matcher(nameOrExtension).matches()
                        ? CompletableFuture.completedFuture(reply)
                        : asExtension(new PhoneNumber(nameOrExtension)));
    }

    private CompletableFuture<Reply> ask(String field, String value, Consumer<Named> onFound, Runnable onNobody) {
        if (settings.url().isEmpty() || value.length() > LONGEST_NAME) {
            return CompletableFuture.completedFuture(Reply.answered(Optional.empty()));
        }
        String query = field + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
        CompletableFuture<Reply> question;
        synchronized (cache) {
            Optional<DirectoryCache.Entry<Named>> known = cache.fresh(query, clock.getAsLong());
            if (known.isPresent()) {
                return CompletableFuture.completedFuture(
                        Reply.answered(known.get().answer()));
            }
            CompletableFuture<Reply> underWay = asked.get(query);
            if (underWay != null) {
                return underWay;
            }
            if (asked.size() >= MOST_QUESTIONS) {
                return CompletableFuture.completedFuture(
                        Reply.unanswered(cache.whileFailing(query, clock.getAsLong())));
            }
            question = new CompletableFuture<>();
            asked.put(query, question);
        }
        // One that cannot even be sent is a failure as any other: whoever has asked is waiting, and nobody asks again.
        CompletableFuture<?> _ = CompletableFuture.completedFuture(
                        settings.url().get())
                .thenCompose(url -> send(url, query))
                .orTimeout(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .handle((answer, failure) -> failure == null
                        ? onAnswer(query, answer, onFound, onNobody)
                        : onFailure(query, failure.toString()))
                .whenComplete((found, bug) -> {
                    synchronized (cache) {
                        asked.remove(query);
                    }
                    question.complete(bug == null ? found : Reply.unanswered(Optional.empty()));
                });
        return question;
    }

    private CompletableFuture<HttpResponse<String>> send(URI url, String query) {
        String before = url.getRawQuery() == null ? "?" : "&";
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + before + query))
                .header("Accept", "application/json")
                .timeout(settings.timeout());
        settings.authorization().ifPresent(secret -> request.header("Authorization", secret.reveal()));
        return http.orElseThrow()
                .sendAsync(
                        request.build(),
                        HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofString(), LONGEST_ANSWER));
    }

    private Reply onAnswer(String query, HttpResponse<String> answer, Consumer<Named> onFound, Runnable onNobody) {
        if (answer.statusCode() == 404) {
            onNobody.run();
            return known(query, Optional.empty());
        }
        if (answer.statusCode() != 200) {
            return onFailure(query, "status " + answer.statusCode());
        }
        try {
            Named one = RecordJson.readOthers(Answer.class, answer.body()).named();
            onFound.accept(one);
            return known(query, Optional.of(one));
        } catch (BadJsonException | IllegalArgumentException unfit) {
            return onFailure(query, "its answer is no user: " + unfit.getMessage());
        }
    }

    private Reply known(String query, Optional<Named> found) {
        synchronized (cache) {
            cache.put(query, found, clock.getAsLong());
        }
        return Reply.answered(found);
    }

    private Reply onFailure(String query, String why) {
        Optional<Named> before;
        boolean isNews;
        synchronized (cache) {
            long now = clock.getAsLong();
            isNews = !hasWarned || now - warnedAt > WARN_EVERY.toNanos();
            hasWarned = true;
            warnedAt = isNews ? now : warnedAt;
            before = cache.whileFailing(query, clock.getAsLong());
        }
        if (isNews) {
            LOG.warn(
                    "the directory gives no answer, {}: {}",
                    before.isPresent() ? "the last one is used" : "so nobody is found",
                    why);
        }
        return Reply.unanswered(before);
    }

    /** Ends what is under way. */
    @Override
    public void close() {
        http.ifPresent(HttpClient::shutdownNow);
    }
}
