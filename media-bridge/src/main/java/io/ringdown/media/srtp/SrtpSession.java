package io.ringdown.media.srtp;

import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jitsi.srtp.SrtcpCryptoContext;
import org.jitsi.srtp.SrtpContextFactory;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.utils.logging2.Logger;
import org.jitsi.utils.logging2.LoggerImpl;
import org.jspecify.annotations.Nullable;

/**
 * Both directions of one DTLS association's SRTP and SRTCP. Single-threaded; works in place; never throws on a packet: what
 * does not open is counted by its reason and refused. Keeps a bounded number of streams: the least recently used makes room.
 */
@SuppressWarnings("EnumOrdinal") // an array by ordinal counts without boxing
public final class SrtpSession implements AutoCloseable {
    /** What {@code open} and {@code seal} answer for a packet that must be dropped. */
    public static final int REFUSED = -1;

    private static final int MOST_STREAMS = 8;
    private static final int RTP_HEADER = 12;
    private static final int RTCP_HEADER = 8;
    private static final int SRTCP_INDEX = 4; // RFC 3711 §3.4
    private static final Logger LOGGER = silent();

    private final SrtpProfile profile;
    private final SrtpContextFactory sealing;
    private final SrtpContextFactory opening;
    private final Streams<SrtpCryptoContext> sealed = new Streams<>();
    private final Streams<SrtpCryptoContext> opened = new Streams<>();
    private final Streams<SrtcpCryptoContext> sealedControl = new Streams<>();
    private final Streams<SrtcpCryptoContext> openedControl = new Streams<>();
    private final PacketView view = new PacketView();
    private final long[] refusals = new long[Refusal.values().length];
    private long packetsOpened;
    private long packetsSealed;

    /** Why a packet was refused. */
    public enum Refusal {
        WRONG_TAG,
        REPLAYED,
        TOO_OLD,
        MALFORMED,
        FAILED
    }

    public SrtpSession(SrtpKeys keys) {
        profile = keys.profile();
        sealing = factory(true, profile, keys.ours());
        opening = factory(false, profile, keys.theirs());
    }

    /** Opens an SRTP packet in place; returns the length of the RTP packet, or {@link #REFUSED}. */
    public int open(byte[] buffer, int offset, int length) {
        if (!isRtp(buffer, offset, length)) {
            return refuse(Refusal.MALFORMED);
        }
        int ssrc = integer(buffer, offset + 8);
        try {
            SrtpCryptoContext known = opened.find(ssrc);
            SrtpCryptoContext context = known == null ? opening.deriveContext(ssrc, 0) : known;
            view.of(buffer, offset, length);
            SrtpErrorStatus status = context.reverseTransformPacket(view, false);
            if (status != SrtpErrorStatus.OK) {
                return refuse(refusal(status));
            }
            if (known == null) { // only what was authentic gets a place
                opened.add(ssrc, context);
            }
            packetsOpened++;
            return view.getLength();
        } catch (GeneralSecurityException | RuntimeException e) {
            return refuse(Refusal.FAILED);
        }
    }

    /** Opens an SRTCP packet in place; returns the length of the RTCP packet, or {@link #REFUSED}. */
    public int openControl(byte[] buffer, int offset, int length) {
        if (length < RTCP_HEADER + SRTCP_INDEX + profile.rtcpTagLength()) {
            return refuse(Refusal.MALFORMED);
        }
        int ssrc = integer(buffer, offset + 4);
        try {
            SrtcpCryptoContext known = openedControl.find(ssrc);
            SrtcpCryptoContext context = known == null ? opening.deriveControlContext(ssrc) : known;
            view.of(buffer, offset, length);
            SrtpErrorStatus status = context.reverseTransformPacket(view);
            if (status != SrtpErrorStatus.OK) {
                return refuse(refusal(status));
            }
            if (known == null) {
                openedControl.add(ssrc, context);
            }
            packetsOpened++;
            return view.getLength();
        } catch (GeneralSecurityException | RuntimeException e) {
            return refuse(Refusal.FAILED);
        }
    }

