package io.ringdown.media.bridge;

import io.ringdown.media.rtp.RtpPacket;

/**
 * Sends a browser's own sound back to it: each packet as it came, under a header of our stream. What was lost on the way here
 * leaves no hole in our numbers, only in our timestamps, so that the browser's own figures tell of the way back alone, and our
 * reports of the way here. Never more packets or bytes than came, and for a bounded time: whoever could make us send elsewhere
 * would gain nothing. Owned by one thread; pure.
 */
final class Echo {
    // Packets of 20 ms are 50 a second; shorter ones do not all come back.
    private static final int MOST_PER_SECOND = 60;

    // A network that wakes up after half a second.
    private static final int MOST_AT_ONCE = 30;

    private static final int USUAL_MILLIS = 20;
    private static final int LONGEST_PAUSE_SECONDS = 10; // beyond it a jump of timestamps is no passing of time
    private static final double NANOS_PER_SECOND = 1e9;

    private final Leg web;
    private final long longestNanos;
    private boolean hasBegun;
    private long begunNanos;
    private double credit = MOST_AT_ONCE;
    private long creditedNanos;
    private boolean isGoing;
    private int clockRate;
    private int lastSequence;
    private int lastTimestamp;
    private int lastTicks;

    /** For so long from the first packet on. */
    Echo(Leg web, long longestNanos) {
        this.web = web;
        this.longestNanos = longestNanos;
    }

    /** Takes sound of the browser at this clock rate; the buffer is overwritten. */
    void onSound(RtpPacket packet, byte[] buffer, int rate, long now) {
        switch (web.source.onPacket(packet, now)) {
            case SWITCHED -> {
                web.onTimestampJump();
                isGoing = false;
                take(packet, buffer, rate, now);
            }
            case HEARD -> take(packet, buffer, rate, now);
            case FOREIGN, STALE -> web.onIgnored();
        }
    }

    private void take(RtpPacket packet, byte[] buffer, int rate, long now) {
        web.measure(packet.timestamp(), now);
        if (packet.payloadLength() == 0 || !isInTime(now) || !follow(packet, rate) || !isAllowed(now)) {
            web.onIgnored();
        } else {
            web.out.audio(packet.payloadType(), buffer, packet.payloadOffset(), packet.payloadLength(), lastTicks);
        }
        web.onFrame();
        web.reports.onLoss(); // within a second, whether any was lost or not: a test has no time for the usual interval
    }

    private boolean isInTime(long now) {
        if (!hasBegun) {
            hasBegun = true;
            begunNanos = now;
            creditedNanos = now;
        }
        return now - begunNanos < longestNanos;
    }

    private boolean isAllowed(long now) {
        credit = Math.min(MOST_AT_ONCE, credit + (now - creditedNanos) * (MOST_PER_SECOND / NANOS_PER_SECOND));
        creditedNanos = now;
        if (credit < 1) {
            return false;
        }
        credit--;
        return true;
    }

    /** Lets our timestamps pass as the browser's have; false if the packet is older than one that has gone back. */
    private boolean follow(RtpPacket packet, int rate) {
        int step = packet.timestamp() - lastTimestamp;
        boolean isSame = isGoing && rate == clockRate;
        if (isSame && step <= 0) {
            return false;
        }
        boolean isNext = packet.sequence() == ((lastSequence + 1) & 0xFFFF);
        if (!isSame) {
            lastTicks = rate / 1_000 * USUAL_MILLIS;
        } else if (step != lastTicks && step < LONGEST_PAUSE_SECONDS * rate) {
            web.out.skip(step - lastTicks);
            lastTicks = isNext ? step : lastTicks;
        }
        isGoing = true;
        clockRate = rate;
        lastSequence = packet.sequence();
        lastTimestamp = packet.timestamp();
        return true;
    }
}
