package io.ringdown.sip.dialog;

import io.ringdown.sip.HangupReason;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Reason header of RFC 3326. */
public final class Reason {
    private static final Pattern Q850 = Pattern.compile(
            "(?i)(?:^|,)\\s*Q\\.850\\s*((?:;\\s*[A-Za-z0-9-]+\\s*(?:=\\s*(?:\"(?:[^\"\\\\]|\\\\.)*+\"|[^\";,\\s]*+))?\\s*)*+)");
    private static final Pattern CAUSE = Pattern.compile("(?i);\\s*cause\\s*=\\s*\"?(\\d{1,3})(?!\\d)");

    private Reason() {}

    /** The Q.850 cause that one of the header's values names; empty where none does, or not 1 to 127. */
    public static OptionalInt q850(List<String> values) {
        for (String value : values) {
            Matcher m = Q850.matcher(value.length() > 512 ? value.substring(0, 512) : value);
            while (m.find()) {
                Matcher cause = CAUSE.matcher(m.group(1));
                if (cause.find()) {
                    int number = Integer.parseInt(cause.group(1));
                    if (number >= 1 && number <= 127) {
                        return OptionalInt.of(number);
                    }
                }
            }
        }
        return OptionalInt.empty();
    }

    /** Our own Reason. */
    public static SipHeader of(HangupReason reason) {
        return new SipHeader("Reason", "Q.850;cause=" + reason.q850() + ";text=" + SipText.quoted(reason.text()));
    }
}
