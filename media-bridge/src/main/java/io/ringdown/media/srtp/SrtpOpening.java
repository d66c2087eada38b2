package io.ringdown.media.srtp;

import java.security.GeneralSecurityException;
import org.jitsi.srtp.SrtcpCryptoContext;
import org.jitsi.srtp.SrtpContextFactory;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;

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

    private final SrtpProfile profile;
    private final SrtpContextFactory factory;
    private final Streams<Stream> streams = new Streams<>();
    private final Streams<SrtcpCryptoContext> control = new Streams<>();
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
            boolean isTurnTried = known.isTurnTriedNext();
            if (isTurnTried) {
                keep(buffer, offset, length); // a cipher may leave its mark on what it refuses
            }
            SrtpErrorStatus status = known.context.reverseTransformPacket(view.of(buffer, offset, length), false);
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
            SrtcpCryptoContext known = control.find(ssrc);
            SrtcpCryptoContext context = known == null ? factory.deriveControlContext(ssrc) : known;
            SrtpErrorStatus status = context.reverseTransformPacket(view.of(buffer, offset, length));
            if (status != SrtpErrorStatus.OK) {
                return Refusals.code(status);
            }
            if (known == null) {
                control.add(ssrc, context);
            }
            return opened();
        } catch (GeneralSecurityException | RuntimeException e) {
            return Refusals.code(SrtpSession.Refusal.FAILED);
        }
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

    /** One SSRC, and how far its numbers have come. */
    private static final class Stream {
        private SrtpCryptoContext context;
        private long highest; // the sequence number, extended by its turns
        private int failures; // in a row

        private Stream(SrtpCryptoContext context, int sequence) {
            this.context = context;
            this.highest = sequence;
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
