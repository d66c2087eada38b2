package io.ringdown.dtmf;

import java.util.Locale;
import java.util.Optional;

/**
 * What the body of a SIP INFO says of a key: {@code application/dtmf-relay} ({@code Signal=5}, {@code Duration=160}) and {@code
 * application/dtmf} (the key alone). No RFC defines either; this reads what is sent and writes the form of
 * draft-kaplan-dispatch-info-dtmf-package-00 §5.2, which all can read. Pure. The text of a body is a digit: it belongs in no
 * log, and nothing here repeats it.
 */
public sealed interface DtmfBody {
    /** Content-Type of the form with a length. */
    String DTMF_RELAY = "application/dtmf-relay";

    /** Content-Type of the form without. */
    String DTMF = "application/dtmf";

    /** A key was pressed. {@code lengthMillis} is {@link #UNSAID_MILLIS} where nothing is said of it. */
    record Press(Digit digit, int lengthMillis) implements DtmfBody {}

    /** The hook was flashed: event 16, {@code flash}, {@code hf} or {@code !}. */
    record Flash() implements DtmfBody {}

    /** No body of a key, or not of one key alone. */
    record Unreadable(Reason reason) implements DtmfBody {}

    /** Why a body says nothing. */
    enum Reason {
        /** Neither of the two content types. */
        OTHER_TYPE,
        /** More than {@link #MOST_LENGTH} characters. */
        TOO_LONG,
        /** There is no key in it. */
        NO_SIGNAL,
        /** There is something else than one key in it. */
        NOT_ONE_KEY
    }

    /** What a press lasts of which that is not said, as gateways commonly take it. */
    int UNSAID_MILLIS = 250;

    /** The longest press that a body may state; more counts as this much. */
    int MOST_MILLIS = 60_000;

    /** The longest body that is looked at, in characters. */
    int MOST_LENGTH = 128;

    /** Whether a body of this Content-Type, whatever its parameters, is one of a key. */
    static boolean isOne(String contentType) {
        String type = typeOf(contentType);
        return type.equals(DTMF_RELAY) || type.equals(DTMF);
    }

    /** Reads a body. Both content types may carry either form. */
    static DtmfBody parse(String contentType, String body) {
        if (!isOne(contentType)) {
            return new Unreadable(Reason.OTHER_TYPE);
        }
        if (body.length() > MOST_LENGTH) {
            return new Unreadable(Reason.TOO_LONG);
        }
        Optional<String> signal = valueOf("signal", body);
        if (signal.isEmpty() && body.indexOf('=') >= 0) {
            return new Unreadable(Reason.NO_SIGNAL);
        }
        return key(
                signal.orElse(body).strip(),
                valueOf("duration", body).map(DtmfBody::millis).orElse(UNSAID_MILLIS));
    }

    /** The body of {@link #DTMF_RELAY}. */
    static String relay(Digit digit, long lengthMillis) {
        return "Signal=" + digit.character() + "\r\nDuration=" + Math.clamp(lengthMillis, 1, MOST_MILLIS) + "\r\n";
    }

    /** The body of {@link #DTMF}. */
    static String dtmf(Digit digit) {
        return String.valueOf(digit.character());
    }

    private static String typeOf(String contentType) {
        int parameters = contentType.indexOf(';');
        String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return type.strip().toLowerCase(Locale.ROOT);
    }

    /** What stands behind the first {@code name=} that begins a line. */
    private static Optional<String> valueOf(String name, String body) {
        return body.lines()
                .map(String::strip)
                .filter(line -> line.regionMatches(true, 0, name, 0, name.length()))
                .map(line -> line.substring(name.length()).strip())
                .filter(rest -> rest.startsWith("="))
                .map(rest -> rest.substring(1).strip())
                .findFirst();
    }

    private static DtmfBody key(String key, int lengthMillis) {
        if (key.isEmpty()) {
            return new Unreadable(Reason.NO_SIGNAL);
        }
        if (key.equals("!") || key.equalsIgnoreCase("flash") || key.equalsIgnoreCase("hf")) {
            return new Flash();
        }
        Optional<Digit> digit = key.length() == 1 ? Digit.of(key.charAt(0)) : Digit.ofEvent(event(key));
        if (digit.isPresent()) {
            return new Press(digit.get(), lengthMillis);
        }
        return event(key) < 0 ? new Unreadable(Reason.NOT_ONE_KEY) : new Flash();
    }

    /** The event code of 10 to 16 that is written in place of a key, or −1: a leading zero would make it two keys. */
    private static int event(String key) {
        boolean isNumber = key.length() == 2 && key.charAt(0) == '1' && key.charAt(1) >= '0' && key.charAt(1) <= '6';
        return isNumber ? 10 + key.charAt(1) - '0' : -1;
    }

    /** The leading number, bounded; a press of no length, or of none that can be read, has the usual one. */
    private static int millis(String value) {
        int millis = 0;
        for (int i = 0; i < value.length() && value.charAt(i) >= '0' && value.charAt(i) <= '9'; i++) {
            millis = Math.min(MOST_MILLIS, 10 * millis + value.charAt(i) - '0');
        }
        return millis == 0 ? UNSAID_MILLIS : millis;
    }
}
