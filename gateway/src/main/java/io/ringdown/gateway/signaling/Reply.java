package io.ringdown.gateway.signaling;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** How answers are written: whole, with their type. */
final class Reply {
    /** The one text for every token that opens nothing: why is not for who shows it. */
    static final String UNAUTHORIZED = "The token is missing or not valid.";

    private static final MessageWriter JSON = new MessageWriter();

    private Reply() {}

    static void text(Response response, Callback callback, int status, String type, String body) {
        bytes(response, callback, status, type, body.getBytes(StandardCharsets.UTF_8));
    }

    static void json(Response response, Callback callback, int status, Object body) {
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        text(response, callback, status, "application/json", JSON.write(body));
    }

    static void empty(Response response, Callback callback, int status) {
        response.setStatus(status);
        response.write(true, ByteBuffer.allocate(0), callback);
    }

    static void bytes(Response response, Callback callback, int status, String type, byte[] body) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    /**
     * Without the challenge a 401 would not be one (RFC 9110 §15.5.2).
     *
     * @param heldOff how long who asks has to wait because of too many bad tokens, if they have to
     */
    static void unauthorized(Response response, Callback callback, Optional<Duration> heldOff) {
        if (heldOff.isPresent()) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, heldOff.get().toSeconds() + 1);
            problem(
                    response,
                    callback,
                    HttpStatus.TOO_MANY_REQUESTS_429,
                    "unauthorized",
                    "Too many tokens from this address were not valid.");
        } else {
            response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
            problem(response, callback, HttpStatus.UNAUTHORIZED_401, "unauthorized", UNAUTHORIZED);
        }
    }

    /** What may be asked of this path instead (RFC 9110 §15.5.6). */
    static void wrongMethod(Response response, Callback callback, String allowed, String detail) {
        response.getHeaders().put(HttpHeader.ALLOW, allowed);
        // Its body, if it has one, is not read.
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        problem(response, callback, HttpStatus.METHOD_NOT_ALLOWED_405, "method", detail);
    }

    /** What is no HTTP as it should be. */
    static void malformed(Response response, Callback callback, int status) {
        problem(
                response,
                callback,
                status,
                "http",
                "The request could not be handled: " + HttpStatus.getMessage(status));
    }

    /** RFC 9457: {@code code} is the part of {@code type} that clients may rely on. */
    static void problem(Response response, Callback callback, int status, String code, String detail) {
        problem(response, callback, status, code, detail, Map.of());
    }

    static void problem(
            Response response, Callback callback, int status, String code, String detail, Map<String, ?> more) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "urn:ringdown:problem:" + code);
        body.put("title", HttpStatus.getMessage(status));
        body.put("status", status);
        body.put("detail", detail);
        body.put("code", code);
        body.putAll(more);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        text(response, callback, status, "application/problem+json", JSON.write(body));
    }
}
