package io.ringdown.bench.digits;

import io.ringdown.bench.WholeNumber;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the command line asks for.
 *
 * @param presses of each road under each condition, at least; as many as there are streams share them
 * @param seed of everything
 * @param json where the figures go besides the terminal
 */
record DigitsOptions(int presses, long seed, Optional<Path> json) {
    private static final int MOST = 100_000;

    /** Reads options; else IllegalArgumentException with what is wrong. */
    static DigitsOptions parse(List<String> words) {
        DigitsOptions options = new DigitsOptions(500, 1, Optional.empty());
        for (int i = 0; i < words.size(); i += 2) {
            String word = words.get(i);
            if (i + 1 == words.size()) {
                throw new IllegalArgumentException(word + " needs a value, or is no option; bench help lists them");
            }
            options = options.with(word, words.get(i + 1));
        }
        return options;
    }

    private DigitsOptions with(String word, String value) {
        return switch (word) {
            case "--presses" -> new DigitsOptions((int) WholeNumber.within(word, value, 1, MOST), seed, json);
            case "--seed" -> new DigitsOptions(presses, WholeNumber.within(word, value, 0, MOST), json);
            case "--json" -> new DigitsOptions(presses, seed, Optional.of(Path.of(value)));
            default -> throw new IllegalArgumentException(word + " is no option; bench help lists them");
        };
    }
}
