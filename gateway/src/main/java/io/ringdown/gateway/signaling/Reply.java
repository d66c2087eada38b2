package io.ringdown.gateway.signaling;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** How answers are written: whole, with their type. */
final class Reply {
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
