package io.ringdown.media.rtp;

/**
 * Compound RTCP packets on byte arrays (RFC 3550 §6): one pass that tells what concerns us, and writers that append packets.
 * Stateless.
 */
public final class Rtcp {
    /** More bytes than any compound packet that the writers here make. */
    public static final int MAX_LENGTH = 28 + 24 + 8 + 2 + 255 + 4 + 8;

    private static final int SENDER_REPORT = 200;
    private static final int RECEIVER_REPORT = 201;
    private static final int SDES = 202;
    private static final int BYE = 203;
    private static final int CNAME = 1;
    private static final int BLOCK_LENGTH = 24;

    private Rtcp() {}

    /** Told what a compound packet says. */
    public interface Listener {
        /** The peer sends; {@code middleNtp} is what our reports give back as LSR (§6.4.1). */
        void onSenderReport(int ssrc, int middleNtp, int rtpTimestamp);

        /** The peer says how it receives, in as many blocks as follow; there may be none. */
        void onReceiverReport(int ssrc);

        /** The peer, {@code from}, tells how it receives the stream {@code about}. */
        void onReportBlock(
                int from,
                int about,
                int fractionLost,
                int cumulativeLost,
                int extendedHighest,
                int jitter,
                int lastSenderReport,
                int delaySinceLastSenderReport);

        /** A source of the peer's has left. */
        void onBye(int ssrc);
    }

    /** Reads a compound packet up to its end or the first thing wrong; false if there was something wrong. */
    public static boolean read(byte[] buffer, int offset, int length, Listener listener) {
        int at = offset;
        int end = offset + length;
        while (end - at >= 4) {
            int size = 4 + 4 * Bytes.u16(buffer, at + 2);
            if ((buffer[at] & 0xC0) != 0x80 || size > end - at) {
                return false;
            }
            if (!readOne(buffer, at, size, listener)) {
                return false;
            }
            at += size;
        }
        return at == end && length > 0;
    }

    private static boolean readOne(byte[] buffer, int at, int size, Listener listener) {
        int count = buffer[at] & 0x1F;
        switch (Bytes.u8(buffer, at + 1)) {
            case SENDER_REPORT -> {
                if (size < 28 + count * BLOCK_LENGTH) {
                    return false;
                }
                int ssrc = Bytes.i32(buffer, at + 4);
                listener.onSenderReport(ssrc, Bytes.i32(buffer, at + 10), Bytes.i32(buffer, at + 16));
                readBlocks(buffer, at + 28, count, ssrc, listener);
            }
            case RECEIVER_REPORT -> {
                if (size < 8 + count * BLOCK_LENGTH) {
                    return false;
                }
                int ssrc = Bytes.i32(buffer, at + 4);
                listener.onReceiverReport(ssrc);
                readBlocks(buffer, at + 8, count, ssrc, listener);
            }
            case BYE -> {
                if (size < 4 + 4 * count) {
                    return false;
                }
                for (int i = 0; i < count; i++) {
                    listener.onBye(Bytes.i32(buffer, at + 4 + 4 * i));
                }
            }
            default -> {
                // SDES, APP, feedback and extended reports say nothing that we act on.
            }
        }
        return true;
    }

    private static void readBlocks(byte[] buffer, int first, int count, int from, Listener listener) {
        for (int i = 0; i < count; i++) {
            int at = first + i * BLOCK_LENGTH;
            listener.onReportBlock(
                    from,
                    Bytes.i32(buffer, at),
                    Bytes.u8(buffer, at + 4),
                    (Bytes.u24(buffer, at + 5) << 8) >> 8,
                    Bytes.i32(buffer, at + 8),
                    Bytes.i32(buffer, at + 12),
                    Bytes.i32(buffer, at + 16),
                    Bytes.i32(buffer, at + 20));
        }
    }

    /** Writes a sender report without its blocks; returns the offset behind it. {@code ntp} is 32.32 bits. */
    public static int writeSenderReport(
            byte[] buffer, int at, int ssrc, long ntp, int rtpTimestamp, long packets, long octets, boolean hasBlock) {
        header(buffer, at, hasBlock ? 1 : 0, SENDER_REPORT, hasBlock ? 28 + BLOCK_LENGTH : 28);
        Bytes.putI32(buffer, at + 4, ssrc);
        Bytes.putI32(buffer, at + 8, (int) (ntp >>> 32));
        Bytes.putI32(buffer, at + 12, (int) ntp);
        Bytes.putI32(buffer, at + 16, rtpTimestamp);
        Bytes.putI32(buffer, at + 20, (int) packets);
        Bytes.putI32(buffer, at + 24, (int) octets);
        return at + 28;
    }

    /** Writes a receiver report without its blocks; returns the offset behind it. */
    public static int writeReceiverReport(byte[] buffer, int at, int ssrc, boolean hasBlock) {
        header(buffer, at, hasBlock ? 1 : 0, RECEIVER_REPORT, hasBlock ? 8 + BLOCK_LENGTH : 8);
        Bytes.putI32(buffer, at + 4, ssrc);
        return at + 8;
    }

    /** Writes the block that belongs behind a report; returns the offset behind it. */
    public static int writeBlock(byte[] buffer, int at, Reception reception, int lastSenderReport, int delay) {
        Bytes.putI32(buffer, at, reception.ssrc());
        buffer[at + 4] = (byte) reception.takeFractionLost();
        Bytes.putU24(buffer, at + 5, reception.reportedLost());
        Bytes.putI32(buffer, at + 8, reception.extendedHighest());
        Bytes.putI32(buffer, at + 12, (int) reception.jitterTicks());
        Bytes.putI32(buffer, at + 16, lastSenderReport);
        Bytes.putI32(buffer, at + 20, delay);
        return at + BLOCK_LENGTH;
    }

    /** Writes an SDES packet with a CNAME of at most 255 bytes; returns the offset behind it. */
    public static int writeCname(byte[] buffer, int at, int ssrc, byte[] cname) {
        int items = 2 + cname.length;
        int size = 8 + (items / 4 + 1) * 4; // at least one zero ends the list of items (§6.5)
        header(buffer, at, 1, SDES, size);
        Bytes.putI32(buffer, at + 4, ssrc);
        buffer[at + 8] = CNAME;
        buffer[at + 9] = (byte) cname.length;
        System.arraycopy(cname, 0, buffer, at + 10, cname.length);
        for (int i = at + 10 + cname.length; i < at + size; i++) {
            buffer[i] = 0;
        }
        return at + size;
    }

    /** Writes a BYE; returns the offset behind it. */
    public static int writeBye(byte[] buffer, int at, int ssrc) {
        header(buffer, at, 1, BYE, 8);
        Bytes.putI32(buffer, at + 4, ssrc);
        return at + 8;
    }

    private static void header(byte[] buffer, int at, int count, int type, int size) {
        buffer[at] = (byte) (0x80 | count);
        buffer[at + 1] = (byte) type;
        Bytes.putU16(buffer, at + 2, size / 4 - 1);
    }
}
