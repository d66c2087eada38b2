package io.ringdown.sip.dialog;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The piece of a SIP message (RFC 3420) by which a NOTIFY tells how a call is getting on (RFC 3515 2.4.5). */
final class Sipfrag {
    static final String MEDIA_TYPE = "message/sipfrag";

    /** The longest body that is looked into, in bytes: a status line has a few dozen, some send the whole response. */
    static final int MAX_BYTES = 4096;

    private static final Pattern STATUS_LINE =
            Pattern.compile("(?m)^[ \\t]*SIP/2\\.0[ \\t]+([1-6][0-9]{2})(?![0-9])", Pattern.CASE_INSENSITIVE);

    private Sipfrag() {}

    /** The status of the first status line; empty where there is none. */
    static OptionalInt status(String body) {
        Matcher line = STATUS_LINE.matcher(body.length() > MAX_BYTES ? body.substring(0, MAX_BYTES) : body);
        return line.find() ? OptionalInt.of(Integer.parseInt(line.group(1))) : OptionalInt.empty();
    }

    /** A status line with a reason phrase of RFC 3261 21: nothing that a third party has said. */
    static String of(int status) {
        return "SIP/2.0 " + status + " " + phrase(status) + "\r\n";
    }

    private static String phrase(int status) {
        return switch (status) {
            case 100 -> "Trying";
            case 180 -> "Ringing";
            case 183 -> "Session Progress";
            case 200 -> "OK";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 408 -> "Request Timeout";
            case 480 -> "Temporarily Unavailable";
            case 481 -> "Call/Transaction Does Not Exist";
            case 484 -> "Address Incomplete";
            case 486 -> "Busy Here";
            case 487 -> "Request Terminated";
            case 488 -> "Not Acceptable Here";
            case 500 -> "Server Internal Error";
            case 503 -> "Service Unavailable";
            case 600 -> "Busy Everywhere";
            case 603 -> "Decline";
            case 604 -> "Does Not Exist Anywhere";
            default -> ofClass(status / 100);
        };
    }

    private static String ofClass(int hundreds) {
        return switch (hundreds) {
            case 1 -> "Progress";
            case 2 -> "OK";
            case 3 -> "Redirected";
            case 4 -> "Request Failure";
            case 5 -> "Server Failure";
            default -> "Global Failure";
        };
    }
}
