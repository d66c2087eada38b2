package io.ringdown.gateway.signaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A WebSocket client that is not ours: that of the JDK. */
final class Client implements WebSocket.Listener, AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private volatile boolean isDeaf;
    private final StringBuilder partial = new StringBuilder();
    private final HttpClient http = HttpClient.newHttpClient();
    private final WebSocket socket;

    Client(int port, String subprotocols, Map<String, String> headers) {
        this(port, "/v1/rtc", subprotocols, headers);
    }

    /** One at another path than that of our own protocol. */
    Client(int port, String path, String subprotocols, Map<String, String> headers) {
        WebSocket.Builder builder = http.newWebSocketBuilder().connectTimeout(Duration.ofSeconds(10));
        headers.forEach(builder::header);
        if (!subprotocols.isEmpty()) {
            String[] each = subprotocols.split(" ", -1);
            builder.subprotocols(each[0], Arrays.copyOfRange(each, 1, each.length));
        }
        socket = builder.buildAsync(URI.create("ws://127.0.0.1:" + port + path), this)
                .join();
    }

    Client send(String text) {
        socket.sendText(text, true).join();
        return this;
    }

    /** Sends a message written with single quotes. */
    Client say(String message) {
        return send(message.replace('\'', '"'));
    }

    /** Sends a piece of a binary message. */
    Client sendBinary(byte[] piece, boolean isLast) {
        socket.sendBinary(ByteBuffer.wrap(piece), isLast).join();
        return this;
    }

    /** The next message, whatever it is. */
    String text() throws InterruptedException {
        return String.valueOf(received.poll(10, TimeUnit.SECONDS));
    }

    JsonNode next() throws InterruptedException, IOException {
        String text = received.poll(10, TimeUnit.SECONDS);
        if (text == null) {
            throw new AssertionError("no message within 10 s" + (closed.isDone() ? ", closed " + closed.join() : ""));
        }
        return JSON.readTree(text);
    }

    /** The next message, which must be of this type; how digits travel is passed over unless it is asked for. */
    JsonNode next(String type) throws InterruptedException, IOException {
        JsonNode message = next();
        while (message.path("type").asText().equals("dtmf-road") && !type.equals("dtmf-road")) {
            message = next();
        }
        if (!message.path("type").asText().equals(type)) {
            throw new AssertionError("expected " + type + ", got " + message);
        }
        return message;
    }

    /** From the next message on nothing is read, so that no ping is answered either. */
    void goDeaf() {
        isDeaf = true;
    }

    /** Closes the socket with this status. */
    void leave(int status) {
        socket.sendClose(status, "").join();
    }

    boolean isClosed() {
        return closed.isDone();
    }

    /** Sends, unless the socket has been closed meanwhile. */
    void trySay(String message) {
        try {
            say(message);
        } catch (CompletionException gone) {
            closed.complete(-1);
        }
    }

    /** What has come and was not looked at. */
    List<JsonNode> rest() throws IOException {
        List<JsonNode> rest = new ArrayList<>();
        for (String text : received) {
            rest.add(JSON.readTree(text));
        }
        return rest;
    }

    int closed() {
        return closed.orTimeout(20, TimeUnit.SECONDS).join();
    }

    String subprotocol() {
        return socket.getSubprotocol();
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            received.add(partial.toString());
            partial.setLength(0);
        }
        if (!isDeaf) {
            from.request(1);
        }
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
        closed.complete(status);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closed.complete(-1);
    }

    @Override
    public void close() {
        socket.abort();
        http.shutdownNow();
    }
}
