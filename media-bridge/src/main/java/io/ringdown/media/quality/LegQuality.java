package io.ringdown.media.quality;

import io.ringdown.media.MediaStats;
import io.ringdown.media.codec.AudioCodec;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * One leg of a call at one moment.
 *
 * @param counts its packets so far
 * @param codec what comes in; empty before it is agreed
 * @param level how loud that is
 * @param skewPpm how much faster than ours the peer's clock runs, parts per million; empty while unknown
 * @param openMillis since when packets can come in; empty before
 * @param silentMillis since when none has, or since it is open if none ever has; empty before
 * @param peerReports how many RTCP reports the peer has sent that say how it receives
 * @param deafReports how many of the latest of those in a row say that nothing of ours has come since the one before
 */
public record LegQuality(
        MediaStats.Leg counts,
        Optional<AudioCodec> codec,
        Level level,
        OptionalDouble skewPpm,
        OptionalLong openMillis,
        OptionalLong silentMillis,
        long peerReports,
        long deafReports) {
    /** Nothing has been measured. */
    public static final LegQuality NONE = new LegQuality(
            MediaStats.NONE.web(),
            Optional.empty(),
            Level.NONE,
            OptionalDouble.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            0,
            0);

    /** The part of what should have come that had to be made up or left out, in percent: loss after every repair. */
    public double missingPercent() {
        return missingPercent(0, 0);
    }

    /** The same since an earlier moment. */
    public double missingPercentSince(LegQuality before) {
        return missingPercent(before.missing(), before.counts.received() + before.counts.lost());
    }

    private double missingPercent(long missingBefore, long expectedBefore) {
        long expected = counts.received() + counts.lost() - expectedBefore;
        long missing = missing() - missingBefore;
        return expected <= 0 ? 0 : Math.clamp(100.0 * missing / expected, 0, 100);
    }

    private long missing() {
        MediaStats.Repairs repairs = counts.repairs();
        return Math.max(0, counts.lost() + counts.late() - repairs.red() - repairs.fec());
    }
}
