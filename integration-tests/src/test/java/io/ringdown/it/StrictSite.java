package io.ringdown.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Somebody's website with a strict Content-Security-Policy: pages of a few lines, a back end that gives tokens to them, and an address
 * where browsers report what the policy has stopped.
 */
final class StrictSite implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final String policy;
    private final Map<String, String> pages;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> violations = new CopyOnWriteArrayList<>();
    private volatile Optional<TokenSigner> signer = Optional.empty();

    /** The policy may name the site itself as {@code 'self'}; pages are what their bodies hold, by path. */
    StrictSite(String policy, Map<String, String> pages) {
        this.policy = policy + "; report-uri /violations";
        this.pages = pages;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::serve);
        server.createContext("/ringdown-token", this::giveToken);
        server.createContext("/violations", this::takeReport);
        server.setExecutor(executor);
        server.start();
    }

    String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    URI uri(String path) {
        return URI.create(origin() + path);
    }

    /** The back end gives tokens for any number from now on, signed so. A real one would not for any. */
    void gives(TokenSigner signer) {
        this.signer = Optional.of(signer);
    }

    /** From now on it refuses everybody. */
    void givesNone() {
        signer = Optional.empty();
    }

    /** The bodies of the requests for a token so far. */
    List<String> asked() {
        return asked;
    }

    /** What browsers have reported. */
    List<String> violations() {
        return violations;
    }

    private void serve(HttpExchange exchange) throws IOException {
        String page = pages.get(exchange.getRequestURI().getPath());
        exchange.getResponseHeaders().set("Content-Security-Policy", policy);
        answer(exchange, page == null ? 404 : 200, "text/html; charset=utf-8", page == null ? "" : page);
    }

    private void giveToken(HttpExchange exchange) throws IOException {
        String body = body(exchange);
        asked.add(body);
        Optional<String> token = signer.filter(_ -> exchange.getRequestMethod().equals("POST"))
                .map(each -> each.token(JsonSocket.parse(body).path("to").asText(), origin()));
        answer(
                exchange,
                token.isPresent() ? 200 : 403,
                "application/json",
                token.map(each -> "{\"token\":" + JsonSocket.quote(each) + "}").orElse("{}"));
    }

    private void takeReport(HttpExchange exchange) throws IOException {
        violations.add(body(exchange));
        answer(exchange, 200, "text/plain", "");
    }

    private static String body(HttpExchange exchange) throws IOException {
        return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        try (exchange) {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        executor.close();
    }
}
