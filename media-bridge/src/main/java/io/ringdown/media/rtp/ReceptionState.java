package io.ringdown.media.rtp;

/**
 * How far a received stream has come, so that reports about it go on (RFC 3550 §A.3).
 *
 * @param ssrc its synchronisation source
 * @param base the extended number that it began with
 * @param highest the extended number of its newest packet
 * @param received packets of it
 * @param earlierReceived packets of the streams before it
 * @param earlierExpected packets that should have come of those
 * @param jitterTicks interarrival jitter in timestamp units
 */
public record ReceptionState(
        int ssrc,
        long base,
        long highest,
        long received,
        long earlierReceived,
        long earlierExpected,
        double jitterTicks) {}
