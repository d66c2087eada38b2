package io.ringdown.gateway.signaling;

import io.ringdown.gateway.api.Api;
import io.ringdown.gateway.tokens.Secret;
import io.ringdown.sip.trace.MessageTrace;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the web server shows of the process.
 *
 * @param debugState everything, as maps, lists, strings and numbers
 * @param metrics in Prometheus' text format
 * @param trace what was said with trunks
 * @param demo what the page of the demo is told; empty outside the demo
 * @param monitorKey who shows it may listen to calls; empty if nobody may
 * @param api what other systems may do with calls; empty for nothing
 */
public record Operations(
        Supplier<Map<String, Object>> debugState,
        Supplier<String> metrics,
        MessageTrace trace,
        Optional<Map<String, Object>> demo,
        Optional<Secret> monitorKey,
        Optional<Api> api) {}
