package io.ringdown.media.quality;

import io.ringdown.media.codec.AudioCodec;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Everything that is measured of one call's media, at one moment.
 *
 * @param web the browser's leg
 * @param trunk the trunk's leg
 * @param webPath the way to the browser
 * @param trunkPath the way to the trunk
 * @param toTrunk how long the gateway kept what goes to the trunk, from arrival to departure, what waits in a socket estimated;
 *     what we made up ourselves is not counted
 * @param toWeb the same towards the browser
 */
public record CallQuality(
        LegQuality web, LegQuality trunk, WebPath webPath, TrunkPath trunkPath, Durations toTrunk, Durations toWeb) {
    /** Nothing has been measured. */
    public static final CallQuality NONE = new CallQuality(
            LegQuality.NONE, LegQuality.NONE, WebPath.NONE, TrunkPath.NONE, Durations.NONE, Durations.NONE);

    // What cannot be seen from here: one packet of 20 ms at the mouth, and the playout buffer at the ear.
    private static final double ENDS_MILLIS = 20 + 40;

    /** What the telephone hears of the browser's leg, estimated by the {@link EModel}; empty before the first packet. */
    public OptionalDouble webMos() {
        return mos(web, web.missingPercent());
    }

    /** The same since an earlier moment. */
    public OptionalDouble webMosSince(CallQuality before) {
        return mos(web, web.missingPercentSince(before.web));
    }

    /** What the browser hears of the trunk's leg, estimated by the {@link EModel}; empty before the first packet. */
    public OptionalDouble trunkMos() {
        return mos(trunk, trunk.missingPercent());
    }

    /** The same since an earlier moment. */
    public OptionalDouble trunkMosSince(CallQuality before) {
        return mos(trunk, trunk.missingPercentSince(before.trunk));
    }

    /** From mouth to ear, as far as it can be known: half the round trip of each leg, the gateway, and usual ends. */
    public double oneWayMillis() {
        return Math.max(0, web.counts().roundTripMillis()) / 2
                + Math.max(0, trunk.counts().roundTripMillis()) / 2
                + Math.max(toTrunk.p50Millis(), toWeb.p50Millis())
                + ENDS_MILLIS;
    }

    private OptionalDouble mos(LegQuality leg, double missingPercent) {
        Optional<AudioCodec> codec = leg.codec();
        if (codec.isEmpty() || leg.counts().received() == 0) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(EModel.mos(EModel.Impairment.of(codec.get()), missingPercent, oneWayMillis()));
    }
}
