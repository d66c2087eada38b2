package io.ringdown.media.bridge;

import io.ringdown.media.rtp.Reception;
import io.ringdown.media.rtp.RtpPacket;

/**
 * Which of the streams that reach a leg is heard. One stays until it has fallen silent: a stranger that sends beside it, with
 * an SSRC of its own, is not listened to. Owned by one thread.
 */
final class Source {
    // A live stream of 60 ms packets shows itself at least this often.
    private static final long SILENT_NANOS = 80_000_000;

    // After this the first packet of another stream is enough.
    private static final long GONE_NANOS = 200_000_000;

    private final Reception reception = new Reception();
    private boolean isForgotten = true;
    private long lastNanos;
    private int candidateSsrc;
    private int candidateNext = -1;

    /** What is to be done with a packet. */
    enum Verdict {
        /** It is the stream's, and new. */
        HEARD,
        /** It is the first of a stream that is heard from now on. */
        SWITCHED,
        /** It belongs to a stream that is not heard. */
        FOREIGN,
        /** It was seen before, or its number makes no sense. */
        STALE
    }

    Verdict onPacket(RtpPacket packet, long now) {
        if (isHeard(packet.ssrc())) {
            lastNanos = now;
            candidateNext = -1;
            return switch (reception.onPacket(packet.sequence())) {
                case NEW, REORDERED -> Verdict.HEARD;
                case RESTARTED -> Verdict.SWITCHED;
                case DUPLICATE, IMPLAUSIBLE -> Verdict.STALE;
            };
        }
        if (!isForgotten && !takesOver(packet, now)) {
            return Verdict.FOREIGN;
        }
        lastNanos = now;
        candidateNext = -1;
        isForgotten = false;
        reception.restart(packet.ssrc(), packet.sequence());
        reception.onPacket(packet.sequence());
        return Verdict.SWITCHED;
    }

    /** Whether the stream of this packet, another than the one heard, takes its place (RFC 3550 §A.1: two in sequence). */
    private boolean takesOver(RtpPacket packet, long now) {
        boolean isSecond = packet.ssrc() == candidateSsrc && packet.sequence() == candidateNext;
        candidateSsrc = packet.ssrc();
        candidateNext = (packet.sequence() + 1) & 0xFFFF;
        long silent = now - lastNanos;
        return silent >= GONE_NANOS || (isSecond && silent >= SILENT_NANOS);
    }

    /** Whether the stream with this SSRC is the one that is heard. */
    boolean isHeard(int ssrc) {
        return !isForgotten && reception.isStarted() && reception.ssrc() == ssrc;
    }

    /** The next stream that comes is heard at once. */
    void forget() {
        isForgotten = true;
    }

    Reception reception() {
        return reception;
    }
}
