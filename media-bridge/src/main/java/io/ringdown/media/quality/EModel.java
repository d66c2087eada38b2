package io.ringdown.media.quality;

import io.ringdown.media.codec.AudioCodec;

/**
 * The E-model (ITU-T G.107, 06/2015), narrowband, as far as a gateway can know its inputs: an estimate of how people would
 * rate a connection, not a measurement of its sound. Stateless.
 *
 * <p>{@code R = Ro − Is − Id − Ie,eff}. Telephones and rooms are taken as the recommendation's defaults, for which
 * {@code Ro − Is} is 93.2 (§7.1). Of {@code Id} only the pure delay counts, {@code Idd} (§7.4): echo cannot be measured here and
 * is taken as cancelled. {@code Ie,eff} (§7.5) is with {@code BurstR} = 1: losses taken as random. The rating becomes a mean
 * opinion score by Annex B.
 *
 * <p>{@code Ie} and {@code Bpl} are those of G.113 (11/2007), Appendix I: G.711 with concealment (G.711 Appendix I) 0 and
 * 25.1, G.711 without 0 and 4.3. The table has no Opus. It is taken as GSM-EFR there, 5 and 10.0, the best of the
 * table's codecs that model speech: Opus at our 20 to 32 kbit/s is not worse, so the estimate errs to the low side.
 */
public final class EModel {
    private static final double BASIC = 93.2; // G.107 §7.1, all parameters at their defaults
    private static final double LOWEST_DELAY_MILLIS = 100; // G.107 §7.4: below it delay does not matter

    private EModel() {}

    /**
     * How a codec bears loss (G.113 Appendix I).
     *
     * @param ie the impairment of the codec itself
     * @param bpl its robustness to loss
     */
    public record Impairment(double ie, double bpl) {
        /** G.711 whose gaps are concealed by its own pitch. */
        public static final Impairment G711_CONCEALED = new Impairment(0, 25.1);

        /** G.711 whose gaps are silence. */
        public static final Impairment G711_BARE = new Impairment(0, 4.3);

        /** Opus for speech, taken as GSM-EFR: see {@link EModel}. */
        public static final Impairment OPUS = new Impairment(5, 10);

        /** As this gateway receives the codec: G.711 with concealment; G.722, which the narrowband scale has no room for, as that. */
        public static Impairment of(AudioCodec codec) {
            return switch (codec) {
                case OPUS -> OPUS;
                case PCMU, PCMA, G722 -> G711_CONCEALED;
            };
        }
    }

    /**
     * The mean opinion score that people would give, 1 to 4.5.
     *
     * @param lossPercent what is missing after every repair, 0 to 100
     * @param oneWayMillis from mouth to ear
     */
    public static double mos(Impairment impairment, double lossPercent, double oneWayMillis) {
        return score(rating(impairment, lossPercent, oneWayMillis));
    }

    /** The transmission rating factor R, 0 to 93.2. */
    public static double rating(Impairment impairment, double lossPercent, double oneWayMillis) {
        double equipment = impairment.ie + (95 - impairment.ie) * lossPercent / (lossPercent + impairment.bpl); // §7.5
        return Math.max(0, BASIC - delay(oneWayMillis) - equipment);
    }

    /** Idd (§7.4) with the default sensitivity to delay: sT = 1, mT = 100 ms. */
    private static double delay(double oneWayMillis) {
        if (oneWayMillis <= LOWEST_DELAY_MILLIS) {
            return 0;
        }
        double x = Math.log(oneWayMillis / LOWEST_DELAY_MILLIS) / Math.log(2);
        double sixth = 1.0 / 6;
        return 25 * (Math.pow(1 + Math.pow(x, 6), sixth) - 3 * Math.pow(1 + Math.pow(x / 3, 6), sixth) + 2);
    }

    /** Annex B; its curve dips below 1 for ratings that nobody would give. */
    private static double score(double rating) {
        return Math.max(1, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6);
    }
}
