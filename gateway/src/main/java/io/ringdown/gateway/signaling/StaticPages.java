package io.ringdown.gateway.signaling;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
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

    private final Map<String, Page> pages = new ConcurrentHashMap<>();
    private final Origins origins;

    private static final class Page {
        private final String type;
        private final String etag;
        private final byte[] bytes;

        Page(String type, String etag, byte[] bytes) {
            this.type = type;
            this.etag = etag;
            this.bytes = bytes;
        }
    }

    StaticPages(Origins origins) {
        this.origins = origins;
    }

    void handle(Request request, Response response, Callback callback, String path) throws IOException {
        Optional<Page> page = page(path.endsWith("/") ? path + "index.html" : path);
        if (page.isEmpty()) {
            Reply.problem(response, callback, HttpStatus.NOT_FOUND_404, "not-found", "There is nothing here.");
        } else {
            send(request, response, callback, page.get(), path);
        }
    }

    private void send(Request request, Response response, Callback callback, Page page, String path) {
        response.getHeaders().put(HttpHeader.ETAG, page.etag);
        // Always asked for again, answered by 304 if nothing changed: a new version is never mixed with an old one.
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
        if (path.startsWith("/sdk/")) {
            letListedPagesLoad(request, response);
        }
        if (page.etag.equals(request.getHeaders().get(HttpHeader.IF_NONE_MATCH))) {
            Reply.empty(response, callback, HttpStatus.NOT_MODIFIED_304);
        } else {
            Reply.bytes(response, callback, HttpStatus.OK_200, page.type, page.bytes);
        }
    }

    /** Modules are fetched by CORS, so that a listed page may load the SDK from here. */
    private void letListedPagesLoad(Request request, Response response) {
        Origins.of(request).filter(origins::allows).ifPresent(origin -> {
            Cors.allow(response, origin);
            response.getHeaders().put("Cross-Origin-Resource-Policy", "cross-origin");
        });
    }

    private Optional<Page> page(String path) throws IOException {
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
            byte[] bytes = input.readAllBytes();
            Page page = new Page(type.get(), etag(bytes), bytes);
            pages.put(path, page);
            return Optional.of(page);
        }
    }

    private static Optional<String> type(String path) {
        return Optional.ofNullable(TYPES.get(path.substring(path.lastIndexOf('.') + 1)));
    }

    private static String etag(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return '"' + HexFormat.of().formatHex(digest, 0, 12) + '"';
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
