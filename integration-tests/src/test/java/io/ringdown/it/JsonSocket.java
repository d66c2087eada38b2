package io.ringdown.it;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A WebSocket on which requests with an {@code id} are answered under the same id, as browsers' debugging protocols do. */
final class JsonSocket implements AutoCloseable, WebSocket.Listener {

    static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    private final AtomicInteger nextId = new AtomicInteger(1);
    private final Consumer<JsonNode> events;
    private final StringBuilder partial = new StringBuilder();

    JsonSocket(URI uri, Consumer<JsonNode> events) {
        this.events = events;
        this.socket = http.newWebSocketBuilder().buildAsync(uri, this).join();
    }

    static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String quote(String text) {
        return JSON.getNodeFactory().textNode(text).toString();
    }

    /** A request, still without its id. */
    static ObjectNode command(String method, String params) {
        ObjectNode request = JSON.createObjectNode();
        request.put("method", method);
        request.set("params", parse(params));
        return request;
    }

    /** Sends a request and waits for its answer, the whole message. */
    JsonNode request(ObjectNode request, int seconds) {
        int id = nextId.getAndIncrement();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        request.put("id", id);
        synchronized (this) {
            socket.sendText(request.toString(), true).join();
        }
        try {
            return answer.get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("the browser did not answer within " + seconds + " s: " + request, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } catch (ExecutionException e) {
            throw new AssertionError("the browser's socket failed", e);
        }
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            JsonNode message = parse(partial.toString());
            partial.setLength(0);
            CompletableFuture<JsonNode> answer =
                    message.has("id") ? waiting.remove(message.get("id").asInt()) : null;
            if (answer != null) {
                answer.complete(message);
            } else {
                events.accept(message);
            }
        }
        webSocket.request(1);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        waiting.values().forEach(answer -> answer.completeExceptionally(error));
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        waiting.values()
                .forEach(answer -> answer.completeExceptionally(new IllegalStateException("closed: " + statusCode)));
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void close() {
        socket.abort();
        http.shutdownNow();
    }
}
