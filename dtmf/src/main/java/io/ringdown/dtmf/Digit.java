package io.ringdown.dtmf;

import java.util.Optional;

/**
 * One DTMF digit: {@code 0-9 * # A-D} (events 0 to 15 of RFC 4733 §3.2). Its text form is masked, because digits are card
 * numbers and PINs: only {@link #character()} tells it.
 */
public final class Digit {
    private static final String CHARACTERS = "0123456789*#ABCD";
    private static final Digit[] ALL = new Digit[CHARACTERS.length()];

    static {
        for (int event = 0; event < ALL.length; event++) {
            ALL[event] = new Digit(event);
        }
    }

    private final int event;

    private Digit(int event) {
        this.event = event;
    }

    /** The digit written as {@code character}; lower case letters count as upper case. */
    public static Optional<Digit> of(char character) {
        int event = CHARACTERS.indexOf(Character.toUpperCase(character));
        return event < 0 ? Optional.empty() : Optional.of(ALL[event]);
    }

    /** The digit with this RFC 4733 event code, if it is one of 0 to 15. */
    public static Optional<Digit> ofEvent(int event) {
        return event < 0 || event >= ALL.length ? Optional.empty() : Optional.of(ALL[event]);
    }

    /** The event code of RFC 4733 §3.2, 0 to 15. */
    public int event() {
        return event;
    }

    public char character() {
        return CHARACTERS.charAt(event);
    }

    @Override
    public String toString() {
        return "Digit[masked]";
    }
}
