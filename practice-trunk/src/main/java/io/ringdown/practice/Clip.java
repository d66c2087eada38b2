package io.ringdown.practice;

import io.ringdown.dtmf.Digit;
import java.util.Locale;
import java.util.Optional;

/** A recorded prompt; the texts are in {@code practice-trunk/prompts}. */
enum Clip {
    DIGIT_0,
    DIGIT_1,
    DIGIT_2,
    DIGIT_3,
    DIGIT_4,
    DIGIT_5,
    DIGIT_6,
    DIGIT_7,
    DIGIT_8,
    DIGIT_9,
    DIGIT_STAR,
    DIGIT_A,
    DIGIT_B,
    DIGIT_C,
    DIGIT_D,
    WELCOME,
    AGAIN,
    NOTHING,
    YOU_PRESSED,
    GOODBYE,
    EARLY,
    ANSWERED,
    TEN_SECONDS,
    SENDING_DIGITS,
    DIGITS_SENT,
    RING_YOU,
    NO_NUMBER,
    HELLO,
    MONOLOGUE,
    LOCATION_DOCUMENT,
    LOCATION_LINK,
    NO_LOCATION;

    /** How a digit is read out; the hash key ends what is read and is not itself. */
    static Optional<Clip> of(Digit digit) {
        return switch (digit.character()) {
            case '#' -> Optional.empty();
            case '*' -> Optional.of(DIGIT_STAR);
            default -> Optional.of(valueOf("DIGIT_" + digit.character()));
        };
    }

    String resource() {
        return "prompts/" + name().toLowerCase(Locale.ROOT).replace('_', '-') + ".ul";
    }
}
