package io.ringdown.sip.web;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Bounds how often one source may be wrong about a password: so often a minute, counted by what the caller names the source by.
 * Remembers the 4096 that were wrong last. Pure; not safe for threads.
 */
final class Guesses {
    private static final int MAX_SOURCES = 4096;
    private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final int perMinute;
    private final Map<String, Wrong> bySource = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Wrong> eldest) {
            return size() > MAX_SOURCES;
        }
    };

    /** How often since when. */
    private record Wrong(long since, int times) {}

    Guesses(int perMinute) {
        this.perMinute = perMinute;
    }

    /** Whether it may try now. */
    boolean mayTry(String source, long now) {
        Wrong wrong = bySource.get(source);
        return wrong == null || now - wrong.since() >= WINDOW_NANOS || wrong.times() < perMinute;
    }

    /** It was wrong. */
    void wrong(String source, long now) {
        Wrong before = bySource.get(source);
        bySource.put(
                source,
                before == null || now - before.since() >= WINDOW_NANOS
                        ? new Wrong(now, 1)
                        : new Wrong(before.since(), before.times() + 1));
    }
}
