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
     * @param filled packets that we made up in place of missing ones
     * @param repairs how missing ones were made good
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
            Repairs repairs,
            long sent,
            long remoteLost,
            double roundTripMillis,
            double jitterMillis) {
        private static final Leg NONE = new Leg(0, 0, 0, 0, Repairs.NONE, 0, 0, -1, 0);
    }

    /**
     * How missing packets were made good; each is counted once, by the means that did it.
     *
     * @param red by the copy in a later packet (RFC 2198): nothing is lost
     * @param fec by the coarser copy in the next packet (RFC 6716 §2.1.7)
     * @param concealed by sound made up from what came before
     */
    public record Repairs(long red, long fec, long concealed) {
        static final Repairs NONE = new Repairs(0, 0, 0);
    }
}
