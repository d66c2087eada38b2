package io.ringdown.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A client of docs/protocol.md that has no media: enough where {@code dial: at-once} lets the INVITE leave. */
final class SocketPhone implements AutoCloseable, WebSocket.Listener {
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<JsonNode> told = new CopyOnWriteArrayList<>();
    private final StringBuilder part = new StringBuilder();
    private final WebSocket socket;

    private SocketPhone(Gateway gateway) {
        socket = http.newWebSocketBuilder()
                .header("Authorization", "Bearer nobody") // it has no page, and so no Origin
                .subprotocols("ringdown.v1")
                .buildAsync(gateway.socketUri(), this)
                .join();
    }

    /** Connects, and signs in for these numbers. */
    static SocketPhone connect(Trial trial, Gateway gateway, String... numbers) {
        return trial.keep(connect(
                gateway,
                "\"numbers\":"
                        + List.of(numbers).stream().map(JsonSocket::quote).toList()));
    }

    /** Connects, with these fields of {@code hello}, as they stand in the message. */
    static SocketPhone connect(Gateway gateway, String hello) {
        SocketPhone phone = new SocketPhone(gateway);
        phone.say("{\"type\":\"hello\"," + hello + "}");
        phone.await("welcome", 1);
        return phone;
    }

    void say(String message) {
        socket.sendText(message, true).join();
    }

    /** Calls. */
    void start(String number) {
        say("{\"type\":\"start\",\"to\":\"" + number + "\",\"sdp\":" + JsonSocket.quote(HttpPhone.OFFER) + "}");
    }

    /** Every message of this type so far. */
    List<JsonNode> told(String type) {
        return told.stream()
                .filter(message -> message.path("type").asText().equals(type))
                .toList();
    }

    /** The same, once there are so many. */
    List<JsonNode> await(String type, int count) {
        Tools.await(count + " times " + type, 20, () -> told(type).size() >= count, told::toString);
        return told(type);
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
