package io.ringdown.gateway.call;

import java.util.Locale;

/** Why a request could not be done; the codes of docs/protocol.md, "Errors". */
public enum ErrorCode {
    UNKNOWN_TYPE,
    BAD_MESSAGE,
    BAD_NUMBER,
    TOO_FAST,
    TOO_MANY_CALLS,
    NOT_GREETED,
    UNAUTHORIZED,
    TOKEN_EXPIRED,
    NOT_PERMITTED,
    UNKNOWN_CALL,
    BAD_SDP,
    BAD_DIGITS,
    NO_TELEPHONE_EVENT,
    HOLD_REFUSED,
    NO_TRANSFER,
    WRONG_STATE,
    NOT_AN_AGENT,
    SESSION_IN_USE,
    SHUTDOWN;

    /** As the protocol writes it. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
