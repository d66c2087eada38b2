package io.ringdown.sip;

import java.util.Locale;
import java.util.Optional;

/**
 * Where a call was before it came to us (RFC 5806, RFC 7044).
 *
 * @param last the number that sent it on, the last of several; empty where nobody may know it
 * @param first the number that was called at first; the same where only one has sent it on
 * @param why why the last one did
 */
public record Diverted(Optional<String> last, Optional<String> first, Why why) {

    /** Why a call was sent on, in the words of RFC 5806 4. */
    public enum Why {
        UNKNOWN,
        USER_BUSY,
        NO_ANSWER,
        UNAVAILABLE,
        UNCONDITIONAL,
        TIME_OF_DAY,
        DO_NOT_DISTURB,
        DEFLECTION,
        FOLLOW_ME,
        OUT_OF_SERVICE,
        AWAY;

        /** As headers write it. */
        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** What a Diversion says; {@link #UNKNOWN} for words that nobody has agreed on. */
        public static Why of(String code) {
            for (Why why : values()) {
                if (why.code().equalsIgnoreCase(code)) {
                    return why;
                }
            }
            return UNKNOWN;
        }

        /** What a {@code cause} of a URI says (RFC 4458 2); empty where it says nothing of that kind. */
        public static Optional<Why> ofCause(int cause) {
            return switch (cause) {
                case 302 -> Optional.of(UNCONDITIONAL);
                case 404 -> Optional.of(UNKNOWN);
                case 408 -> Optional.of(NO_ANSWER);
                case 480, 487 -> Optional.of(DEFLECTION);
                case 486 -> Optional.of(USER_BUSY);
                case 503 -> Optional.of(UNAVAILABLE);
                default -> Optional.empty();
            };
        }
    }
}
