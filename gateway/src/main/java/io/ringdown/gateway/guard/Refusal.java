package io.ringdown.gateway.guard;

import java.util.Locale;

/**
 * Why a call is not made. For the log and the counters: who calls is only told which of the two kinds it is.
 *
 * @param rule the rule that decided, for people; no number in it
 */
public record Refusal(Reason reason, String rule) {
    /** What kind of rule it was. */
    public enum Reason {
        COUNTRY(false),
        NUMBER_TYPE(false),
        NO_COUNTRY(false),
        LOCAL_NUMBER(false),
        NOT_IN_PLAN(false),
        DENIED_PREFIX(false),
        KNOWN_RANGE(false),
        TOKEN_DESTINATION(false),
        TOKEN_EXPIRED(false),
        TOKEN_USED(false),
        CALLER_ID(false),
        COST_CLASS(false),
        NO_RATE(false),
        /** A call that could not be measured or ended once it is the trunk's. */
        NOT_METERED(false),
        CAP(true),
        ALARM(true);

        private final boolean isLimit;

        Reason(boolean isLimit) {
            this.isLimit = isLimit;
        }

        /** Whether the same call may be made at another time. */
        public boolean isLimit() {
            return isLimit;
        }

        /** As metrics and the log write it. */
        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @Override
    public String toString() {
        return reason.code() + " (" + rule + ")";
    }
}
