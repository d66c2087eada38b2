package io.ringdown.bench;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The numbers that are called: they name the place on the board, and which call of that place it is. */
final class Numbers {
    private static final Pattern NUMBER = Pattern.compile("\\+1202(\\d{4})(\\d{6})");
    private static final int SERIALS = 1_000_000;

    /** As many calls at once as numbers can tell apart. */
    static final int MOST_PLACES = 10_000;

    private Numbers() {}

    static String of(int place, long serial) {
        return "+1202%04d%06d".formatted(place, serial % SERIALS);
    }

    /** The place that a number of ours names, unless the call of that place is another one by now. */
    static OptionalInt place(String number, Board board) {
        Matcher matcher = NUMBER.matcher(number);
        if (!matcher.matches()) {
            return OptionalInt.empty();
        }
        int place = Integer.parseInt(matcher.group(1));
        long serial = Long.parseLong(matcher.group(2));
        return place < board.places() && board.get(place, Board.Fact.SERIAL) % SERIALS == serial
                ? OptionalInt.of(place)
                : OptionalInt.empty();
    }
}
