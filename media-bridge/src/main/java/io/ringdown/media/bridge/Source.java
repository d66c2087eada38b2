package io.ringdown.media.bridge;

import io.ringdown.media.rtp.Reception;
import io.ringdown.media.rtp.ReceptionState;
import io.ringdown.media.rtp.RtpPacket;
import java.util.Optional;

/**
 * Which of the streams that reach a leg is heard. One stays until it has fallen silent: a stranger that sends beside it, with
 * an SSRC of its own or with old numbers under the right one, is not listened to. Owned by one thread.
 *
 * <p>Some trunks send telephone-events beside their audio, under another SSRC. What is taken of those is bounded: one such
 * event at a time, for some senders take a new SSRC for each, and none while an audio stream is alive that has carried events itself. Whoever forges the address of a
 * trunk that speaks plain RTP can still send what continues its stream; only SRTP helps against that.
 */
final class Source {
    // A live stream of 60 ms packets shows itself at least this often.
    private static final long SILENT_NANOS = 80_000_000;

    // After this the first packet of another stream is enough.
    private static final long GONE_NANOS = 200_000_000;

    private final Reception reception = new Reception();
    private boolean isForgotten = true;
    private boolean wasHeard;
    private long lastNanos;
    private int candidateSsrc;
    private int candidateNext = -1;
    private boolean carriesEvents;
    private boolean isBesideOpen;
    private int besideSsrc;
    private long besideNanos;

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

    /** How far the stream that is heard has come; empty if none is. */
    Optional<ReceptionState> state() {
        return isForgotten || !reception.isStarted() ? Optional.empty() : Optional.of(reception.state());
    }

    /** Whether the stream that is heard has carried events itself. */
    boolean carriesEvents() {
        return carriesEvents;
    }

    /** Goes on hearing a stream that another one has heard. */
    void resume(ReceptionState from, boolean hasCarriedEvents, long now) {
        reception.resume(from);
        isForgotten = false;
        carriesEvents = hasCarriedEvents;
        lastNanos = now;
    }

    /** Some stream was heard before this began, and none is now: the next one that comes is heard at once. */
    void wasHeard(long now) {
        wasHeard = true;
        lastNanos = now;
    }

    /** Whether any stream was ever heard, here or before. */
    boolean hasBeenHeard() {
        return wasHeard || reception.isStarted();
    }

    Verdict onPacket(RtpPacket packet, long now) {
        if (isHeard(packet.ssrc())) {
            // Two in sequence are enough for a source that begins anew (RFC 3550 §A.1), but while the old numbers go on
            // they are a replay.
            boolean mayRestart = now - lastNanos >= SILENT_NANOS;
            return switch (reception.onPacket(packet.sequence(), mayRestart)) {
                case NEW, REORDERED -> heard(Verdict.HEARD, now);
                case RESTARTED -> heard(Verdict.SWITCHED, now);
                case DUPLICATE, IMPLAUSIBLE -> Verdict.STALE;
            };
        }
        if (!isForgotten && !takesOver(packet, now)) {
            return Verdict.FOREIGN;
        }
        isForgotten = false;
        carriesEvents = false;
        reception.restart(packet.ssrc(), packet.sequence());
        reception.onPacket(packet.sequence());
        return heard(Verdict.SWITCHED, now);
    }

    /** The stream that is heard carries its events itself. */
    void onEventWithin() {
        carriesEvents = true;
    }

    /** Whether an event is taken that comes beside the stream that is heard. */
    boolean takesEventBeside(int ssrc, boolean isEnd, long now) {
        if (carriesEvents && now - lastNanos < GONE_NANOS) {
            return false;
        }
        if (isBesideOpen && ssrc != besideSsrc && now - besideNanos < GONE_NANOS) {
            return false;
        }
        isBesideOpen = !isEnd;
        besideSsrc = ssrc;
        besideNanos = now;
        return true;
    }

    private Verdict heard(Verdict verdict, long now) {
        lastNanos = now;
        candidateNext = -1;
        return verdict;
    }

    /** Whether the stream of this packet, another than the one heard, takes its place (RFC 3550 §A.1: two in sequence). */
    private boolean takesOver(RtpPacket packet, long now) {
        boolean isSecond = packet.ssrc() == candidateSsrc && packet.sequence() == candidateNext;
        candidateSsrc = packet.ssrc();
        candidateNext = (packet.sequence() + 1) & 0xFFFF;
        long silent = now - lastNanos;
        return silent >= GONE_NANOS || (isSecond && silent >= SILENT_NANOS);
    }

    /** Whether this packet is the one after the newest of the stream that is heard. */
    boolean isNext(RtpPacket packet) {
        return isHeard(packet.ssrc()) && reception.isNext(packet.sequence());
    }

    /** Whether this packet leads on the stream that is heard, or may begin one that will be. */
    boolean isNewest(RtpPacket packet, long now) {
        if (isForgotten || !reception.isStarted() || now - lastNanos >= GONE_NANOS) {
            return true;
        }
        return reception.ssrc() == packet.ssrc() && (short) (packet.sequence() - reception.extendedHighest()) > 0;
    }

    /** Whether the stream with this SSRC is the one that is heard. */
    boolean isHeard(int ssrc) {
        return !isForgotten && reception.isStarted() && reception.ssrc() == ssrc;
    }

    /** When the stream that is heard was last heard; that of {@link #wasHeard} until there is one. */
    long lastNanos() {
        return lastNanos;
    }

    /** The next stream that comes is heard at once. */
    void forget() {
        isForgotten = true;
        carriesEvents = false;
        isBesideOpen = false;
    }

    Reception reception() {
        return reception;
    }
}
