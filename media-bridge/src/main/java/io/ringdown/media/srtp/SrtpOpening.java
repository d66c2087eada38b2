package io.ringdown.media.srtp;

import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jitsi.srtp.SrtcpCryptoContext;
import org.jitsi.srtp.SrtpContextFactory;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jspecify.annotations.Nullable;

/**
 * What the peer sends under one master key. Single-threaded; works in place; never throws on a packet; answers a length, or a
 * code of {@link Refusals}.
 *
 * <p>A receiver guesses the turn of the sequence numbers (ROC) from the last ones it has seen, which goes wrong once it has
 * missed more than 2^15 packets (RFC 3711 §3.3.1). So when nothing of a stream opens any more, each {@value #TURN_TRIED_EVERY}th
 * packet is tried with a turn further on. That costs a forger's flood 4 % more, and only what is authentic is believed.
 */
final class SrtpOpening implements AutoCloseable {
    private static final int TURN_TRIED_EVERY = 25;
    private static final int TURNS_AHEAD = 4; // of 22 minutes each, at 50 packets a second
    private static final int RTP_HEADER = 12;
    private static final int RTCP_HEADER = 8;
    private static final int SRTCP_INDEX = 4; // RFC 3711 §3.4
    private static final long NOTHING = -1;

    private final SrtpProfile profile;
    private final SrtpContextFactory factory;
    private final Streams<Stream> streams = new Streams<>();
    private final Streams<Control> control = new Streams<>();
    private final PacketView view = new PacketView();
    private byte[] untouched = new byte[0];
    private long packets;

    SrtpOpening(SrtpProfile profile, SrtpKeys.Master master) {
        this.profile = profile;
        this.factory = SrtpCiphers.factory(false, profile, master);
    }

    int open(byte[] buffer, int offset, int length) {
        if (!isRtp(buffer, offset, length)) {
            return Refusals.code(SrtpSession.Refusal.MALFORMED);
        }
        int ssrc = PacketView.integer(buffer, offset + 8);
        int sequence = ((buffer[offset + 2] & 0xff) << 8) | (buffer[offset + 3] & 0xff);
        try {
            Stream known = streams.find(ssrc);
            if (known == null) {
                return openFirst(buffer, offset, length, ssrc, sequence);
            }
            if (known.isFromBefore(sequence)) {
                return Refusals.code(SrtpSession.Refusal.REPLAYED);
            }
            boolean isTurnTried = known.isTurnTriedNext();
            if (isTurnTried) {
                keep(buffer, offset, length); // a cipher may leave its mark on what it refuses
            }
            SrtpErrorStatus status = known.context(factory, ssrc, sequence)
                    .reverseTransformPacket(view.of(buffer, offset, length), false);
            if (status == SrtpErrorStatus.OK) {
                known.onOpened(sequence);
                return opened();
            }
            if (status == SrtpErrorStatus.AUTH_FAIL || status == SrtpErrorStatus.REPLAY_OLD) { // as the guess fell
                known.failures++;
                if (isTurnTried) {
                    System.arraycopy(untouched, 0, buffer, offset, length);
                    return openFurtherOn(buffer, offset, length, known, sequence);
                }
            }
            return Refusals.code(status);
        } catch (GeneralSecurityException | RuntimeException e) {
            return Refusals.code(SrtpSession.Refusal.FAILED);
        }
    }

    int openControl(byte[] buffer, int offset, int length) {
        if (length < RTCP_HEADER + SRTCP_INDEX + profile.rtcpTagLength()) {
            return Refusals.code(SrtpSession.Refusal.MALFORMED);
        }
        int ssrc = PacketView.integer(buffer, offset + 4);
        try {
            Control known = control.find(ssrc);
            Control reports = known == null ? new Control(factory.deriveControlContext(ssrc), NOTHING) : known;
            long index = controlIndex(buffer, offset, length);
            if (index <= reports.before) {
                return Refusals.code(SrtpSession.Refusal.REPLAYED);
            }
            SrtpErrorStatus status = reports.context.reverseTransformPacket(view.of(buffer, offset, length));
            if (status != SrtpErrorStatus.OK) {
                return Refusals.code(status);
            }
            reports.newest = Math.max(reports.newest, index);
            if (known == null) {
                control.add(ssrc, reports);
            }
            return opened();
        } catch (GeneralSecurityException | RuntimeException e) {
            return Refusals.code(SrtpSession.Refusal.FAILED);
        }
    }

    /** How far each stream has come. */
    List<SrtpState.Turn> turns() {
        Map<Integer, SrtpState.Turn> turns = new LinkedHashMap<>();
        streams.forEach((ssrc, stream) -> turns.put(ssrc, new SrtpState.Turn(ssrc, stream.highest, NOTHING)));
        control.forEach((ssrc, reports) -> {
            SrtpState.Turn audio = turns.get(ssrc);
            turns.put(ssrc, new SrtpState.Turn(ssrc, audio == null ? NOTHING : audio.index(), reports.newest));
        });
        return List.copyOf(turns.values());
    }

