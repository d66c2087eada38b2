package io.ringdown.media.bridge;

import io.ringdown.media.sdp.WebFormat;

/**
 * Decides from the peer's reports how what we send is protected. What is lost counts at once, what is no longer lost slowly:
 * protection that comes too late protects nothing. Pure; owned by one thread.
 *
 * <p>Where the peer understands RED, the whole frame before goes along from 3 % on, until less than 1 % is lost for some
 * seconds; in-band FEC joins it from 10 % on, when two in a row get lost often. Where it does not, FEC is all there is.
 */
final class LossProtection {
    private static final double RED_FROM_PERCENT = 3;
    private static final double RED_UNTIL_PERCENT = 1;
    private static final double BOTH_FROM_PERCENT = 10;
    private static final long CALM_NANOS = 5_000_000_000L;

    private int offeredRed = Protection.NO_RED;
    private int mostBitrate = WebFormat.ANY_BITRATE;
    private double percent;
    private boolean isRed;
    private long calmSinceNanos;
    private Protection protection = Protection.NONE;

    /** What the peer understands, and the most bits that it wants. */
    void onFormat(int redPayloadType, int newMostBitrate) {
        offeredRed = redPayloadType;
        mostBitrate = newMostBitrate;
        decide();
    }

    /** Takes a report of the peer's; {@code fractionLost} in 1/256. Whether the protection is another one now. */
    boolean onReport(int fractionLost, long now) {
        double reported = fractionLost * 100 / 256.0;
        percent = Math.max(reported, (percent + reported) / 2);
        if (percent >= RED_UNTIL_PERCENT) {
            calmSinceNanos = now;
        }
        isRed = percent >= RED_FROM_PERCENT || (isRed && now - calmSinceNanos < CALM_NANOS);
        Protection before = protection;
        decide();
        return !protection.equals(before);
    }

    Protection protection() {
        return protection;
    }

    private void decide() {
        boolean sendsRed = isRed && offeredRed != Protection.NO_RED;
        int expected = sendsRed && percent < BOTH_FROM_PERCENT ? 0 : (int) Math.round(percent);
        int red = sendsRed ? offeredRed : Protection.NO_RED;
        protection = new Protection(expected, red, sendsRed ? mostBitrate / 2 : mostBitrate);
    }
}
