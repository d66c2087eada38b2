package io.ringdown.media.bridge;

/**
 * How a bridge appears on its two legs. All of it random, from a secure source, drawn by the caller (RFC 3550 §5.1).
 *
 * @param web our stream towards the browser
 * @param trunk our stream towards the trunk
 * @param cname the name of both in RTCP, without personal meaning (RFC 7022)
 * @param unixNanos Unix time at the moment the bridge starts, for the NTP timestamps of sender reports
 */
public record BridgeIdentity(Stream web, Stream trunk, String cname, long unixNanos) {

    /**
     * One RTP stream of ours.
     *
     * @param ssrc its synchronisation source
     * @param sequence the number of its first packet; the low 16 bits count
     * @param timestamp the timestamp of its first packet
     */
    public record Stream(int ssrc, int sequence, int timestamp) {}
}
