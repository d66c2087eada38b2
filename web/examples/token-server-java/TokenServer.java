import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A website's back end that lets its visitors call: it serves the site's pages, and gives each visitor tokens for the site's own
 * numbers. The JDK (21 or newer) and nothing else. It shows what such a back end must do; take it over into yours.
 *
 * <pre>
 * openssl genpkey -algorithm ed25519 -out token.key && openssl pkey -in token.key -pubout -out token.key.pub
 * NUMBERS=+4930123456 KEY=token.key java TokenServer.java        # the gateway gets token.key.pub: tokens.keys
 * </pre>
 *
 * <p>NUMBERS: which may be called, with commas. KEY: an Ed25519 key, or SECRET: at least 32 characters, shared with the gateway
 * (HS256). PORT (3000), PAGES: the folder of the pages (../plain), SDK: the folder of its files (../../dist), ORIGIN: where the site
 * is seen (http://localhost:PORT). PROXY=1: behind a proxy, whose last entry of X-Forwarded-For is the visitor's address.
 */
public final class TokenServer {
    private static final int TOKEN_SECONDS = 60; // a call is asked for at once; how long it lasts is another matter
    private static final int LONGEST_CALL_SECONDS = 1800;
    private static final int TOKENS_PER_MINUTE = 10; // for each address, and for each visitor
    private static final int MOST_COUNTED = 10_000;
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8", "js", "text/javascript; charset=utf-8", "css", "text/css; charset=utf-8");
    private static final Pattern COOKIE = Pattern.compile("(?:^|; )visitor=([\\w-]{36})\\.([\\w-]{43})(?:;|$)");
    private static final Pattern BODY = Pattern.compile("\\s*\\{\\s*(?:\"to\"\\s*:\\s*\"(\\+[0-9]{1,15})\"\\s*)?\\}\\s*");

    private final int port = Integer.parseInt(setting("PORT", "3000"));
    private final String origin = setting("ORIGIN", "http://localhost:" + port);
    private final List<String> numbers = List.of(setting("NUMBERS", "").split(","));
    private final Path pages = Path.of(setting("PAGES", "../plain")).toAbsolutePath().normalize();
    private final Path sdk = Path.of(setting("SDK", "../../dist")).toAbsolutePath().normalize();
    private final String keyFile = setting("KEY", "");
    private final String secret = setting("SECRET", "");
    private final boolean proxied = setting("PROXY", "").equals("1");
    /** What is signed with: the key, or the secret. */
    private final byte[] keyBytes = keyFile.isEmpty() ? secret.getBytes(StandardCharsets.UTF_8) : keyIn(Path.of(keyFile));
    /** How many tokens somebody has had in this minute. */
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();

    private TokenServer() throws IOException {}

    public static void main(String[] arguments) throws IOException {
        new TokenServer().start();
    }

    private void start() throws IOException {
        if (numbers.contains("") || (keyFile.isEmpty() && secret.length() < 32)) {
            System.err.println("Set NUMBERS, and KEY or SECRET (at least 32 characters).");
            System.exit(2);
        }
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        Executors.newSingleThreadScheduledExecutor().scheduleAtFixedRate(counts::clear, 1, 1, TimeUnit.MINUTES);
        server.start();
        System.out.println(origin + " is ready");
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (exchange.getRequestMethod().equals("POST") && path.equals("/ringdown-token")) {
                giveToken(exchange);
            } else if (exchange.getRequestMethod().equals("GET")) {
                givePage(exchange, path);
            } else {
                exchange.sendResponseHeaders(405, -1);
            }
        } catch (GeneralSecurityException wrongKey) {
            System.err.println("The key cannot sign: " + wrongKey);
            exchange.sendResponseHeaders(500, -1);
        }
    }

    private void giveToken(HttpExchange exchange) throws IOException, GeneralSecurityException {
        if (!origin.equals(exchange.getRequestHeaders().getFirst("Origin"))) {
            refuse(exchange, 403, "another site"); // CSRF: browsers always name the origin of a POST
            return;
        }
        String visitor = visitorOf(exchange);
        if (visitor == null) {
            refuse(exchange, 401, "no visitor");
            return;
        }
        if (tooOften(addressOf(exchange)) || tooOften(visitor)) { // in this order: cookies are free, and would fill what is counted
            refuse(exchange, 429, "too often");
            return;
        }
        Matcher body = BODY.matcher(new String(exchange.getRequestBody().readNBytes(1000), StandardCharsets.UTF_8));
        if (!body.matches() || (body.group(1) != null && !numbers.contains(body.group(1)))) {
            refuse(exchange, 403, "no such number");
            return;
        }
        List<String> to = body.group(1) == null ? numbers : List.of(body.group(1));
        send(exchange, 200, "application/json", "{\"token\":\"" + tokenFor(visitor, to) + "\"}");
    }

    /** A JWT (RFC 7519) that opens one call, and no other numbers than these. */
    private String tokenFor(String visitor, List<String> to) throws GeneralSecurityException {
        long now = Instant.now().getEpochSecond();
        String claims = """
            {"sub":"%s","iat":%d,"exp":%d,"jti":"%s","ringdown":{"to":{"numbers":[%s]},"longest":%d,"calls":1,"once":true,"origin":["%s"]}}"""
                .formatted(
                        visitor,
                        now,
                        now + TOKEN_SECONDS,
                        UUID.randomUUID(),
                        to.stream().map(number -> '"' + number + '"').collect(Collectors.joining(",")),
                        LONGEST_CALL_SECONDS,
                        origin);
        String header = "{\"alg\":\"" + (keyFile.isEmpty() ? "HS256" : "EdDSA") + "\",\"typ\":\"JWT\"}";
        String signed = encode(header.getBytes(StandardCharsets.UTF_8)) + "." + encode(claims.getBytes(StandardCharsets.UTF_8));
        byte[] text = signed.getBytes(StandardCharsets.US_ASCII);
        return signed + "." + encode(keyFile.isEmpty() ? mac(keyBytes, text) : sign(text));
    }

    private static byte[] keyIn(Path file) throws IOException {
        return Base64.getDecoder().decode(Files.readString(file).replaceAll("-----[A-Z ]+-----|\\s", ""));
    }

    private byte[] sign(byte[] text) throws GeneralSecurityException {
        PrivateKey key = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(keyBytes));
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(key);
        signature.update(text);
        return signature.sign();
    }

    private static byte[] mac(byte[] key, byte[] text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text);
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Who asks; null: nobody known. Here: whoever has loaded a page. A site with accounts takes its own session instead. */
    private String visitorOf(HttpExchange exchange) throws GeneralSecurityException {
        String cookies = exchange.getRequestHeaders().getFirst("Cookie");
        Matcher found = COOKIE.matcher(cookies == null ? "" : cookies);
        if (!found.find()) {
            return null;
        }
        byte[] mark = found.group(2).getBytes(StandardCharsets.US_ASCII);
        return MessageDigest.isEqual(mark, markOf(found.group(1)).getBytes(StandardCharsets.US_ASCII)) ? found.group(1) : null;
    }

    /** Of this server, after a restart too. */
    private String markOf(String visitor) throws GeneralSecurityException {
        return encode(mac(keyBytes, ("cookie " + visitor).getBytes(StandardCharsets.US_ASCII)));
    }

    /** Where they ask from: without PROXY anybody could write that header. Who has an IPv6 address has all of its /64. */
    private String addressOf(HttpExchange exchange) {
        List<String> forwarded = proxied ? exchange.getRequestHeaders().getOrDefault("X-Forwarded-For", List.of()) : List.of();
        String last = forwarded.isEmpty() ? "" : forwarded.getLast();
        String address = last.substring(last.lastIndexOf(',') + 1).strip();
        if (address.isEmpty()) {
            address = exchange.getRemoteAddress().getAddress().getHostAddress();
        }
        try {
            byte[] bytes = address.contains(":") ? InetAddress.getByName(address).getAddress() : new byte[0];
            return bytes.length == 16 ? HexFormat.of().formatHex(bytes, 0, 8) : address;
        } catch (UnknownHostException noAddress) { // nobody is asked for it: no name has a colon
            return address;
        }
    }

    private boolean tooOften(String who) {
        if (counts.size() >= MOST_COUNTED && !counts.containsKey(who)) {
            return true;
        }
        return counts.merge(who, 1, Integer::sum) > TOKENS_PER_MINUTE;
    }

    private void givePage(HttpExchange exchange, String path) throws IOException, GeneralSecurityException {
        Path folder = path.matches("/ringdown[\\w-]*\\.js") ? sdk : pages;
        Path file = folder.resolve(path.equals("/") ? "index.html" : path.substring(1)).normalize();
        String name = file.getFileName().toString();
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null || !file.startsWith(folder) || !Files.isRegularFile(file)) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        if (name.endsWith(".html") && visitorOf(exchange) == null) {
            String visitor = UUID.randomUUID().toString();
            String secure = origin.startsWith("https:") ? "; Secure" : "";
            exchange.getResponseHeaders()
                    .set("Set-Cookie", "visitor=" + visitor + "." + markOf(visitor) + "; HttpOnly; SameSite=Lax; Path=/" + secure);
        }
        send(exchange, 200, type, Files.readString(file));
    }

    private static void refuse(HttpExchange exchange, int status, String why) throws IOException {
        send(exchange, status, "application/json", "{\"error\":\"" + why + "\"}");
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        if (type.equals("application/json")) {
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
        }
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private static String setting(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null ? otherwise : value;
    }
}
