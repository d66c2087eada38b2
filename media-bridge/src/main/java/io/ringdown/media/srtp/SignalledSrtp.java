package io.ringdown.media.srtp;

import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * SRTP and SRTCP whose keys come by signalling (RFC 4568) and may come anew in mid-call. Each direction is for itself: the same
 * key again goes on with its rollover counter and its replay window, a new key begins with both at zero (RFC 4568 §7.1.4); the
 * peer's old key is still good for what is on its way. Single-threaded; {@code now} in nanoseconds; works in place; never throws
 * on a packet: what does not open is counted by its reason and refused.
 */
public final class SignalledSrtp implements AutoCloseable {
    private static final long ON_ITS_WAY_NANOS = 2_000_000_000L;

    private final Refusals refusals = new Refusals();
    private SrtpKeys keys;
    private SrtpSealing sealing;
    private SrtpOpening opening;
    private @Nullable SrtpOpening openingBefore;
    private long beforeUntilNanos;
    private byte[] untouched = new byte[0];
    private long openedByTheOldKey;
    private int ourKeys = 1;
    private int theirKeys = 1;

    public SignalledSrtp(SrtpKeys keys) {
        this.keys = keys;
        this.sealing = new SrtpSealing(keys.profile(), keys.ours());
        this.opening = new SrtpOpening(keys.profile(), keys.theirs());
    }

    /** Goes on where another one has stopped. */
    public SignalledSrtp(SrtpState from) {
        this(from.keys().keys());
        from.ours().forEach(sealing::resume);
        try {
            for (SrtpState.Turn turn : from.theirs()) {
                opening.resume(turn);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("keys that were good are none", e);
        }
    }

    /** How far it has come. What the peer still sends by a key before the present one is not heard any more then. */
    public SrtpState state() {
        return new SrtpState(SrtpState.Keys.of(keys), sealing.turns(), opening.turns());
    }

    /** What holds from now on; the keys that are the same go on as they were. */
    public void onKeys(SrtpKeys next, long now) {
        boolean sameProfile = next.profile() == keys.profile();
        if (!sameProfile || !next.ours().equals(keys.ours())) {
            sealing.close();
            sealing = new SrtpSealing(next.profile(), next.ours());
            ourKeys++;
        }
        if (!sameProfile || !next.theirs().equals(keys.theirs())) {
            forgetBefore();
            openingBefore = opening;
            beforeUntilNanos = now + ON_ITS_WAY_NANOS;
            opening = new SrtpOpening(next.profile(), next.theirs());
            theirKeys++;
        }
        keys = next;
    }

    /** As {@link SrtpSession#open}. */
    public int open(byte[] buffer, int offset, int length, long now) {
        return open(false, buffer, offset, length, now);
    }

    /** As {@link SrtpSession#openControl}. */
    public int openControl(byte[] buffer, int offset, int length, long now) {
        return open(true, buffer, offset, length, now);
    }

    /** As {@link SrtpSession#seal}. */
    public int seal(byte[] buffer, int offset, int length) {
        return refusals.counted(sealing.seal(buffer, offset, length));
    }

    /** As {@link SrtpSession#sealControl}. */
    public int sealControl(byte[] buffer, int offset, int length) {
        return refusals.counted(sealing.sealControl(buffer, offset, length));
    }

    /** How many packets were refused for this reason. */
    public long refused(SrtpSession.Refusal reason) {
        return refusals.of(reason);
    }

    /** Suite and counts, no keys. */
    public Map<String, Object> debugState() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("suite", keys.profile().suite());
        state.put("ourKeys", ourKeys);
        state.put("theirKeys", theirKeys);
        state.put("opened", opening.packets());
        state.put("openedByTheOldKey", openedByTheOldKey);
        state.put("sealed", sealing.packets());
        refusals.addTo(state);
        return state;
    }

    /** Wipes the master keys that the ciphers were made from. */
    @Override
    public void close() {
        sealing.close();
        opening.close();
        forgetBefore();
    }

    private int open(boolean control, byte[] buffer, int offset, int length, long now) {
        SrtpOpening before = openingBefore;
        if (before == null) {
            return refusals.counted(open(opening, control, buffer, offset, length));
        }
        if (now - beforeUntilNanos >= 0) {
            forgetBefore();
            return refusals.counted(open(opening, control, buffer, offset, length));
        }
        if (untouched.length < length) {
            untouched = new byte[Math.max(length, 2_048)];
        }
        System.arraycopy(buffer, offset, untouched, 0, length); // a cipher may leave its mark on what it refuses
        int opened = open(opening, control, buffer, offset, length);
        if (opened >= 0) {
            return opened;
        }
        System.arraycopy(untouched, 0, buffer, offset, length);
        int openedBefore = open(before, control, buffer, offset, length);
        if (openedBefore < 0) {
            return refusals.counted(opened);
        }
        openedByTheOldKey++;
        return openedBefore;
    }

    private static int open(SrtpOpening by, boolean control, byte[] buffer, int offset, int length) {
        return control ? by.openControl(buffer, offset, length) : by.open(buffer, offset, length);
    }

    private void forgetBefore() {
        SrtpOpening before = openingBefore;
        if (before != null) {
            before.close();
            openingBefore = null;
        }
    }
}
