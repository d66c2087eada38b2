package io.ringdown.it;

<<<<<<< HEAD
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
final class Website implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final String policy;
    private final Map<String, String> pages;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> violations = new CopyOnWriteArrayList<>();
    private volatile Optional<TokenSigner> signer = Optional.empty();

    /** The policy may name the site itself as {@code 'self'}; pages are what their bodies hold, by path. */
    Website(String policy, Map<String, String> pages) {
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
=======
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A website of web/examples: its pages, with a gateway and a number of ours written in, and its back end as its README starts it. */
final class Website implements AutoCloseable {

    private static final Path EXAMPLES = Tools.root().resolve("web/examples");

    private final Process process;
    private final int port;

    private Website(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** What signs tokens. */
    enum BackEnd {
        NODE("token-server-node", List.of(Tools.program("node").toString(), "server.js")),
        JAVA(
                "token-server-java",
                List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(), "TokenServer.java"));

        private final String folder;
        private final List<String> command;

        BackEnd(String folder, List<String> command) {
            this.folder = folder;
            this.command = command;
        }
    }

    /** What the visitor sees. */
    enum Pages {
        PLAIN("plain"),
        REACT("react/public");

        private final String folder;

        Pages(String folder) {
            this.folder = folder;
        }
    }

    static Website start(
            Trial trial, BackEnd backEnd, Pages pages, int port, Map<String, String> settings, Gateway gateway) {
        Path site = trial.file("site");
        Path log = trial.file("website.log");
        try {
            if (pages == Pages.REACT) {
                buildReact(trial);
            }
            copy(EXAMPLES.resolve(pages.folder), site, gateway);
            ProcessBuilder builder = new ProcessBuilder(backEnd.command)
                    .directory(EXAMPLES.resolve(backEnd.folder).toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().putAll(settings);
            builder.environment()
                    .putAll(Map.of(
                            "PORT",
                            Integer.toString(port),
                            "ORIGIN",
                            origin(port),
                            "PAGES",
                            site.toString(),
                            "NUMBERS",
                            Exchange.NUMBER));
            Website website = trial.keep(new Website(builder.start(), port));
            Tools.await(
                    "the website is ready",
                    30,
                    () -> !website.process.isAlive() || BrowserProcess.read(log).contains("ready"),
                    () -> BrowserProcess.read(log));
            return website;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String origin(int port) {
        return "http://127.0.0.1:" + port;
    }

    URI uri(String path) {
        return URI.create(origin(port) + path);
    }

    private static void buildReact(Trial trial) {
        String folder = EXAMPLES.resolve("react").toString();
        if (!Files.isDirectory(EXAMPLES.resolve("react/node_modules"))) {
            Tools.run(trial.file("npm-ci.log"), "npm", "--prefix", folder, "ci", "--no-audit", "--no-fund");
        }
        Tools.run(trial.file("npm-build.log"), "npm", "--prefix", folder, "run", "build");
    }

    /** What a developer changes in the example: the gateway and the number. */
    private static void copy(Path from, Path to, Gateway gateway) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                String text = Files.readString(file)
                        .replace("http://127.0.0.1:8080", gateway.uri("").toString())
                        .replace("+4930123456", Exchange.NUMBER);
                Files.writeString(to.resolve(file.getFileName()), text);
            }
>>>>>>> sdk
        }
    }

    @Override
    public void close() {
<<<<<<< HEAD
        server.stop(0);
        executor.close();
=======
        Tools.end(process);
>>>>>>> sdk
    }
}
