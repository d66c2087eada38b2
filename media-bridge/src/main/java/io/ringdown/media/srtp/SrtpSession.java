package io.ringdown.media.srtp;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Both directions of one DTLS association's SRTP and SRTCP. Single-threaded; works in place; never throws on a packet: what
 * does not open is counted by its reason and refused. Keeps a bounded number of streams: the least recently used makes room.
 */
public final class SrtpSession implements AutoCloseable {
    /** What {@code open} and {@code seal} answer for a packet that must be dropped. */
    public static final int REFUSED = -1;

    private final SrtpProfile profile;
    private final SrtpSealing sealing;
    private final SrtpOpening opening;
    private final Refusals refusals = new Refusals();

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
        sealing = new SrtpSealing(profile, keys.ours());
        opening = new SrtpOpening(profile, keys.theirs());
    }

    /** Opens an SRTP packet in place; returns the length of the RTP packet, or {@link #REFUSED}. */
    public int open(byte[] buffer, int offset, int length) {
        return refusals.counted(opening.open(buffer, offset, length));
    }

    /** Opens an SRTCP packet in place; returns the length of the RTCP packet, or {@link #REFUSED}. */
    public int openControl(byte[] buffer, int offset, int length) {
        return refusals.counted(opening.openControl(buffer, offset, length));
    }

    /** Seals an RTP packet in place, growing into the headroom behind it; returns its length, or {@link #REFUSED}. */
    public int seal(byte[] buffer, int offset, int length) {
        return refusals.counted(sealing.seal(buffer, offset, length));
    }

    /** Seals an RTCP packet in place, growing into the headroom behind it; returns its length, or {@link #REFUSED}. */
    public int sealControl(byte[] buffer, int offset, int length) {
        return refusals.counted(sealing.sealControl(buffer, offset, length));
    }

    /** How many packets were refused for this reason. */
    public long refused(Refusal reason) {
        return refusals.of(reason);
    }

    /** Profile and counts. */
    public Map<String, Object> debugState() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("profile", profile.name());
        state.put("opened", opening.packets());
        state.put("sealed", sealing.packets());
        refusals.addTo(state);
        return state;
    }

    /** Wipes the master keys. */
    @Override
    public void close() {
        sealing.close();
        opening.close();
    }
}
