import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Takes a gateway's webhooks: checks who sends them, takes each once, and answers before it works on them. No dependency, one file.
 *
 * <pre>SECRET=the-secret-of-hooks.to.NAME java WebhookReceiver.java</pre>
 *
 * <p>PORT: 4000. SECRET may be two, with a comma, while secrets change. A gateway on another machine wants https: put a proxy with a
 * certificate in front.
 */
public final class WebhookReceiver {
    private static final int LARGEST = 256 * 1024;
    // What is sent again is signed anew, so an old signature is somebody else's copy.
    private static final long OLDEST_SECONDS = 300;
    private static final int REMEMBERED = 10_000;

    // What a body begins with. With a JSON library you would read it; but read the body, which is signed: headers are not.
    private static final Pattern BEGINNING =
            Pattern.compile("\\s*\\{\\s*\"id\"\\s*:\\s*\"([^\"\\\\]+)\"\\s*,\\s*\"event\"\\s*:\\s*\"([^\"\\\\]+)\"");

    private final List<String> secrets;

    // An event may come twice: its answer was lost, or the gateway was started anew. A database's unique key does this better.
    private final Set<String> taken = Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    }));

    private WebhookReceiver(List<String> secrets) {
        this.secrets = secrets;
    }

    public static void main(String[] arguments) throws IOException {
        List<String> secrets = Stream.of(System.getenv().getOrDefault("SECRET", "").split(",", -1))
                .filter(secret -> secret.length() >= 32)
                .toList();
        if (secrets.isEmpty()) {
            System.err.println("Set SECRET: at least 32 characters, as in hooks.to.NAME.secret.");
            System.exit(2);
        }
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "4000"));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", new WebhookReceiver(secrets)::answer);
        server.start();
        System.out.println("ready");
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(LARGEST + 1);
            exchange.sendResponseHeaders(take(exchange, body), -1);
        }
    }

    private int take(HttpExchange exchange, byte[] body) {
        if (!exchange.getRequestMethod().equals("POST")) {
            return 405;
        }
        if (body.length > LARGEST) {
            return 413;
        }
        if (!isSigned(header(exchange, "Ringdown-Signature"), body)) {
            return 401;
        }
        String json = new String(body, StandardCharsets.UTF_8);
        Matcher event = BEGINNING.matcher(json);
        if (!event.lookingAt()) {
            return 400;
        }
        if (taken.add(event.group(1))) {
            onEvent(event.group(2), json);
        }
        return 204;
    }

    private static String header(HttpExchange exchange, String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
    }

    /** Whether one of our secrets has signed this body, lately: v1 is the HMAC-SHA256 of the time, a full stop and the body. */
    private boolean isSigned(String header, byte[] body) {
        List<String> parts = List.of(header.split(",", -1));
        String time = parts.stream()
                .filter(part -> part.startsWith("t="))
                .map(part -> part.substring(2))
                .findFirst()
                .orElse("");
        if (!time.matches("[0-9]{1,12}")
                || Math.abs(Instant.now().getEpochSecond() - Long.parseLong(time)) > OLDEST_SECONDS) {
            return false;
        }
        return secrets.stream()
                .map(secret -> hmac(time, body, secret).getBytes(StandardCharsets.UTF_8))
                .anyMatch(ours -> parts.stream()
                        .filter(part -> part.startsWith("v1="))
                        .map(part -> part.substring(3).getBytes(StandardCharsets.UTF_8))
                        .anyMatch(given -> MessageDigest.isEqual(ours, given)));
    }

    private static String hmac(String time, byte[] body, String secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((time + ".").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    /** Here yours begins. What takes long belongs into a queue: the gateway waits five seconds for an answer. */
    private static void onEvent(String event, String json) {
        System.out.println(event + " " + json);
    }
}
