package io.ringdown.media.bridge;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.sdp.TrunkFormat;
import io.ringdown.media.sdp.WebFormat;
import org.jspecify.annotations.Nullable;

/**
 * By which of the codecs that were answered a browser's leg should go in each direction: measures the way there by the browser's
 * reports and the way here by what comes, and asks a {@link CodecChoice}. Owned by one thread; pure.
 */
final class CodecUse {
    private static final int NOT_AT_ALL = 2;

    // A measurement is a sixth of the least time between two changes of codec: 250 packets in 5 s.
    private static final int MEASUREMENTS = 6;

    private final Leg web;
    private final long intervalNanos;
    private @Nullable CodecChoice choice;
    private CodecChoice.Carrier askedFor = CodecChoice.Carrier.OPUS;
    private long nextMeasurementNanos;
    private long measuredReceived;
    private long measuredLost;

    /** Nothing was answered yet; {@code intervalNanos} is the least time between two changes. */
    CodecUse(Leg web, long intervalNanos) {
        this.web = web;
        this.intervalNanos = intervalNanos;
    }

    /** What was in use before, as the answer has it now; its first codec where it has that no more. */
    static WebFormat answered(WebFormat format, @Nullable WebFormat before) {
        if (before != null && before.codec() != format.codec()) {
            for (WebFormat other : format.alternatives()) {
                if (other.codec() == before.codec()) {
                    return other;
                }
            }
        }
        return format;
    }

    /** This was answered; where there is but one codec nothing is measured. */
    void onFormat(WebFormat format, long now) {
        if (format.alternatives().isEmpty()) {
            choice = null;
        } else if (choice == null) {
            choice = new CodecChoice(intervalNanos);
            nextMeasurementNanos = now + intervalNanos / MEASUREMENTS;
        }
    }

    /** Nobody is there any more. */
    void end() {
        choice = null;
    }

    /** The browser has reported on our stream; whether there may be another choice now. */
    boolean onReport(@Nullable WebFormat sent, long now) {
        CodecChoice rules = choice;
        if (rules == null || sent == null) {
            return false;
        }
        long jitterNanos =
                (long) (web.reports.remoteJitterTicks() * 1e9 / sent.codec().clockRate());
        rules.onReport(web.reports.remoteFractionLost() / 256.0, jitterNanos, now);
        return true;
    }

    /** Looks at what of the browser's stream came since the last time; while it is silent nothing is learnt. */
    boolean onTime(@Nullable WebFormat heard, long now) {
        CodecChoice rules = choice;
        if (rules == null || heard == null || now - nextMeasurementNanos < 0) {
            return false;
        }
        nextMeasurementNanos = now + intervalNanos / MEASUREMENTS;
        long received = web.source.reception().received() - measuredReceived;
        long lost = web.source.reception().lost() - measuredLost;
        measuredReceived += received;
        measuredLost += lost;
        if (received <= 0) {
            return false;
        }
        long jitterNanos = (long)
                (web.source.reception().jitterTicks() * 1e9 / heard.codec().clockRate());
        rules.onReception(Math.max(0, lost) / (double) (received + Math.max(0, lost)), jitterNanos, now);
        return true;
    }

    /** What should be sent; null where there is no trunk yet, or nothing of the kind was answered. */
    @Nullable
    WebFormat toBrowser(@Nullable WebFormat format, @Nullable TrunkFormat trunk) {
        CodecChoice rules = choice;
        return rules == null ? null : formatOf(rules.toBrowser(), format, trunk);
    }

    /** What the browser should be asked to send, if it was not asked yet. */
    @Nullable
    WebFormat askedFor(@Nullable WebFormat format, @Nullable TrunkFormat trunk) {
        CodecChoice rules = choice;
        if (rules == null || rules.fromBrowser() == askedFor) {
            return null;
        }
        WebFormat wanted = formatOf(rules.fromBrowser(), format, trunk);
        if (wanted != null) {
            askedFor = rules.fromBrowser();
        }
        return wanted;
    }

    private static @Nullable WebFormat formatOf(
            CodecChoice.Carrier carrier, @Nullable WebFormat format, @Nullable TrunkFormat to) {
        if (format == null || to == null) {
            return null;
        }
        WebFormat best = distance(format, carrier, to) < NOT_AT_ALL ? format : null;
        for (WebFormat other : format.alternatives()) {
            if (distance(other, carrier, to) < (best == null ? NOT_AT_ALL : distance(best, carrier, to))) {
                best = other;
            }
        }
        return best;
    }

    private static int distance(WebFormat format, CodecChoice.Carrier carrier, TrunkFormat trunk) {
        return switch (carrier) {
            case OPUS -> format.codec() == AudioCodec.OPUS ? 0 : NOT_AT_ALL;
            case STRAIGHT -> {
                if (format.codec() == trunk.codec()) {
                    yield 0;
                }
                yield format.codec().isG711() && trunk.codec().isG711() ? 1 : NOT_AT_ALL;
            }
        };
    }
}
