package io.ringdown.gateway.app;

import io.ringdown.dtmf.DtmfSettings;
import io.ringdown.gateway.routing.Prefix;
import io.ringdown.sip.TrunkSettings;
import java.util.List;

/**
 * One trunk.
 *
 * @param sip its SIP side
 * @param media its RTP side
 * @param dtmf how digits travel
 * @param prefixes the numbers it takes; none makes it a trunk for incoming calls only
 */
public record TrunkEntry(TrunkSettings sip, TrunkRtpSettings media, DtmfSettings dtmf, List<Prefix> prefixes) {
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
        return new TrunkEntry(
                TrunkSettings.defaults(), TrunkRtpSettings.defaults(), DtmfSettings.defaults(), List.of());
    }
}
