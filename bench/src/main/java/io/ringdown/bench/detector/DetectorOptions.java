package io.ringdown.bench.detector;

import io.ringdown.bench.WholeNumber;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the command line asks for.
 *
 * @param presses of each condition
 * @param minutes of speech; 0 for none
 * @param seed of everything
 * @param json where the figures go besides the terminal
 */
record DetectorOptions(int presses, int minutes, long seed, Optional<Path> json) {
    private static final int MOST = 100_000;

    /** Reads options; else IllegalArgumentException with what is wrong. */
    static DetectorOptions parse(List<String> words) {
        DetectorOptions options = new DetectorOptions(1_000, 60, 1, Optional.empty());
        for (int i = 0; i < words.size(); i += 2) {
            String word = words.get(i);
            if (i + 1 == words.size()) {
                throw new IllegalArgumentException(word + " needs a value, or is no option; bench help lists them");
            }
            options = options.with(word, words.get(i + 1));
        }
        return options;
    }

    private DetectorOptions with(String word, String value) {
        return switch (word) {
            case "--presses" ->
                new DetectorOptions((int) WholeNumber.within(word, value, 1, MOST), minutes, seed, json);
            case "--minutes" ->
                new DetectorOptions(presses, (int) WholeNumber.within(word, value, 0, MOST), seed, json);
            case "--seed" -> new DetectorOptions(presses, minutes, WholeNumber.within(word, value, 0, MOST), json);
            case "--json" -> new DetectorOptions(presses, minutes, seed, Optional.of(Path.of(value)));
            default -> throw new IllegalArgumentException(word + " is no option; bench help lists them");
        };
    }
}
