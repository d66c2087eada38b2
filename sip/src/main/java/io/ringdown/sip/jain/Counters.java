package io.ringdown.sip.jain;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What was counted since the start. Safe for all threads. */
final class Counters {
    enum Counter {
        MESSAGES_IN,
        DROPPED_UNKNOWN_SOURCE,
        DROPPED_RATE,
        DROPPED_TOO_LARGE,
        DROPPED_CONTROL_CHARACTER,
        DROPPED_TOO_MANY_HEADERS,
        DROPPED_NOT_SIP,
        KEEP_ALIVES,
        MALFORMED,
        CONNECTIONS_REFUSED,
        CONNECTIONS_BROKEN,
        CONNECTIONS_DEAD,
        TLS_REFUSED,
        CALLS_OUT,
        CALLS_IN,
        REFUSED_OVERLOAD,
        REFUSED_REQUESTS,
        INFO_REQUESTS,
        INFO_REFUSED,
        INFO_FLOOD,
        STRAY_RESPONSES,
        STRAY_REQUESTS,
        SEND_FAILURES,
        NOT_TRACED,
        BUGS
    }

    private final Map<Counter, LongAdder> values = new EnumMap<>(Counter.class);

    Counters() {
        for (Counter counter : Counter.values()) {
            values.put(counter, new LongAdder());
        }
    }

    void count(Counter counter) {
        LongAdder adder = values.get(counter);
        if (adder != null) {
            adder.increment();
        }
    }

    Map<String, Object> debugState() {
        Map<String, Object> state = new LinkedHashMap<>();
        values.forEach((counter, value) ->
                state.put(counter.name().toLowerCase(Locale.ROOT).replace('_', '-'), value.sum()));
        return state;
    }
}
