package io.ringdown.gateway.hooks;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Tells receivers by HTTP. Redirects are not followed, certificates are checked as the JVM does, and of what a receiver says nothing but
 * its status is read. Thread-safe.
 */
final class HookSender implements AutoCloseable {
    private static final int GONE = 410;

    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("hook-", 0).factory());
    private final HttpClient client;
    private final Duration timeout;
    private final String agent;
    private final InstantSource time;

    HookSender(Duration timeout, String agent, InstantSource time) {
        this.timeout = timeout;
        this.agent = agent;
        this.time = time;
        // HTTP/1.1: an offer to upgrade, which the client makes without TLS, is more than some receivers understand.
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout)
                .executor(threads)
                .build();
    }

    /**
     * What became of a try.
     *
     * @param outcome for the queue
     * @param said for the log and the operator: a status, or what failed
     */
    record Answer(HookQueue.Outcome outcome, String said) {}

    /** Tells it once; the answer always comes, and never exceptionally. */
    CompletableFuture<Answer> send(Delivery what, HookTarget to) {
        HttpRequest request = HttpRequest.newBuilder(to.url())
                .timeout(timeout)
                .header("Content-Type", "application/json")
                .header("User-Agent", agent)
                .header("Ringdown-Event", what.event())
                .header("Ringdown-Delivery", what.id())
                .header(
                        "Ringdown-Signature",
                        Signature.of(what.body(), time.instant().getEpochSecond(), to.secret(), to.oldSecret()))
                .POST(HttpRequest.BodyPublishers.ofString(what.body()))
                .build();
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        // What comes behind the head may come for ever, and says nothing that we want to know.
        CompletableFuture<HttpResponse<Void>> whole = client.sendAsync(request, head -> {
            answer.complete(answer(head.statusCode()));
            return HttpResponse.BodySubscribers.discarding();
        });
        CompletableFuture<Void> late = new CompletableFuture<>();
        CompletableFuture<?> _ = late.completeOnTimeout(null, 2 * timeout.toNanos(), TimeUnit.NANOSECONDS)
                .thenRun(() -> whole.cancel(true));
        CompletableFuture<?> _ = whole.whenComplete((_, failed) -> {
            late.cancel(false);
            answer.complete(failed == null ? new Answer(HookQueue.Outcome.FAILED, "no answer") : failure(failed));
        });
        return answer;
    }

    private static Answer answer(int status) {
        String said = "status " + status;
        if (status >= 200 && status < 300) {
            return new Answer(HookQueue.Outcome.TAKEN, said);
        }
        return new Answer(status == GONE ? HookQueue.Outcome.REFUSED : HookQueue.Outcome.FAILED, said);
    }

    private static Answer failure(Throwable failed) {
        Throwable cause = failed.getCause() == null ? failed : failed.getCause();
        return new Answer(HookQueue.Outcome.FAILED, cause.getClass().getSimpleName());
    }

    @Override
    public void close() {
        client.shutdownNow();
        threads.shutdownNow();
    }
}
