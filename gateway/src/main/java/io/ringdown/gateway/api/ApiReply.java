package io.ringdown.gateway.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is answered.
 *
 * @param status of HTTP
 * @param body as JSON writes it; of a problem its own fields beside those of RFC 9457
 * @param problem what clients may rely on, and what is said; empty where it is none
 * @param headers besides
 */
public record ApiReply(int status, Object body, Optional<Problem> problem, Map<String, String> headers) {

    /** Of one that is refused. */
    public record Problem(String code, String detail) {}

    static ApiReply of(int status, Object body) {
        return new ApiReply(status, body, Optional.empty(), Map.of());
    }

    static ApiReply problem(int status, String code, String detail) {
        return new ApiReply(status, Map.of(), Optional.of(new Problem(code, detail)), Map.of());
    }

    ApiReply with(String field, Object value) {
        Map<String, Object> more = new LinkedHashMap<>();
        if (body instanceof Map<?, ?> before) {
            before.forEach((name, each) -> more.put(String.valueOf(name), each));
        }
        more.put(field, value);
        return new ApiReply(status, more, problem, headers);
    }

    ApiReply withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new ApiReply(status, body, problem, more);
    }
}
