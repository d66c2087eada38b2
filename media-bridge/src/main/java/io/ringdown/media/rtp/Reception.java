package io.ringdown.media.rtp;

import java.util.Arrays;

/**
 * What is known of one received stream: extended sequence numbers, loss and jitter (RFC 3550 §A.1, §A.3, §A.8). Owned by one
 * thread; {@link #restart} makes it anew for another SSRC while the totals of the stream before stay counted.
 */
public final class Reception {
    private static final int MAX_DROPOUT = 3_000; // RFC 3550 §A.1
    private static final int MAX_MISORDER = 100; // RFC 3550 §A.1
    private static final int WINDOW = 128;

    private boolean isStarted;
    private int ssrc;
    private long baseSequence;
    private long highestSequence;
    private int expectedJump;
    private long received;
    private long earlierReceived;
    private long earlierExpected;
    private long expectedAtReport;
    private long receivedAtReport;
    private long duplicates;
    private int lastTransit;
    private boolean hasTransit;
    private double jitterTicks;
    private final long[] seen = new long[WINDOW / Long.SIZE];

    /** How far the stream has come. */
    public ReceptionState state() {
        return new ReceptionState(
                ssrc, baseSequence, highestSequence, received, earlierReceived, earlierExpected, jitterTicks);
    }

    /** Goes on from there; what lies before is taken as seen. */
    public void resume(ReceptionState from) {
        isStarted = true;
        ssrc = from.ssrc();
        begin(0);
        baseSequence = from.base();
        highestSequence = from.highest();
        received = from.received();
        earlierReceived = from.earlierReceived();
        earlierExpected = from.earlierExpected();
        jitterTicks = from.jitterTicks();
        expectedAtReport = expected();
        receivedAtReport = received;
        Arrays.fill(seen, -1);
    }

    /** What a packet's sequence number says about it. */
    public enum Order {
        /** The newest so far. */
        NEW,
        /** Older than the newest, and not seen before. */
        REORDERED,
        /** Seen before. */
        DUPLICATE,
        /** The second of a series far from the numbers so far: the source has begun its numbers anew, here. */
        RESTARTED,
        /** Too old, or too far ahead for now: not to be used. */
        IMPLAUSIBLE
    }

    /** Forgets the stream and begins with this packet; {@link #received} and {@link #lost} go on. */
    public void restart(int newSsrc, int sequence) {
        earlierReceived += received;
        earlierExpected += expected();
        isStarted = true;
        ssrc = newSsrc;
        begin(sequence);
    }

    private void begin(int sequence) {
        // One turn of the counter stands below, so that packets from before the first one have a number too.
        baseSequence = 0x10000L + sequence;
        highestSequence = baseSequence - 1;
        expectedJump = -1;
        received = 0;
        expectedAtReport = 0;
        receivedAtReport = 0;
        hasTransit = false;
        Arrays.fill(seen, 0);
    }

    /** Takes a packet of the current SSRC into account and says where it stands. */
    public Order onPacket(int sequence) {
        return onPacket(sequence, true);
    }

    /** The same; numbers begin anew only if {@code mayRestart}, and until then what is far away is implausible. */
    public Order onPacket(int sequence, boolean mayRestart) {
        int ahead = (short) (sequence - (int) highestSequence);
        if (ahead > 0 && ahead <= MAX_DROPOUT) {
            advance(ahead);
            received++;
            expectedJump = -1;
            return Order.NEW;
        }
        if (ahead <= 0 && ahead > -MAX_MISORDER) {
            return mark(highestSequence + ahead);
        }
        if (mayRestart && sequence == expectedJump) {
            restart(ssrc, sequence);
            onPacket(sequence);
            return Order.RESTARTED;
        }
        expectedJump = (sequence + 1) & 0xFFFF;
        return Order.IMPLAUSIBLE;
    }

    /** Whether this is the number after the highest so far. */
    public boolean isNext(int sequence) {
        return (short) (sequence - (int) highestSequence) == 1;
    }

    /** Measures interarrival jitter; {@code arrivalTicks} is the time of arrival in the stream's clock. */
    public void onArrival(long arrivalTicks, int timestamp) {
        int transit = (int) arrivalTicks - timestamp;
        if (hasTransit) {
            double difference = Math.abs(transit - lastTransit);
            jitterTicks += (difference - jitterTicks) / 16;
        }
        lastTransit = transit;
        hasTransit = true;
    }

    /** A jump of the source's timestamps is no jitter: the next packet is measured anew. */
    public void onTimestampJump() {
        hasTransit = false;
    }

    public boolean isStarted() {
        return isStarted;
    }

    public int ssrc() {
        return ssrc;
    }

    /** The extended number of a packet near the newest one. */
    public long extended(int sequence) {
        return highestSequence + (short) (sequence - (int) highestSequence);
    }

    /** The extended highest sequence number received, for reports. */
    public int extendedHighest() {
        return (int) (highestSequence - 0x10000L);
    }

    /** Packets taken in, of all streams so far, duplicates not counted. */
    public long received() {
        return earlierReceived + received;
    }

    public long duplicates() {
        return duplicates;
    }

    /** Packets that never came, of all streams so far. */
    public long lost() {
        return Math.max(0, earlierExpected + expected() - received());
    }

    /** Cumulative loss of the current stream as reports say it: 24 bits, signed. */
    public int reportedLost() {
        return Math.clamp(expected() - received, -0x800000, 0x7FFFFF);
    }

    /** The fraction lost since this was last asked, in 1/256 (RFC 3550 §A.3). */
    public int takeFractionLost() {
        long expectedInterval = expected() - expectedAtReport;
        long lostInterval = expectedInterval - (received - receivedAtReport);
        expectedAtReport = expected();
        receivedAtReport = received;
        return expectedInterval <= 0 || lostInterval <= 0
                ? 0
                : (int) Math.min(255, (lostInterval << 8) / expectedInterval);
    }

    /** Whether something is missing of what the last report did not tell yet. */
    public boolean hasLostSinceReport() {
        return expected() - expectedAtReport > received - receivedAtReport;
    }

    /** Interarrival jitter in timestamp units. */
    public double jitterTicks() {
        return jitterTicks;
    }

    private long expected() {
        return isStarted ? highestSequence - baseSequence + 1 : 0;
    }

    private void advance(int steps) {
        int cleared = Math.min(steps, WINDOW);
        for (long number = highestSequence + steps - cleared + 1; number <= highestSequence + steps; number++) {
            int bit = (int) (number & (WINDOW - 1));
            seen[bit / Long.SIZE] &= ~(1L << bit);
        }
        highestSequence += steps;
        set(highestSequence);
    }

    private Order mark(long number) {
        int bit = (int) (number & (WINDOW - 1));
        if ((seen[bit / Long.SIZE] & (1L << bit)) != 0) {
            duplicates++;
            return Order.DUPLICATE;
        }
        set(number);
        received++;
        baseSequence = Math.min(baseSequence, number);
        return Order.REORDERED;
    }

    private void set(long number) {
        int bit = (int) (number & (WINDOW - 1));
        seen[bit / Long.SIZE] |= 1L << bit;
    }
}
