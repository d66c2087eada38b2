package io.ringdown.gateway.call;

import io.ringdown.gateway.guard.Refusal;
import io.ringdown.sip.HangupReason;
import io.ringdown.sip.Rejection;
import io.ringdown.sip.TrunkFailure;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * The registry of everything that ends a call. Each case carries what it is called on the wire and in metrics, what the
 * user reads, whose doing it is, whether the same call may work in a moment, and how a trunk is told of it. The codes are
 * promised in docs/protocol.md: they are never renamed.
 */
public enum EndCause {
    NORMAL("The call was ended.", "", Blame.NONE, false, 480, 16),
    CANCELLED("The call was cancelled before it was answered.", "", Blame.CALLER, false, 487, 16),
    DECLINED("The call was declined.", "", Blame.CALLEE, false, 603, 21),
    ANSWERED_ELSEWHERE("The call was answered somewhere else.", "", Blame.NONE, false, 480, 26),
    BUSY("The number is busy.", "Try again in a few minutes.", Blame.CALLEE, true, 486, 17),
    NO_ANSWER("Nobody answered.", "Try again later.", Blame.CALLEE, true, 480, 19),
    REJECTED("The call was rejected.", "", Blame.CALLEE, false, 603, 21),
    UNKNOWN_NUMBER(
            "This number does not exist.", "Check the number, with its country code.", Blame.CALLER, false, 404, 1),
    NUMBER_CHANGED("This number has changed.", "Ask for the new number.", Blame.CALLER, false, 410, 22),
    UNAVAILABLE("Nobody can be reached at this number now.", "Try again later.", Blame.CALLEE, true, 480, 20),
    CONGESTION("The telephone network is busy.", "Try again in a moment.", Blame.TRUNK, true, 503, 42),
    FORBIDDEN(
            "The telephone network does not allow this call.",
            "Ask whoever runs this service whether the number may be called.",
            Blame.TRUNK,
            false,
            403,
            57),
    NOT_PERMITTED(
            "This call is not permitted.",
            "Ask whoever runs this service whether the number may be called.",
            Blame.CALLER,
            false,
            403,
            57),
    LIMIT_REACHED("No more calls can be made just now.", "Try again later.", Blame.CALLER, true, 503, 42),
    TIME_IS_UP("The call has reached its longest time.", "", Blame.NONE, false, 480, 16),
    MEDIA_NOT_ACCEPTABLE(
            "Both ends have no way of carrying sound in common.",
            "Ask whoever runs this service to compare the codecs of the trunk.",
            Blame.TRUNK,
            false,
            488,
            65),
    MEDIA_UNREACHABLE(
            "Sound cannot get through between this browser and the gateway.",
            "A firewall may block UDP, or the gateway may advertise an address that cannot be reached from here.",
            Blame.NETWORK,
            true,
            480,
            41),
    MEDIA_LOST(
            "The connection to the browser was lost.",
            "Check the network connection and call again.",
            Blame.NETWORK,
            true,
            480,
            41),
    MEDIA_REFUSED(
            "The browser's offer cannot be answered.",
            "The offer needs one audio section with Opus or G.711 over DTLS-SRTP.",
            Blame.CALLER,
            false,
            488,
            65),
    TRUNK_SILENT(
            "No sound has come from the telephone network for a minute.", "Call again.", Blame.TRUNK, true, 480, 41),
    TRUNK_UNREACHABLE(
            "The telephone network does not answer.",
            "Try again in a moment; if it goes on, tell whoever runs this service.",
            Blame.TRUNK,
            true,
            503,
            38),
    TRUNK_UNAUTHORIZED(
            "The telephone network does not accept this gateway.",
            "Whoever runs this service should check the trunk's user name and password.",
            Blame.GATEWAY,
            false,
            503,
            57),
    NO_ROUTE(
            "No trunk is configured for this number.",
            "Check the number, or add its prefix to a trunk in the configuration.",
            Blame.CALLER,
            false,
            404,
            3),
    BAD_NUMBER(
            "This is not a telephone number.",
            "Digits, with + and the country code in front.",
            Blame.CALLER,
            false,
            484,
            28),
    EMERGENCY_NOT_AVAILABLE(
            "This service cannot make emergency calls.",
            "Use another phone for this call now.",
            Blame.GATEWAY,
            false,
            404,
            3),
    TRANSFERRED("The call was transferred.", "", Blame.NONE, false, 480, 16),
    TOO_MANY_CALLS("You have too many calls at once.", "End one of them first.", Blame.CALLER, true, 486, 17),
    OVERLOADED("The gateway is busy.", "Try again in a moment.", Blame.GATEWAY, true, 503, 42),
    SHUTDOWN("The gateway is being restarted.", "Try again in a moment.", Blame.GATEWAY, true, 503, 41),
    INTERRUPTED("The gateway was interrupted.", "Call again.", Blame.GATEWAY, true, 503, 41),
    SOCKET_LOST("The browser went away and did not come back.", "", Blame.NETWORK, true, 480, 41),
    INTERNAL("Something went wrong in the gateway.", "The gateway's log says what.", Blame.GATEWAY, true, 500, 41);

