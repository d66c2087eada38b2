package io.ringdown.gateway.call;

import io.ringdown.media.quality.CallQuality;
import io.ringdown.media.quality.Diagnosis;
import io.ringdown.media.quality.OneWayAudio;
import io.ringdown.media.quality.Signalled;
import java.time.Duration;
import java.util.Optional;

/**
 * Looks at one call's media every now and then, and says when there is something to tell: a verdict that has changed, or five
 * seconds gone. Pure; one thread looks, any may ask {@link #report}. {@code now} in nanoseconds.
 */
final class QualityWatch {
    private static final long TELL_NANOS = Duration.ofSeconds(5).toNanos();

    private CallQuality told = CallQuality.NONE;
    private String toldCode = "";
    private long toldNanos;
    private volatile CallQuality seen = CallQuality.NONE;
    private volatile CallQuality since = CallQuality.NONE;

    /** Takes a snapshot; answers what is to be told of it, if anything is. */
    Optional<QualityReport> onLook(CallQuality quality, Signalled known, long now) {
        Diagnosis verdict = OneWayAudio.judge(seen, quality, known);
        seen = quality;
        String code = verdict.about().code();
        boolean isDue = !code.equals(toldCode) || now - toldNanos >= TELL_NANOS;
        if (!isDue) {
            return Optional.empty();
        }
        QualityReport report = new QualityReport(told, quality, verdict);
        since = told;
        told = quality;
        toldCode = code;
        toldNanos = now;
        return Optional.of(report);
    }

    /** What a snapshot says, beside those that were looked at. */
    QualityReport report(CallQuality quality, Signalled known) {
        return new QualityReport(since, quality, OneWayAudio.judge(seen, quality, known));
    }

    /** The code of the verdict that was told last; empty before the first. */
    String toldCode() {
        return toldCode;
    }
}
