package io.ringdown.media;

/**
 * Counts of one session so far.
 *
 * @param web what the browser's leg received and sent
 * @param trunk what the trunk's leg received and sent
 */
public record MediaStats(Leg web, Leg trunk) {

    /** Nothing has been measured. */
    public static final MediaStats NONE = new MediaStats(Leg.NONE, Leg.NONE);

    /**
     * One leg.
     *
     * @param received RTP packets taken in
     * @param lost RTP packets that never came (RFC 3550 §A.3)
     * @param late packets whose time had gone
     * @param filled packets that we made up in place of missing ones: concealed, for want of anything better
     * @param repairedRed missing packets of which a later one brought a copy (RFC 2198)
     * @param repairedFec missing packets restored from what the next one told of them (Opus in-band FEC)
     * @param sent RTP packets sent
     * @param remoteLost what the peer's last report says it has lost of ours
     * @param roundTripMillis by RTCP, −1 while unknown
     * @param jitterMillis interarrival jitter (RFC 3550 §6.4.1)
     */
    public record Leg(
            long received,
            long lost,
            long late,
            long filled,
            long repairedRed,
            long repairedFec,
            long sent,
            long remoteLost,
            double roundTripMillis,
            double jitterMillis) {
        private static final Leg NONE = new Leg(0, 0, 0, 0, 0, 0, 0, 0, -1, 0);
    }
}
