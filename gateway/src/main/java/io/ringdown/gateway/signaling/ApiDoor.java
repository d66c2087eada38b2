package io.ringdown.gateway.signaling;

import io.ringdown.gateway.api.Api;
import io.ringdown.gateway.api.ApiKey;
import io.ringdown.gateway.api.ApiReply;
import io.ringdown.gateway.api.ApiRequest;
import io.ringdown.gateway.tokens.Presented;
import io.ringdown.gateway.tokens.TokenVerifier;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** The API's requests, translated; who shows no key comes no further. */
final class ApiDoor {
    private static final int LONGEST_BODY = 16 * 1024;

    private final Api api;
    private final TokenVerifier verifier;
    private final ClientAddresses addresses;
    private final Connections connections;

    ApiDoor(Api api, TokenVerifier verifier, ClientAddresses addresses, Connections connections) {
        this.api = api;
        this.verifier = verifier;
        this.addresses = addresses;
        this.connections = connections;
    }

    void handle(Request request, Response response, Callback callback, String rest) throws IOException {
        Optional<String> body = HttpCalls.hasBody(request) ? body(request) : Optional.of("");
        connections.onBody(request);
        if (rest.equals(Api.DESCRIPTION) && request.getMethod().equals("GET")) {
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
            Reply.bytes(response, callback, HttpStatus.OK_200, "application/json", api.openApi());
            return;
        }
        InetAddress from = addresses.of(request);
        Presented shown = new Presented(Bearer.of(request), Optional.empty(), from);
        Optional<Map.Entry<String, ApiKey>> who = who(shown);
        if (who.isEmpty()) {
            Reply.unauthorized(response, callback, verifier.heldOff(from));
        } else if (body.isEmpty()) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
            Reply.problem(
                    response,
                    callback,
                    HttpStatus.PAYLOAD_TOO_LARGE_413,
                    "too-large",
                    "The body is larger than " + LONGEST_BODY + " bytes.");
        } else {
            answer(response, callback, api.handle(read(request, rest, body.get(), who.get(), from)));
        }
    }

    /** Every key is compared, whole, whatever is shown; one that fits none is a bad try like that of any token. */
    private Optional<Map.Entry<String, ApiKey>> who(Presented shown) {
        List<Map.Entry<String, ApiKey>> all = List.copyOf(api.keys().entrySet());
        List<Map.Entry<String, ApiKey>> fitting = all.stream()
                .filter(each ->
                        shown.token().filter(each.getValue().key()::matches).isPresent())
                .toList();
        Map.Entry<String, ApiKey> judged = fitting.isEmpty() ? all.getFirst() : fitting.getFirst();
        return verifier.isMonitorKey(judged.getValue().key(), shown) ? Optional.of(judged) : Optional.empty();
    }

    private static ApiRequest read(
            Request request, String rest, String body, Map.Entry<String, ApiKey> who, InetAddress from) {
        Map<String, String> query = new LinkedHashMap<>();
        Fields fields = Request.extractQueryParameters(request);
        fields.forEach(field -> query.put(field.getName(), field.getValue()));
        return new ApiRequest(
                request.getMethod(),
                Arrays.stream(rest.split("/", -1)).toList(),
                query,
                Optional.ofNullable(request.getHeaders().get("Idempotency-Key")),
                body,
                who.getKey(),
                who.getValue().may(),
                from);
    }

    private static void answer(Response response, Callback callback, ApiReply reply) {
        reply.headers().forEach((name, value) -> response.getHeaders().put(name, value));
        if (reply.problem().isPresent()) {
            ApiReply.Problem problem = reply.problem().get();
            Map<String, Object> more = new LinkedHashMap<>();
            if (reply.body() instanceof Map<?, ?> fields) {
                fields.forEach((name, value) -> more.put(String.valueOf(name), value));
            }
            Reply.problem(response, callback, reply.status(), problem.code(), problem.detail(), more);
        } else {
            Reply.json(response, callback, reply.status(), reply.body());
        }
    }

    /** The body, if it is not too long. */
    private static Optional<String> body(Request request) throws IOException {
        try (InputStream input = Content.Source.asInputStream(request)) {
            byte[] bytes = input.readNBytes(LONGEST_BODY + 1);
            return bytes.length > LONGEST_BODY
                    ? Optional.empty()
                    : Optional.of(new String(bytes, StandardCharsets.UTF_8));
        }
    }
}
