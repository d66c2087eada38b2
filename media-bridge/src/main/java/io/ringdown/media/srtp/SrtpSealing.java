package io.ringdown.media.srtp;

import java.security.GeneralSecurityException;
import org.jitsi.srtp.SrtcpCryptoContext;
import org.jitsi.srtp.SrtpContextFactory;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;

/** What we send under one master key. Single-threaded; works in place; answers a length, or a code of {@link Refusals}. */
final class SrtpSealing implements AutoCloseable {
    private static final int RTP_HEADER = 12;
    private static final int RTCP_HEADER = 8;

    private final SrtpContextFactory factory;
    private final Streams<SrtpCryptoContext> streams = new Streams<>();
    private final Streams<SrtcpCryptoContext> control = new Streams<>();
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
            SrtpCryptoContext context = streams.find(ssrc);
            if (context == null) {
                context = factory.deriveContext(ssrc, 0);
                streams.add(ssrc, context);
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
            SrtcpCryptoContext context = control.find(ssrc);
            if (context == null) {
                context = factory.deriveControlContext(ssrc);
                control.add(ssrc, context);
            }
            return sealed(context.transformPacket(view.of(buffer, offset, length)));
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

    private int sealed(SrtpErrorStatus status) {
        if (status != SrtpErrorStatus.OK) {
            return Refusals.code(status);
        }
        packets++;
        return view.getLength();
    }
}
