package io.ringdown.media.rtp;

import java.nio.charset.StandardCharsets;

/**
 * Our end of RTCP on one leg (RFC 3550 §6): when a report of ours is due and what it says, and what the peer's reports tell
 * of our stream. Pure; owned by one thread.
 */
public final class ReportExchange implements Rtcp.Listener {
    private static final long NTP_EPOCH_SECONDS = 2_208_988_800L; // from 1900 to 1970
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long HURRIED_NANOS = SECOND_NANOS;

    private final int ssrc;
    private final byte[] cname;
    private final long intervalNanos;
    private final long startNanos;
    private final long startUnixNanos;
    private final Reception reception;
    private long random;
    private long nextReportNanos;
    private long lastReportNanos;
    private long sentAtLastReport = -1;
    private int peerMiddleNtp;
    private long peerReportNanos;
    private boolean hasPeerReport;
    private long reportsRead;
    private long peerReports;
    private long remoteLost;
    private int remoteFractionLost;
    private int remoteExtendedHighest;
    private double remoteJitterTicks;
    private long roundTripNanos = -1;
    private long readNanos;

    /**
     * An exchange that first reports after half an interval.
     *
     * @param ssrc of our stream; the times of the reports are spread by it
     * @param cname at most 255 bytes in UTF-8
     * @param startUnixNanos Unix time at {@code now}
     */
    public ReportExchange(
            int ssrc, String cname, long intervalNanos, Reception reception, long startUnixNanos, long now) {
        this.ssrc = ssrc;
        this.cname = cname.getBytes(StandardCharsets.UTF_8);
        if (this.cname.length > 255) {
            throw new IllegalArgumentException("cname: longer than 255 bytes");
        }
        this.intervalNanos = intervalNanos;
        this.reception = reception;
        this.startUnixNanos = startUnixNanos;
        this.startNanos = now;
        this.random = (ssrc * 0x9E3779B97F4A7C15L) | 1;
        this.nextReportNanos = now + spread(intervalNanos / 2);
        this.lastReportNanos = now;
    }

    /** Goes on with a peer that has lost so many of ours by its last report. */
    public void resume(long peersLost) {
        remoteLost = peersLost;
    }

    /** When the next report is due. */
    public long nextReportNanos() {
        return nextReportNanos;
    }

    /**
     * Something of the peer's got lost: it is told within a second, for it can protect only what it has not sent yet. A report
     * a second is some 2 % of a call's bits; RFC 3550 §6.2 grants 5 %, and between two there is no need of its five seconds.
     */
    public void onLoss() {
        nextReportNanos = Math.min(nextReportNanos, lastReportNanos + HURRIED_NANOS);
    }

    /**
     * Writes the report that is due, and sets the time of the next one; returns its length.
     *
     * @param rtpTimestamp what our stream's clock says at {@code now}
     * @param packets sent so far
     * @param octets of payload sent so far
     */
    public int writeReport(byte[] buffer, int offset, int rtpTimestamp, long packets, long octets, long now) {
        nextReportNanos = now + spread(intervalNanos);
        lastReportNanos = now;
        return write(buffer, offset, rtpTimestamp, packets, octets, now) - offset;
    }

    /** Writes a last report and a BYE; returns their length. */
    public int writeBye(byte[] buffer, int offset, int rtpTimestamp, long packets, long octets, long now) {
        return Rtcp.writeBye(buffer, write(buffer, offset, rtpTimestamp, packets, octets, now), ssrc) - offset;
    }

    /** Takes a compound packet from the peer; false if it is malformed. */
    public boolean read(byte[] buffer, int offset, int length, long now) {
        readNanos = now;
        return Rtcp.read(buffer, offset, length, this);
    }

    @Override
    public void onSenderReport(int from, int middleNtp, int rtpTimestamp) {
        reportsRead++;
        if (!reception.isStarted() || from == reception.ssrc()) {
            peerMiddleNtp = middleNtp;
            peerReportNanos = readNanos;
            hasPeerReport = true;
        }
    }

