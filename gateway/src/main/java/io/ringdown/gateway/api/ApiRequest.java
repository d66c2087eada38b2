package io.ringdown.gateway.api;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What another system asks for.
 *
 * @param method of HTTP
 * @param path below {@code /api/v1/}, by its parts
 * @param query its parameters; of those that are there several times the first
 * @param idempotencyKey the header as it came, if it is there
 * @param body as text; empty where there is none
 * @param system the name of its key
 * @param may what it may do
 * @param from its address
 */
public record ApiRequest(
        String method,
        List<String> path,
        Map<String, String> query,
        Optional<String> idempotencyKey,
        String body,
        String system,
        ApiKey.May may,
        InetAddress from) {
    /** Without what it says: there may be digits in it. */
    @Override
    public String toString() {
        return "ApiRequest[" + method + " " + String.join("/", path) + " of " + system + "]";
    }
}
