package io.ringdown.bench.fidelity;

import io.ringdown.bench.WholeNumber;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the command line asks for.
 *
 * @param part which tables
 * @param patterns the columns of the repairs
 * @param takes how often each cell is measured, each time with another seed
 * @param seed the first one
 * @param json where the figures go besides the terminal
 * @param svg where the plot goes
 */
record FidelityOptions(
        Part part, List<Pattern> patterns, int takes, long seed, Optional<Path> json, Optional<Path> svg) {
    private static final int MOST_TAKES = 100;

    /** Which tables are made. */
    enum Part {
        REPAIRS,
        ANSWER,
        ENCODER,
        ALL
    }

    /** Reads options; else IllegalArgumentException with what is wrong. */
    static FidelityOptions parse(List<String> words) {
        FidelityOptions options =
                new FidelityOptions(Part.REPAIRS, Pattern.usual(), 2, 1, Optional.empty(), Optional.empty());
        for (int i = 0; i < words.size(); i += 2) {
            String word = words.get(i);
            if (i + 1 == words.size()) {
                throw new IllegalArgumentException(word + " needs a value, or is no option; bench help lists them");
            }
            options = options.with(word, words.get(i + 1));
        }
        return options;
    }

    private FidelityOptions with(String word, String value) {
        return switch (word) {
            case "--part" -> new FidelityOptions(part(value), patterns, takes, seed, json, svg);
            case "--patterns" -> new FidelityOptions(part, Pattern.parse(value), takes, seed, json, svg);
            case "--takes" ->
                new FidelityOptions(
                        part, patterns, (int) WholeNumber.within(word, value, 1, MOST_TAKES), seed, json, svg);
            case "--seed" ->
                new FidelityOptions(
                        part, patterns, takes, WholeNumber.within(word, value, 1, Long.MAX_VALUE), json, svg);
            case "--json" -> new FidelityOptions(part, patterns, takes, seed, Optional.of(Path.of(value)), svg);
            case "--svg" -> new FidelityOptions(part, patterns, takes, seed, json, Optional.of(Path.of(value)));
            default -> throw new IllegalArgumentException(word + " is no option; bench help lists them");
        };
    }

    private static Part part(String value) {
        for (Part part : Part.values()) {
            if (part.name().equalsIgnoreCase(value)) {
                return part;
            }
        }
        throw new IllegalArgumentException("--part: " + value + " is none of repairs, answer, encoder, all");
    }
}
