package io.ringdown.conf;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration is not usable: carries everything that is wrong with it, in the order of the file. Immutable. */
public final class SettingsException extends Exception {
    private final transient List<Problem> problems;

    SettingsException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining(System.lineSeparator())));
        this.problems = List.copyOf(problems);
    }

    /** Everything that is wrong; never empty. */
    public List<Problem> problems() {
        return problems;
    }
}
