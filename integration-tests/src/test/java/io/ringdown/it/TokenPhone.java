package io.ringdown.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client of docs/protocol.md at an address of its own, as the page of an origin. */
final class TokenPhone implements AutoCloseable, WebSocket.Listener {
    private final HttpClient http;
    private final WebSocket socket;
    private final BlockingQueue<JsonNode> told = new LinkedBlockingQueue<>();
    private final StringBuilder part = new StringBuilder();

    TokenPhone(Gateway gateway, String origin, InetAddress from) {
        http = HttpClient.newBuilder().localAddress(from).build();
        socket = http.newWebSocketBuilder()
                .header("Origin", origin)
                .subprotocols("ringdown.v1")
                .buildAsync(gateway.socketUri(), this)
                .join();
    }

    void say(String message) {
        socket.sendText(message, true).join();
    }

    /** The next message. */
    JsonNode next() {
        try {
            JsonNode message = told.poll(20, TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("nothing came within 20 s");
            }
            return message;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** The next message of one of these types; those before it are dropped. */
    JsonNode next(String... types) {
        JsonNode message = next();
        while (!List.of(types).contains(message.path("type").asText())) {
            message = next();
        }
        return message;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence text, boolean isLast) {
        part.append(text);
        if (isLast) {
            told.add(JsonSocket.parse(part.toString()));
            part.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public void close() {
        socket.abort();
        http.shutdownNow();
    }
}