    /** Seals an RTP packet in place, growing into the headroom behind it; returns its length, or {@link #REFUSED}. */
    public int seal(byte[] buffer, int offset, int length) {
        if (length < RTP_HEADER) {
            return refuse(Refusal.MALFORMED);
        }
        int ssrc = integer(buffer, offset + 8);
        try {
            SrtpCryptoContext context = sealed.find(ssrc);
            if (context == null) {
                context = sealing.deriveContext(ssrc, 0);
                sealed.add(ssrc, context);
            }
            SrtpErrorStatus status = context.transformPacket(view.of(buffer, offset, length));
            if (status != SrtpErrorStatus.OK) {
                return refuse(refusal(status));
            }
            packetsSealed++;
            return view.getLength();
        } catch (GeneralSecurityException | RuntimeException e) {
            return refuse(Refusal.FAILED);
        }
    }

    /** Seals an RTCP packet in place, growing into the headroom behind it; returns its length, or {@link #REFUSED}. */
    public int sealControl(byte[] buffer, int offset, int length) {
        if (length < RTCP_HEADER) {
            return refuse(Refusal.MALFORMED);
        }
        int ssrc = integer(buffer, offset + 4);
        try {
            SrtcpCryptoContext context = sealedControl.find(ssrc);
            if (context == null) {
                context = sealing.deriveControlContext(ssrc);
                sealedControl.add(ssrc, context);
            }
            SrtpErrorStatus status = context.transformPacket(view.of(buffer, offset, length));
            if (status != SrtpErrorStatus.OK) {
                return refuse(refusal(status));
            }
            packetsSealed++;
            return view.getLength();
        } catch (GeneralSecurityException | RuntimeException e) {
            return refuse(Refusal.FAILED);
        }
    }

    /** How many packets were refused for this reason. */
    public long refused(Refusal reason) {
        return refusals[reason.ordinal()];
    }

    /** Profile and counts. */
    public Map<String, Object> debugState() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("profile", profile.name());
        state.put("opened", packetsOpened);
        state.put("sealed", packetsSealed);
        for (Refusal reason : Refusal.values()) {
            state.put(reason.name(), refusals[reason.ordinal()]);
        }
        return state;
    }

    /** Wipes the master keys. */
    @Override
    public void close() {
        sealing.close();
        opening.close();
    }

    private int refuse(Refusal reason) {
        refusals[reason.ordinal()]++;
        return REFUSED;
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

    private static Refusal refusal(SrtpErrorStatus status) {
        return switch (status) {
            case AUTH_FAIL -> Refusal.WRONG_TAG;
            case REPLAY_FAIL -> Refusal.REPLAYED;
            case REPLAY_OLD -> Refusal.TOO_OLD;
            case INVALID_PACKET -> Refusal.MALFORMED;
            case FAIL, OK -> Refusal.FAILED;
        };
    }

    private static SrtpContextFactory factory(boolean sender, SrtpProfile profile, SrtpKeys.Master master) {
        SrtpCiphers.choose();
        return new SrtpContextFactory(sender, master.key(), master.salt(), profile.policy(), profile.policy(), LOGGER);
    }

    private static int integer(byte[] buffer, int at) {
        return ((buffer[at] & 0xff) << 24)
                | ((buffer[at + 1] & 0xff) << 16)
                | ((buffer[at + 2] & 0xff) << 8)
                | (buffer[at + 3] & 0xff);
    }

    /** What it would say is what a stranger makes it say: we count instead. */
    private static Logger silent() {
        Logger logger = new LoggerImpl(SrtpSession.class.getName());
        logger.setLevelOff();
        return logger;
    }

    /** Few contexts by SSRC, searched in order of use. */
    private static final class Streams<C> {
        private final int[] ssrcs = new int[MOST_STREAMS];
        private final Object[] contexts = new Object[MOST_STREAMS];
        private int size;

        @SuppressWarnings("unchecked") // add() takes nothing else
        private @Nullable C find(int ssrc) {
            for (int i = 0; i < size; i++) {
                if (ssrcs[i] == ssrc) {
                    C found = (C) contexts[i];
                    if (i > 0) {
                        place(ssrc, found, i);
                    }
                    return found;
                }
            }
            return null;
        }

        private void add(int ssrc, C context) {
            if (size < MOST_STREAMS) {
                size++;
            }
            place(ssrc, context, size - 1);
        }

        /** Puts it first; what was before position {@code end} moves back by one. */
        private void place(int ssrc, Object context, int end) {
            System.arraycopy(ssrcs, 0, ssrcs, 1, end);
            System.arraycopy(contexts, 0, contexts, 1, end);
            ssrcs[0] = ssrc;
            contexts[0] = context;
        }
    }
}
