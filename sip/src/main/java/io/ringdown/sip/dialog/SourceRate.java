package io.ringdown.sip.dialog;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A token bucket per source address: so many messages a second, twice that in a burst. Safe for all threads; remembers at
 * most 4096 sources, those heard last.
 */
public final class SourceRate {
    private static final int MAX_SOURCES = 4096;

    private final double perNano;
    private final double burst;
    private final Map<InetAddress, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Bucket> eldest) {
            return size() > MAX_SOURCES;
        }
    };

    private static final class Bucket {
        private double tokens;
        private long at;
    }

    public SourceRate(int perSecond) {
        this.perNano = perSecond / (double) TimeUnit.SECONDS.toNanos(1);
        this.burst = 2.0 * perSecond;
    }

    /** Whether one more message of this source may pass. */
    public synchronized boolean pass(InetAddress source, long now) {
        Bucket bucket = buckets.computeIfAbsent(source, _ -> {
            Bucket made = new Bucket();
            made.tokens = burst;
            made.at = now;
            return made;
        });
        bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.at) * perNano);
        bucket.at = now;
        if (bucket.tokens < 1) {
            return false;
        }
        bucket.tokens--;
        return true;
    }
}