    /** Goes on from there: what is older was heard, or is too late to be. */
    void resume(SrtpState.Turn turn) throws GeneralSecurityException {
        if (turn.index() != NOTHING) {
            streams.add(turn.ssrc(), new Stream(turn.index()));
        }
        if (turn.controlIndex() != NOTHING) {
            control.add(turn.ssrc(), new Control(factory.deriveControlContext(turn.ssrc()), turn.controlIndex()));
        }
    }

    /** In front of the tag, or behind it where that is part of what is encrypted (RFC 3711 §3.4, RFC 7714 §9.1). */
    private long controlIndex(byte[] buffer, int offset, int length) {
        int behind = profile.isAead() ? 0 : profile.rtcpTagLength();
        return PacketView.integer(buffer, offset + length - behind - SRTCP_INDEX) & 0x7FFF_FFFF;
    }

    long packets() {
        return packets;
    }

    /** Wipes the master key. */
    @Override
    public void close() {
        factory.close();
    }

    private int openFirst(byte[] buffer, int offset, int length, int ssrc, int sequence)
            throws GeneralSecurityException {
        SrtpCryptoContext context = factory.deriveContext(ssrc, 0);
        SrtpErrorStatus status = context.reverseTransformPacket(view.of(buffer, offset, length), false);
        if (status != SrtpErrorStatus.OK) {
            return Refusals.code(status);
        }
        streams.add(ssrc, new Stream(context, sequence)); // only what was authentic gets a place
        return opened();
    }

    private int openFurtherOn(byte[] buffer, int offset, int length, Stream stream, int sequence)
            throws GeneralSecurityException {
        int ssrc = PacketView.integer(buffer, offset + 8);
        int turn = stream.turnToTry(sequence);
        SrtpCryptoContext context = factory.deriveContext(ssrc, turn);
        SrtpErrorStatus status = context.reverseTransformPacket(view.of(buffer, offset, length), false);
        if (status != SrtpErrorStatus.OK) {
            return Refusals.code(status);
        }
        stream.begin(context, turn, sequence);
        return opened();
    }

    private int opened() {
        packets++;
        return view.getLength();
    }

    private void keep(byte[] buffer, int offset, int length) {
        if (untouched.length < length) {
            untouched = new byte[Math.max(length, 2_048)];
        }
        System.arraycopy(buffer, offset, untouched, 0, length);
    }

    /** Checked before any cryptography: the header with its CSRCs and extension must lie within the packet. RFC 3550 §5.1. */
    private boolean isRtp(byte[] buffer, int offset, int length) {
        int tag = profile.rtpTagLength();
        int header = RTP_HEADER + 4 * (length == 0 ? 0 : buffer[offset] & 0x0f);
        if (length < header + tag) {
            return false;
        }
        if ((buffer[offset] & 0x10) == 0) {
            return true;
        }
        if (length < header + 4 + tag) {
            return false;
        }
        int words = ((buffer[offset + header + 2] & 0xff) << 8) | (buffer[offset + header + 3] & 0xff);
        return length >= header + 4 + 4 * words + tag;
    }

    /** The reports of one SSRC. */
    private static final class Control {
        private final SrtcpCryptoContext context;
        private final long before; // the index of the last that another one has opened
        private long newest;

        private Control(SrtcpCryptoContext context, long before) {
            this.context = context;
            this.before = before;
            this.newest = before;
        }
    }

    /** One SSRC, and how far its numbers have come. */
    private static final class Stream {
        private @Nullable SrtpCryptoContext context;
        private long before = NOTHING; // what another one had come to
        private long highest; // the sequence number, extended by its turns
        private int failures; // in a row

        private Stream(SrtpCryptoContext context, int sequence) {
            this.context = context;
            this.highest = sequence;
        }

        /** Another one had come so far. */
        private Stream(long highest) {
            this.highest = highest;
            this.before = highest;
        }

        /** Begun with the turn that the first packet is of. */
        private SrtpCryptoContext context(SrtpContextFactory factory, int ssrc, int sequence)
                throws GeneralSecurityException {
            SrtpCryptoContext present = context;
            if (present == null) {
                present = factory.deriveContext(ssrc, (int) (extended(sequence) >>> 16));
                context = present;
            }
            return present;
        }

        private boolean isFromBefore(int sequence) {
            return before != NOTHING && extended(sequence) <= before;
        }

        private long extended(int sequence) {
            return highest + (short) (sequence - (int) highest);
        }

        private void begin(SrtpCryptoContext anew, int turn, int sequence) {
            context = anew;
            highest = ((long) turn << 16) | sequence;
            failures = 0;
        }

        private void onOpened(int sequence) {
            short ahead = (short) (sequence - (int) highest);
            highest += Math.max(0, ahead);
            failures = 0;
        }

        private boolean isTurnTriedNext() {
            return failures % TURN_TRIED_EVERY == TURN_TRIED_EVERY - 1;
        }

        /** Always one with which the packet is newer than all before. */
        private int turnToTry(int sequence) {
            int next = (int) (highest >>> 16) + (sequence > (highest & 0xffff) ? 0 : 1);
            int tried = (failures - 1) / TURN_TRIED_EVERY;
            return next + tried % TURNS_AHEAD;
        }
    }
}
