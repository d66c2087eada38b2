package io.ringdown.media.srtp;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jitsi.srtp.SrtcpCryptoContext;
import org.jitsi.srtp.SrtpContextFactory;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jspecify.annotations.Nullable;

/** What we send under one master key. Single-threaded; works in place; answers a length, or a code of {@link Refusals}. */
final class SrtpSealing implements AutoCloseable {
    private static final int RTP_HEADER = 12;
    private static final int RTCP_HEADER = 8;
    private static final int EMPTY_REPORT = 0x80C9_0001; // RFC 3550 §6.4.2
    private static final int MOST_TRAILER = 32; // index and tag
    private static final long MOST_REPORTS = 1 << 18; // one a second for three days
    private static final long NOTHING = -1;

    private final SrtpContextFactory factory;
    private final Streams<Stream> streams = new Streams<>();
    private final Streams<Control> control = new Streams<>();
    private final PacketView view = new PacketView();
    private long packets;

    SrtpSealing(SrtpProfile profile, SrtpKeys.Master master) {
        factory = SrtpCiphers.factory(true, profile, master);
    }

    int seal(byte[] buffer, int offset, int length) {
        if (length < RTP_HEADER) {
            return Refusals.code(SrtpSession.Refusal.MALFORMED);
        }
        int ssrc = PacketView.integer(buffer, offset + 8);
        try {
            Stream stream = streams.find(ssrc);
            if (stream == null) {
                stream = new Stream(NOTHING);
                streams.add(ssrc, stream);
            }
            long index = stream.onSequence(((buffer[offset + 2] & 0xff) << 8) | (buffer[offset + 3] & 0xff));
            SrtpCryptoContext context = stream.context;
            if (context == null) {
                context = factory.deriveContext(ssrc, (int) (index >>> 16));
                stream.context = context;
            }
            return sealed(context.transformPacket(view.of(buffer, offset, length)));
        } catch (GeneralSecurityException | RuntimeException e) {
            return Refusals.code(SrtpSession.Refusal.FAILED);
        }
    }

    int sealControl(byte[] buffer, int offset, int length) {
        if (length < RTCP_HEADER) {
            return Refusals.code(SrtpSession.Refusal.MALFORMED);
        }
        int ssrc = PacketView.integer(buffer, offset + 4);
        try {
            Control reports = control.find(ssrc);
            if (reports == null) {
                reports = new Control(factory.deriveControlContext(ssrc));
                control.add(ssrc, reports);
            }
            reports.newest++;
            return sealed(reports.context.transformPacket(view.of(buffer, offset, length)));
        } catch (GeneralSecurityException | RuntimeException e) {
            return Refusals.code(SrtpSession.Refusal.FAILED);
        }
    }

    /** How far each stream has come. */
    List<SrtpState.Turn> turns() {
        Map<Integer, SrtpState.Turn> turns = new LinkedHashMap<>();
        streams.forEach((ssrc, stream) -> turns.put(ssrc, new SrtpState.Turn(ssrc, stream.newest, NOTHING)));
        control.forEach((ssrc, reports) -> {
            SrtpState.Turn audio = turns.get(ssrc);
            turns.put(ssrc, new SrtpState.Turn(ssrc, audio == null ? NOTHING : audio.index(), reports.newest));
        });
        return List.copyOf(turns.values());
    }

    /**
     * Goes on from there, so that no index is used twice. The cipher counts the reports itself and from 0, so that as many are
     * sealed for nobody; there is one each few seconds of a call.
     *
     * @throws IllegalStateException if no call can have sent so many reports
     */
    void resume(SrtpState.Turn turn) {
        if (turn.controlIndex() >= MOST_REPORTS) {
            throw new IllegalStateException(turn.controlIndex() + " reports are no call's");
        }
        if (turn.index() != NOTHING) {
            streams.add(turn.ssrc(), new Stream(turn.index()));
        }
        byte[] report = ByteBuffer.allocate(RTCP_HEADER + MOST_TRAILER)
                .putInt(EMPTY_REPORT)
                .putInt(turn.ssrc())
                .array();
        for (long i = NOTHING; i < turn.controlIndex(); i++) {
            sealControl(report, 0, RTCP_HEADER);
        }
        packets = 0;
    }

    long packets() {
        return packets;
    }

    /** Wipes the master key. */
    @Override
    public void close() {
        factory.close();
    }

    /** One SSRC, and how far its numbers have come. */
    private static final class Stream {
        private @Nullable SrtpCryptoContext context;
        private long newest; // RFC 3711 §3.3.1

        private Stream(long newest) {
            this.newest = newest;
        }

        private long onSequence(int sequence) {
            long index = newest == NOTHING ? sequence : newest + (short) (sequence - (int) newest);
            newest = Math.max(newest, index);
            return index;
        }
    }

    /** The reports of one SSRC, and the index of the last. */
    private static final class Control {
        private final SrtcpCryptoContext context;
        private long newest = NOTHING;

        private Control(SrtcpCryptoContext context) {
            this.context = context;
        }
    }

    private int sealed(SrtpErrorStatus status) {
        if (status != SrtpErrorStatus.OK) {
            return Refusals.code(status);
        }
        packets++;
        return view.getLength();
    }
}