    /** Whose doing it is. */
    public enum Blame {
        NONE,
        CALLER,
        CALLEE,
        TRUNK,
        GATEWAY,
        NETWORK;

        /** As the protocol writes it. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final String text;
    private final String hint;
    private final Blame blame;
    private final boolean retry;
    private final int sip;
    private final int q850;

    EndCause(String text, String hint, Blame blame, boolean retry, int sip, int q850) {
        this.text = text;
        this.hint = hint;
        this.blame = blame;
        this.retry = retry;
        this.sip = sip;
        this.q850 = q850;
    }

    /** The stable code of the protocol, also the label in metrics. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** One sentence for the user. */
    public String text() {
        return text;
    }

    /** What would help; empty where nothing would. */
    public String hint() {
        return hint;
    }

    public Blame blame() {
        return blame;
    }

    /** Whether the same call may work in a moment. */
    public boolean retry() {
        return retry;
    }

    /** The final response that a trunk gets for an inbound call that ends so before its answer. */
    public int sip() {
        return sip;
    }

    /** The cause of ITU-T Q.850 that a trunk is told. */
    public int q850() {
        return q850;
    }

    /** How a trunk is told in BYE or CANCEL. */
    public HangupReason hangupReason() {
        return new HangupReason(q850, text);
    }

    /** How a trunk is told that its call is not taken. */
    public Rejection rejection() {
        return new Rejection(sip, hangupReason());
    }

    /** What the guard's refusal means; who calls is not told by which rule. */
    public static EndCause of(Refusal refusal) {
        return refusal.reason().isLimit() ? LIMIT_REACHED : NOT_PERMITTED;
    }

    /** What a trunk's refusal means. */
    public static EndCause of(TrunkFailure failure) {
        return switch (failure) {
            case TrunkFailure.Refused refused -> ofStatus(refused.status(), refused.q850());
            case TrunkFailure.Silent _ -> TRUNK_UNREACHABLE;
            case TrunkFailure.Unreachable _ -> TRUNK_UNREACHABLE;
            case TrunkFailure.Unauthorized _ -> TRUNK_UNAUTHORIZED;
            case TrunkFailure.Unanswered _ -> NO_ANSWER;
            case TrunkFailure.Cancelled _ -> CANCELLED;
        };
    }

    /**
     * What a final SIP response means. Statuses that name the reason decide by themselves; behind those that gateways use
     * for anything (403, 408, 480, 487, 5xx, …) the Q.850 cause, where there is one, knows better (RFC 3398 §8.2.6.1 read
     * backwards, RFC 6432).
     */
    public static EndCause ofStatus(int status, OptionalInt q850) {
        return switch (status) {
            case 486, 600 -> BUSY;
            case 603, 607, 608 -> q850.isPresent() && q850.getAsInt() == 17 ? BUSY : REJECTED;
            case 410 -> NUMBER_CHANGED;
            case 484 -> BAD_NUMBER;
            case 404, 604, 416, 485 -> UNKNOWN_NUMBER;
            case 415, 488, 606 -> MEDIA_NOT_ACCEPTABLE;
            case 401, 407 -> TRUNK_UNAUTHORIZED;
            default -> q850.isPresent() ? ofQ850(q850.getAsInt(), status) : byStatusAlone(status);
        };
    }

    private static EndCause byStatusAlone(int status) {
        return switch (status) {
            case 402, 403, 405, 406, 428, 433, 436, 437, 438 -> FORBIDDEN;
            case 408, 480 -> status == 408 ? NO_ANSWER : UNAVAILABLE;
            case 487 -> CANCELLED;
            case 500, 501, 502, 503, 504, 580 -> CONGESTION;
            default -> status >= 600 ? REJECTED : status >= 500 ? CONGESTION : UNAVAILABLE;
        };
    }

    /** What a cause of ITU-T Q.850 means; {@code status} decides where the cause says nothing. */
    static EndCause ofQ850(int q850, int status) {
        return switch (q850) {
            case 1 -> UNKNOWN_NUMBER;
            case 2, 3 -> UNAVAILABLE;
            case 17 -> BUSY;
            case 18, 19 -> NO_ANSWER;
            case 20, 27 -> UNAVAILABLE;
            case 21 -> REJECTED;
            case 22, 23 -> NUMBER_CHANGED;
            case 26 -> ANSWERED_ELSEWHERE;
            case 28 -> BAD_NUMBER;
            case 34, 38, 41, 42, 43, 44, 46, 47 -> CONGESTION;
            case 29, 50, 52, 53, 54, 55, 57, 87 -> FORBIDDEN;
            case 58, 63, 65, 66, 69, 70, 79, 88 -> MEDIA_NOT_ACCEPTABLE;
            default -> byStatusAlone(status);
        };
    }

    /** How an answered call ended, by the cause in the trunk's BYE. */
    static EndCause ofTrunkEnd(OptionalInt q850) {
        return q850.isEmpty()
                ? NORMAL
                : switch (q850.getAsInt()) {
                    case 34, 38, 41, 42, 43, 44, 46, 47 -> CONGESTION;
                    default -> NORMAL;
                };
    }
}
