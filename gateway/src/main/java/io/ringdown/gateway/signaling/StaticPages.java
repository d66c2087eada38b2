package io.ringdown.gateway.signaling;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The files of {@code web/}, from the class path. Each is read once and kept: they are few. Thread-safe. */
final class StaticPages {
    private static final String ROOT = "web";
    private static final Pattern PATH = Pattern.compile("(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+");
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("mjs", "text/javascript; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("wav", "audio/wav"),
            Map.entry("ogg", "audio/ogg"),
            Map.entry("mp3", "audio/mpeg"));

    // The one file that a page of others' needs, and what it may ask for; where they are built is no concern of theirs.
    private static final Map<String, String> ALIASES = Map.of(
            "/ringdown.js", "/dist/ringdown.js",
            "/ringdown-menus.js", "/dist/ringdown-menus.js",
            "/ringdown-test.js", "/dist/ringdown-test.js");
    // What any page may load: code is no secret. Who may connect is decided at the socket.
    private static final Set<String> CODE = Set.of("dist", "sdk", "element");

    private static final Set<String> PACKED = Set.of(
            "text/html; charset=utf-8",
            "text/javascript; charset=utf-8",
            "text/css; charset=utf-8",
            "application/json",
            "application/manifest+json",
            "image/svg+xml");

    private final Map<String, Page> pages = new ConcurrentHashMap<>();

    /** A file, and the same compressed where that makes it smaller. */
    private static final class Page {
        private final String type;
        private final boolean isCode;
        private final Body plain;
        private final Optional<Body> gzip;

        Page(String type, boolean isCode, byte[] bytes) {
            this.type = type;
            this.isCode = isCode;
            this.plain = new Body(etag(bytes, ""), bytes);
            byte[] smaller = PACKED.contains(type) ? gzip(bytes) : bytes;
            this.gzip = smaller.length < bytes.length
                    ? Optional.of(new Body(etag(bytes, "-gzip"), smaller))
                    : Optional.empty();
        }
    }

    /** One form of a page; each has an entity tag of its own (RFC 9110 §8.8.3.3). */
    private static final class Body {
        private final String etag;
        private final byte[] bytes;

        Body(String etag, byte[] bytes) {
            this.etag = etag;
            this.bytes = bytes;
        }
    }

    void handle(Request request, Response response, Callback callback, String path) throws IOException {
        Optional<Page> page = page(path.endsWith("/") ? path + "index.html" : path);
        if (page.isEmpty()) {
            Reply.problem(response, callback, HttpStatus.NOT_FOUND_404, "not-found", "There is nothing here.");
        } else {
            send(request, response, callback, page.get());
        }
    }

    private static void send(Request request, Response response, Callback callback, Page page) {
        Optional<Body> packed = page.gzip.filter(_ -> takesGzip(request));
        Body body = packed.orElse(page.plain);
        packed.ifPresent(_ -> response.getHeaders().put(HttpHeader.CONTENT_ENCODING, "gzip"));
        page.gzip.ifPresent(_ -> response.getHeaders().put(HttpHeader.VARY, "Accept-Encoding"));
        response.getHeaders().put(HttpHeader.ETAG, body.etag);
        // Always asked for again, answered by 304 if nothing changed: a new version is never mixed with an old one.
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
        if (page.isCode) { // modules are fetched by CORS
            response.getHeaders().put(HttpHeader.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
            response.getHeaders().put("Cross-Origin-Resource-Policy", "cross-origin");
        }
        if (request.getHeaders().getQualityCSV(HttpHeader.IF_NONE_MATCH).contains(body.etag)) {
            Reply.empty(response, callback, HttpStatus.NOT_MODIFIED_304);
        } else {
            Reply.bytes(response, callback, HttpStatus.OK_200, page.type, body.bytes);
        }
    }

    private static boolean takesGzip(Request request) {
        return request.getHeaders().getQualityCSV(HttpHeader.ACCEPT_ENCODING).stream()
                .anyMatch("gzip"::equalsIgnoreCase);
    }

    private Optional<Page> page(String written) throws IOException {
        String path = ALIASES.getOrDefault(written, written);
        Page known = pages.get(path);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<String> type = type(path);
        if (type.isEmpty() || !PATH.matcher(path).matches()) {
            return Optional.empty();
        }
        try (InputStream input = StaticPages.class.getClassLoader().getResourceAsStream(ROOT + path)) {
            if (input == null) {
                return Optional.empty();
            }
            String folder = path.substring(1, Math.max(1, path.indexOf('/', 1)));
            Page page = new Page(type.get(), CODE.contains(folder), input.readAllBytes());
            pages.put(path, page);
            return Optional.of(page);
        }
    }

    private static Optional<String> type(String path) {
        return Optional.ofNullable(TYPES.get(path.substring(path.lastIndexOf('.') + 1)));
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream(bytes.length);
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed) {
            {
                def.setLevel(Deflater.BEST_COMPRESSION);
            }
        }) {
            gzip.write(bytes);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return packed.toByteArray();
    }

    private static String etag(byte[] bytes, String form) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return '"' + HexFormat.of().formatHex(digest, 0, 12) + form + '"';
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