    @Override
    public void onReceiverReport(int from) {
        reportsRead++;
    }

    @Override
    public void onReportBlock(
            int from,
            int about,
            int fractionLost,
            int cumulativeLost,
            int extendedHighest,
            int jitter,
            int lastSenderReport,
            int delaySinceLastSenderReport) {
        if (about != ssrc) {
            return;
        }
        peerReports++;
        remoteFractionLost = fractionLost;
        remoteLost = Math.max(0, cumulativeLost);
        remoteExtendedHighest = extendedHighest;
        remoteJitterTicks = Integer.toUnsignedLong(jitter);
        if (lastSenderReport != 0) {
            measureRoundTrip(lastSenderReport, delaySinceLastSenderReport);
        }
    }

    @Override
    public void onBye(int from) {
        // The leg's own signalling ends it; a source that goes on after its BYE is heard.
    }

    /** Reports of the peer so far, whether they say anything about our stream or not. */
    public long reportsRead() {
        return reportsRead;
    }

    /** Reports about our stream so far. */
    public long peerReports() {
        return peerReports;
    }

    /** What the peer has lost of ours so far. */
    public long remoteLost() {
        return remoteLost;
    }

    /** What the peer lost of ours between its last two reports, in 1/256. */
    public int remoteFractionLost() {
        return remoteFractionLost;
    }

    /** The highest number of ours that the peer has seen, extended by its turns. */
    public int remoteExtendedHighest() {
        return remoteExtendedHighest;
    }

    /** The jitter of our stream at the peer, in timestamp units. */
    public double remoteJitterTicks() {
        return remoteJitterTicks;
    }

    /** −1 while unknown. */
    public long roundTripNanos() {
        return roundTripNanos;
    }

    private int write(byte[] buffer, int offset, int rtpTimestamp, long packets, long octets, long now) {
        boolean hasBlock = reception.isStarted();
        boolean isSender = packets > Math.max(0, sentAtLastReport);
        sentAtLastReport = packets;
        int at = isSender
                ? Rtcp.writeSenderReport(buffer, offset, ssrc, ntp(now), rtpTimestamp, packets, octets, hasBlock)
                : Rtcp.writeReceiverReport(buffer, offset, ssrc, hasBlock);
        if (hasBlock) {
            int delay = hasPeerReport ? (int) toNtp(now - peerReportNanos) : 0;
            at = Rtcp.writeBlock(buffer, at, reception, hasPeerReport ? peerMiddleNtp : 0, delay);
        }
        return Rtcp.writeCname(buffer, at, ssrc, cname);
    }

    private void measureRoundTrip(int lastSenderReport, int delay) {
        long nowMiddle = ntp(readNanos) >>> 16;
        int units = (int) nowMiddle - lastSenderReport - delay;
        // A peer whose arithmetic is off by some units must not make it negative (§6.4.1); minutes are nonsense.
        if (units > -0x10000 && units < (60 << 16)) {
            roundTripNanos = Math.max(0, ((long) units * SECOND_NANOS) >> 16);
        }
    }

    private long ntp(long now) {
        long unixNanos = startUnixNanos + (now - startNanos);
        long seconds = Math.floorDiv(unixNanos, SECOND_NANOS) + NTP_EPOCH_SECONDS;
        long fraction = (Math.floorMod(unixNanos, SECOND_NANOS) << 32) / SECOND_NANOS;
        return (seconds << 32) | fraction;
    }

    /** A span in units of 1/65536 s. */
    private static long toNtp(long nanos) {
        return nanos / SECOND_NANOS * 65_536 + nanos % SECOND_NANOS * 65_536 / SECOND_NANOS;
    }

    /** Half to one and a half times the mean (§6.3.1), so that calls begun together do not report together. */
    private long spread(long mean) {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        return mean / 2 + Math.floorMod(random, mean);
    }
}
