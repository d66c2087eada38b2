package io.ringdown.media.transport;

import java.util.LinkedHashMap;
import java.util.Map;

/** One counter for each constant of an enum. One thread counts; others may look and see a moment ago. */
@SuppressWarnings("EnumOrdinal") // an array by ordinal counts without boxing
final class Counts<E extends Enum<E>> {
    private final E[] kinds;
    private final long[] counts;

    Counts(Class<E> type) {
        kinds = type.getEnumConstants();
        counts = new long[kinds.length];
    }

    void add(E kind) {
        counts[kind.ordinal()]++;
    }

    long of(E kind) {
        return counts[kind.ordinal()];
    }

    /** Those that are not zero. */
    Map<String, Object> debugState() {
        Map<String, Object> state = new LinkedHashMap<>();
        for (E kind : kinds) {
            if (counts[kind.ordinal()] != 0) {
                state.put(kind.name(), counts[kind.ordinal()]);
            }
        }
        return state;
    }
}
