package io.ringdown.gateway.app;

import io.ringdown.dtmf.DtmfSettings;
import io.ringdown.gateway.routing.CallerSettings;
import io.ringdown.gateway.routing.Prefix;
import io.ringdown.gateway.routing.TrunkLimits;
import io.ringdown.gateway.routing.TrunkNumbers;
import io.ringdown.sip.TrunkSettings;
import java.util.List;

/**
 * One trunk.
 *
 * @param sip its SIP side
 * @param media its RTP side
 * @param dtmf how digits travel
 * @param prefixes the numbers it takes where no rule of {@code routes} decides; none makes it a trunk for those rules and
 *     incoming calls only
 * @param numbers how numbers are written
 * @param caller where it is told who calls
 * @param limits what it is given at most
 */
public record TrunkEntry(
        TrunkSettings sip,
        TrunkRtpSettings media,
        DtmfSettings dtmf,
        List<Prefix> prefixes,
        TrunkNumbers numbers,
        CallerSettings caller,
        TrunkLimits limits) {
    public TrunkEntry {
        prefixes = List.copyOf(prefixes);
        boolean latches = media.latch() != TrunkRtpSettings.Latch.OFF;
        if (latches
                && sip.allow().isEmpty()
                && MediaOfTrunks.literal(sip.address().host()).isEmpty()) {
            throw new IllegalArgumentException(
                    "media: latch takes RTP from sip.allow and from sip.address where that is"
                            + " an address, and here is neither; write the carrier's networks into sip.allow");
        }
    }

    /** No prefixes, the rooms' own defaults. */
    public static TrunkEntry defaults() {
        return of(TrunkSettings.defaults(), List.of());
    }

    /** One with this SIP side, for numbers with these beginnings; for the rest the rooms' own defaults. */
    static TrunkEntry of(TrunkSettings sip, List<Prefix> prefixes) {
        return new TrunkEntry(
                sip,
                TrunkRtpSettings.defaults(),
                DtmfSettings.defaults(),
                prefixes,
                TrunkNumbers.defaults(),
                CallerSettings.defaults(),
                TrunkLimits.defaults());
    }
}
