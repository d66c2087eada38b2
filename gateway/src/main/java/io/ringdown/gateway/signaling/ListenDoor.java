package io.ringdown.gateway.signaling;

import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.CallListener;
import io.ringdown.gateway.call.CallListeners.Outcome;
import io.ringdown.gateway.call.Calls;
import io.ringdown.gateway.tokens.Presented;
import io.ringdown.gateway.tokens.Secret;
import io.ringdown.gateway.tokens.TokenVerifier;
import io.ringdown.media.SoundMonitor;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * {@code GET /v1/calls/{id}/listen}: what both parties of a call say, as a WAV that lasts as long as the call, the browser left
 * and the telephone right. For an operator, who has a key of its own; to everybody else there is nothing here. Thread-safe;
 * requests run on virtual threads, one for as long as it listens.
 */
final class ListenDoor {
    static final String SUFFIX = "/listen";

    // The call's thread answers at once; this only bounds a machine in trouble.
    private static final Duration ANSWER = Duration.ofSeconds(3);
    private static final long PAUSE_NANOS =
            Duration.ofMillis(SoundMonitor.FRAME_MILLIS).toNanos();
    private static final int FRAMES_AT_ONCE = 10;

    private final Calls calls;
    private final Optional<Secret> key;
    private final TokenVerifier verifier;
    private final ClientAddresses addresses;

    ListenDoor(Calls calls, Optional<Secret> key, TokenVerifier verifier, ClientAddresses addresses) {
        this.calls = calls;
        this.key = key;
        this.verifier = verifier;
        this.addresses = addresses;
    }

    /** False, and nothing is done, for who does not show the key: whether there is such a call is not theirs to know. */
    boolean handle(Request request, Response response, Callback callback, String written) throws IOException {
        Presented shown = new Presented(Bearer.of(request), Origins.of(request), addresses.of(request));
        if (key.filter(secret -> verifier.isMonitorKey(secret, shown)).isEmpty()) {
            return false;
        }
        if (!HttpMethod.GET.is(request.getMethod())) {
            Reply.wrongMethod(response, callback, "GET", "This is for listening.");
            return true;
        }
        switch (CallId.of(written).map(this::listen).orElseGet(Outcome.UnknownCall::new)) {
            case Outcome.Heard heard -> stream(response, callback, heard.listener());
            case Outcome.UnknownCall _ ->
                Reply.problem(response, callback, HttpStatus.NOT_FOUND_404, "unknown-call", "There is no such call.");
            case Outcome.NoMedia _ ->
                Reply.problem(
                        response,
                        callback,
                        HttpStatus.CONFLICT_409,
                        "wrong-state",
                        "There is nothing to be heard yet: no trunk has answered.");
            case Outcome.TooMany _ ->
                Reply.problem(
                        response,
                        callback,
                        HttpStatus.TOO_MANY_REQUESTS_429,
                        "too-many-listeners",
                        "As many listen as may.");
        }
        return true;
    }

    private Outcome listen(CallId id) {
        CompletableFuture<Outcome> outcome = calls.listen(id);
        try {
            return outcome.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException trouble) {
            // As if there were nothing to be heard.
        }
        CompletableFuture<Void> _ = outcome.thenAccept(late -> {
            if (late instanceof Outcome.Heard heard) {
                heard.listener().close();
            }
        });
        return new Outcome.NoMedia();
    }

    private static void stream(Response response, Callback callback, CallListener listener) throws IOException {
        response.setStatus(HttpStatus.OK_200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "audio/wav");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        try (listener;
                OutputStream out = Content.Sink.asOutputStream(response)) {
            copy(listener.sound(), out);
        }
        callback.succeeded();
    }

    /** Until the call is over, or the client has gone: then a write fails. */
    private static void copy(SoundMonitor sound, OutputStream out) throws IOException {
        out.write(EndlessWav.header(sound.sampleRate(), SoundMonitor.CHANNELS));
        short[] frame = new short[sound.frameSamples()];
        byte[] bytes = new byte[FRAMES_AT_ONCE * frame.length * Short.BYTES];
        boolean wasOver = false;
        while (!wasOver && !Thread.currentThread().isInterrupted()) {
            wasOver = sound.isOver();
            int length = 0;
            while (length < bytes.length && sound.read(frame)) {
                length += EndlessWav.samples(frame, bytes, length);
            }
            if (length > 0) {
                wasOver = false;
                out.write(bytes, 0, length);
                out.flush();
            } else {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }
}
