package io.ringdown.media.srtp;

import io.ringdown.media.srtp.SrtpSession.Refusal;
import java.util.Map;
import org.jitsi.srtp.SrtpErrorStatus;

/** How often packets were refused, by reason. One thread counts. */
@SuppressWarnings("EnumOrdinal") // an array by ordinal counts without boxing
final class Refusals {
    private static final Refusal[] KINDS = Refusal.values();

    private final long[] counts = new long[KINDS.length];

    /** How a refusal is written where a length is expected: below 0. */
    static int code(Refusal reason) {
        return -1 - reason.ordinal();
    }

    static int code(SrtpErrorStatus status) {
        return code(
                switch (status) {
                    case AUTH_FAIL -> Refusal.WRONG_TAG;
                    case REPLAY_FAIL -> Refusal.REPLAYED;
                    case REPLAY_OLD -> Refusal.TOO_OLD;
                    case INVALID_PACKET -> Refusal.MALFORMED;
                    case FAIL, OK -> Refusal.FAILED;
                });
    }

    /** The length that it is, or {@link SrtpSession#REFUSED} for a code, which is counted. */
    int counted(int lengthOrCode) {
        if (lengthOrCode >= 0) {
            return lengthOrCode;
        }
        counts[-1 - lengthOrCode]++;
        return SrtpSession.REFUSED;
    }

    long of(Refusal reason) {
        return counts[reason.ordinal()];
    }

    void addTo(Map<String, Object> state) {
        for (Refusal reason : KINDS) {
            state.put(reason.name(), counts[reason.ordinal()]);
        }
    }
}
