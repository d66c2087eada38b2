package io.ringdown.sip.dialog;

import io.ringdown.sip.HangupReason;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** The Reason header of RFC 3326. */
public final class Reason {
    private static final int MAX_LENGTH = 512;

    private Reason() {}

    /** The Q.850 cause that one of the header's values names; empty where none does, or not 1 to 127. */
    public static OptionalInt q850(List<String> values) {
        for (String value : values) {
            for (String one : split(value, ',')) {
                List<String> parts = split(one, ';');
                if (parts.getFirst().strip().equalsIgnoreCase("Q.850")) {
                    OptionalInt cause = cause(parts.subList(1, parts.size()));
                    if (cause.isPresent()) {
                        return cause;
                    }
                }
            }
        }
        return OptionalInt.empty();
    }

    private static OptionalInt cause(List<String> parameters) {
        for (String parameter : parameters) {
            int equals = parameter.indexOf('=');
            if (equals > 0 && parameter.substring(0, equals).strip().equalsIgnoreCase("cause")) {
                String number = parameter.substring(equals + 1).strip().replace("\"", "");
                if (number.matches("[0-9]{1,3}")) {
                    int cause = Integer.parseInt(number);
                    return cause >= 1 && cause <= 127 ? OptionalInt.of(cause) : OptionalInt.empty();
                }
            }
        }
        return OptionalInt.empty();
    }

    // Quoted text, which anybody may have written, is not looked into.
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean quoted = false;
        int end = Math.min(text.length(), MAX_LENGTH);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\' && i + 1 < end) {
                part.append(c).append(text.charAt(++i));
                continue;
            }
            quoted ^= c == '"';
            if (c == separator && !quoted) {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        parts.add(part.toString());
        return parts;
    }

    /** Our own Reason. */
    public static SipHeader of(HangupReason reason) {
        return new SipHeader("Reason", "Q.850;cause=" + reason.q850() + ";text=" + SipText.quoted(reason.text()));
    }
}
