package io.ringdown.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Takes webhooks, and half of the time does not: it says 500, nothing, closes the connection, or takes its time. From a seed. Each is
 * taken at the sixth time: the sender waits twice as long each time, and among some hundreds one would be refused ten times in a row.
 */
final class MoodyReceiver implements AutoCloseable {
    private static final int TIMES_REFUSED = 5;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<Taken> taken = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> moods = new TreeMap<>();
    private final Random random;
    private final Map<String, Integer> tries = new HashMap<>();

    /** What was taken, in this order. */
    record Taken(String delivery, String signature, String body, JsonNode event) {}

    MoodyReceiver(long seed) {
        this.random = new Random(seed);
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 1_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    List<Taken> taken() {
        return taken;
    }

    /** How often it was in each mood. */
    Map<String, Integer> moods() {
        synchronized (moods) {
            return new TreeMap<>(moods);
        }
    }

    private String mood(String delivery) {
        synchronized (moods) {
            String mood = random.nextBoolean() || tries.merge(delivery, 1, Integer::sum) > TIMES_REFUSED
                    ? "good"
                    : List.of("500", "silent", "reset", "slow").get(random.nextInt(4));
            moods.merge(mood, 1, Integer::sum);
            return mood;
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            switch (mood(exchange.getRequestHeaders().getFirst("Ringdown-Delivery"))) {
                case "500" -> exchange.sendResponseHeaders(500, -1);
                case "silent" -> waitFor(10_000);
                case "reset" -> {} // closed without an answer
                case "slow" -> {
                    waitFor(300);
                    take(exchange, body);
                }
                default -> take(exchange, body);
            }
        }
    }

    private void waitFor(long millis) {
        try {
            closing.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Taken before it is said so: the sender may think otherwise. */
    private void take(HttpExchange exchange, String body) throws IOException {
        taken.add(new Taken(
                exchange.getRequestHeaders().getFirst("Ringdown-Delivery"),
                exchange.getRequestHeaders().getFirst("Ringdown-Signature"),
                body,
                JsonSocket.parse(body)));
        exchange.sendResponseHeaders(204, -1);
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
