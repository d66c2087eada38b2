package io.ringdown.gateway.call;

import io.ringdown.media.MediaStats;
import io.ringdown.media.quality.Diagnosis;
import io.ringdown.media.quality.Durations;
import io.ringdown.media.quality.LegQuality;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A {@link QualityReport} in the shape that it is written in, the same in the browser protocol, over HTTP and for operators:
 * docs/protocol.md, "Quality". What is not known is null. No address, no number.
 *
 * @param verdict who does not hear whom, and why
 * @param browser what comes from the browser
 * @param telephone what comes from the trunk
 * @param toTelephone how long the gateway has kept what went to the trunk, in milliseconds
 * @param toBrowser the same towards the browser
 */
public record QualityView(Verdict verdict, Leg browser, Leg telephone, Stay toTelephone, Stay toBrowser) {

    /** {@link Diagnosis.About}. */
    public record Verdict(String code, String text, boolean fault, String side, String deaf) {
        private static Verdict of(Diagnosis diagnosis) {
            Diagnosis.About about = diagnosis.about();
            return new Verdict(about.code(), about.text(), about.isFault(), lower(about.side()), lower(about.deaf()));
        }
    }

    /**
     * One leg; {@code lossPercent} and {@code mos} are of the time since the report before, everything else of the whole call
     * or of now.
     */
    public record Leg(
            @Nullable String codec,
            long packets,
            long lost,
            long late,
            Repaired repaired,
            double lossPercent,
            double jitterMillis,
            @Nullable Double roundTripMillis,
            @Nullable Double levelDbov,
            @Nullable Double speechDbm0,
            @Nullable Double skewPpm,
            @Nullable Double mos) {
        private static Leg of(LegQuality leg, double lossPercent, OptionalDouble mos) {
            MediaStats.Leg counts = leg.counts();
            return new Leg(
                    leg.codec().map(codec -> codec.rtpmapName()).orElse(null),
                    counts.received(),
                    counts.lost(),
                    counts.late(),
                    new Repaired(
                            counts.repairs().red(),
                            counts.repairs().fec(),
                            counts.repairs().concealed()),
                    rounded(lossPercent),
                    rounded(counts.jitterMillis()),
                    counts.roundTripMillis() < 0 ? null : (Double) rounded(counts.roundTripMillis()),
                    rounded(leg.level().recentDbov()),
                    rounded(leg.level().speechDbm0()),
                    rounded(leg.skewPpm()),
                    rounded(mos));
        }
    }

    /** {@link MediaStats.Repairs}. */
    public record Repaired(long red, long fec, long concealed) {}

    /** {@link Durations}, in milliseconds. */
    public record Stay(double p50, double p95, double p99, double max) {
        private static Stay of(Durations stay) {
            return new Stay(
                    fine(stay.p50Millis()), fine(stay.p95Millis()), fine(stay.p99Millis()), fine(stay.maxMillis()));
        }
    }

    /** What is written of a report. */
    public static QualityView of(QualityReport report) {
        LegQuality web = report.now().web();
        LegQuality trunk = report.now().trunk();
        return new QualityView(
                Verdict.of(report.verdict()),
                Leg.of(
                        web,
                        web.missingPercentSince(report.since().web()),
                        report.now().webMosSince(report.since())),
                Leg.of(
                        trunk,
                        trunk.missingPercentSince(report.since().trunk()),
                        report.now().trunkMosSince(report.since())),
                Stay.of(report.now().toTrunk()),
                Stay.of(report.now().toWeb()));
    }

    private static @Nullable Double rounded(OptionalDouble value) {
        return value.isPresent() ? (Double) rounded(value.getAsDouble()) : null;
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }

    private static double fine(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
