package io.ringdown.sip.dialog;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A token bucket per source address: so many messages a second, twice that in a burst. Safe for all threads; remembers at
 * most 4096 sources, those heard last.
 */
public final class SourceRate {
    private static final int MAX_SOURCES = 4096;

    private final int perSecond;
    private final Map<InetAddress, TokenBucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, TokenBucket> eldest) {
            return size() > MAX_SOURCES;
        }
    };

    public SourceRate(int perSecond) {
        this.perSecond = perSecond;
    }

    /** Whether one more message of this source may pass. */
    public synchronized boolean pass(InetAddress source, long now) {
        return buckets.computeIfAbsent(source, _ -> new TokenBucket(perSecond, now))
                .pass(now);
    }
}
