package io.ringdown.dtmf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One item of a string of digits to press. */
public sealed interface Stroke {
    /** The most that one message may carry. */
    int MOST = 64;

    /** A digit. */
    record Press(Digit digit) implements Stroke {}

    /** A pause of 2 s, written as a comma (as in RTCDTMFSender). */
    record Pause() implements Stroke {}

    /** Reads {@code 0-9 * # A-D} and commas; empty if there is anything else in it, or none, or too many. */
    static Optional<List<Stroke>> parse(String digits) {
        List<Stroke> strokes = new ArrayList<>(digits.length());
        for (int i = 0; i < digits.length() && strokes.size() <= MOST; i++) {
            char character = digits.charAt(i);
            Optional<Digit> digit = Digit.of(character);
            if (digit.isEmpty() && character != ',') {
                return Optional.empty();
            }
            strokes.add(digit.<Stroke>map(Press::new).orElseGet(Pause::new));
        }
        return strokes.isEmpty() || strokes.size() > MOST ? Optional.empty() : Optional.of(List.copyOf(strokes));
    }
}
