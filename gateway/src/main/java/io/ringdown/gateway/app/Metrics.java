package io.ringdown.gateway.app;

import io.ringdown.gateway.call.Calls;
import io.ringdown.gateway.call.EndCause;
import io.ringdown.gateway.signaling.Sessions;

/** The counters in Prometheus' text format, version 0.0.4. */
final class Metrics {
    private Metrics() {}

    static String text(Calls calls, Sessions sessions) {
        StringBuilder text = new StringBuilder(2048);
        one(text, "ringdown_calls", "gauge", "Calls now.", calls.count());
        one(text, "ringdown_sessions", "gauge", "Browsers that are signed in.", sessions.count());
        one(text, "ringdown_calls_begun_total", "counter", "Calls since the start.", calls.begun());
        head(text, "ringdown_calls_ended_total", "counter", "Calls that are over, by cause.");
        for (EndCause cause : EndCause.values()) {
            text.append("ringdown_calls_ended_total{cause=\"")
                    .append(cause.code())
                    .append("\",blame=\"")
                    .append(cause.blame().code())
                    .append("\"} ")
                    .append(calls.ended(cause))
                    .append('\n');
        }
        return text.toString();
    }

    private static void one(StringBuilder text, String name, String kind, String help, long value) {
        head(text, name, kind, help);
        text.append(name).append(' ').append(value).append('\n');
    }

    private static void head(StringBuilder text, String name, String kind, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(kind).append('\n');
    }
}
