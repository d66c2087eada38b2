package io.ringdown.media.quality;

/**
 * What a {@link DurationHistogram} tells: percentiles at most an eighth too long, the longest exactly.
 *
 * @param count how many
 * @param p50Millis half of them are no longer
 * @param p95Millis 95 of 100 are no longer
 * @param p99Millis 99 of 100 are no longer
 * @param maxMillis the longest
 */
public record Durations(long count, double p50Millis, double p95Millis, double p99Millis, double maxMillis) {
    /** Nothing has been counted. */
    public static final Durations NONE = new Durations(0, 0, 0, 0, 0);
}
