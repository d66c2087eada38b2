package io.ringdown.media.transport;

import java.util.concurrent.atomic.AtomicLong;

/** The worst value of the last second or two. One thread tells, any thread may look. {@code now} in nanoseconds. */
final class RecentWorst {
    private static final long WINDOW_NANOS = 1_000_000_000L;

    private final AtomicLong worst = new AtomicLong();
    private long windowStartNanos;
    private long ofWindow;
    private long ofWindowBefore;

    void onValue(long value, long now) {
        long passed = now - windowStartNanos;
        if (passed >= WINDOW_NANOS) {
            ofWindowBefore = passed >= 2 * WINDOW_NANOS ? 0 : ofWindow;
            ofWindow = 0;
            windowStartNanos = now;
        }
        ofWindow = Math.max(ofWindow, value);
        worst.setOpaque(Math.max(ofWindow, ofWindowBefore));
    }

    long value() {
        return worst.getOpaque();
    }
}
