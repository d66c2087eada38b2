package io.ringdown.evidence;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Each row with what shows it. Of a run that was tried again the last outcome counts. Pure; {@link #main} reads what the
 * listeners have written and prints it.
 */
public final class RowTable {
    private static final int TITLE_WIDTH = 23;
    private static final int STATE_WIDTH = 9;
    private static final int TESTS_WIDTH = 12;

    private final Map<Row, Collection<Outcome>> rows = new LinkedHashMap<>();

    RowTable(List<Outcome> outcomes) {
        for (Row row : Row.values()) {
            Map<String, Outcome> last = new TreeMap<>();
            outcomes.stream().filter(outcome -> outcome.row() == row).forEach(outcome -> {
                last.remove(outcome.owner()); // its class had failed as a whole, and was tried again
                last.remove(outcome.test()); // so may a test with several runs have
                last.put((outcome.test() + ' ' + outcome.run()).strip(), outcome);
            });
            rows.put(row, last.values());
        }
    }

    /** How a row stands. */
    enum State {
        /** Every test of it is green, with a program of somebody else's, browsers apart, beside one at least. */
        GREEN,
        /** A test of it is red. */
        RED,
        /** What is green of it has met no trunk but ourselves, which shows nothing. */
        ALONE,
        /** It has no test, or one that has not run to its end. */
        NOT_RUN
    }

    State state(Row row) {
        Collection<Outcome> all = outcomes(row);
        if (all.stream().anyMatch(outcome -> outcome.verdict() == Outcome.Verdict.RED)) {
            return State.RED;
        }
        if (all.isEmpty() || all.stream().anyMatch(outcome -> outcome.verdict() == Outcome.Verdict.NOT_RUN)) {
            return State.NOT_RUN;
        }
        return met(all).stream().anyMatch(RowTable::isOfTheTrunk) ? State.GREEN : State.ALONE;
    }

    private static boolean isOfTheTrunk(String met) {
        return Arrays.stream(Peer.values()).anyMatch(peer -> peer.isOfTheTrunk() && peer.isNamedIn(met));
    }

    /** Whether every row is green. */
    boolean isGreen() {
        return Arrays.stream(Row.values()).allMatch(row -> state(row) == State.GREEN);
    }

    /** A line for each row: its state, how many tests and runs of tests, whom they met; below it the tests that are not green. */
    String text() {
        StringBuilder text = new StringBuilder(line("row", "state", "tests/runs", "with"));
        for (Row row : Row.values()) {
            Collection<Outcome> all = outcomes(row);
            long tests = all.stream().map(Outcome::test).distinct().count();
            text.append(line(row.title(), word(state(row)), tests + "/" + all.size(), peers(all)));
            all.stream()
                    .filter(outcome -> outcome.verdict() != Outcome.Verdict.GREEN)
                    .forEach(outcome -> text.append("  ")
                            .append(outcome.verdict() == Outcome.Verdict.RED ? "red: " : "not run: ")
                            .append(outcome.test())
                            .append(' ')
                            .append(outcome.run())
                            .append('\n'));
        }
        return text.toString();
    }

    /** Each row with each of its tests and the scenarios and peers of each. */
    String details() {
        StringBuilder text = new StringBuilder();
        rows.forEach((row, all) -> {
            text.append(row.title()).append(": ").append(word(state(row))).append(System.lineSeparator());
            Map<String, List<Outcome>> tests =
                    all.stream().collect(Collectors.groupingBy(Outcome::test, TreeMap::new, Collectors.toList()));
            tests.forEach((test, runs) -> {
                long green = runs.stream()
                        .filter(run -> run.verdict() == Outcome.Verdict.GREEN)
                        .count();
                text.append("  %s (%d of %d green)%n".formatted(test, green, runs.size()));
                met(runs).forEach(peer -> text.append("    ").append(peer).append(System.lineSeparator()));
            });
        });
        return text.toString();
    }

    private Collection<Outcome> outcomes(Row row) {
        return rows.getOrDefault(row, List.of());
    }

    private static String line(String title, String state, String tests, String peers) {
        String left = pad(title, TITLE_WIDTH) + pad(state, STATE_WIDTH) + pad(tests, TESTS_WIDTH);
        return (left + peers).stripTrailing() + '\n';
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }

    private static String word(State state) {
        return switch (state) {
            case GREEN -> "green";
            case RED -> "RED";
            case ALONE -> "ALONE";
            case NOT_RUN -> "NOT RUN";
        };
    }

    /** Who was there, those with scenarios once and with their number: {@code Kamailio, SIPp (12 scenarios)}. */
    private static String peers(Collection<Outcome> outcomes) {
        Map<String, List<String>> byName = met(outcomes).stream()
                .collect(Collectors.groupingBy(peer -> peer.split(" ", 2)[0], TreeMap::new, Collectors.toList()));
        List<String> shown = new ArrayList<>();
        byName.forEach((name, how) -> {
            long scenarios = how.stream().filter(peer -> peer.contains(" ")).count();
            shown.add(
                    scenarios == 0
                            ? name
                            : "%s (%d %s)".formatted(name, scenarios, scenarios == 1 ? "scenario" : "scenarios"));
        });
        return String.join(", ", shown);
    }

    private static Set<String> met(Collection<Outcome> outcomes) {
        return outcomes.stream()
                .flatMap(outcome -> Stream.of(outcome.peers().split(",", -1)))
                .filter(peer -> !peer.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Prints the table of the source tree whose root is named, writes its details into the file that is named next, and ends
     * with 1 where a row is not green.
     */
    public static void main(String[] arguments) throws IOException {
        RowTable table = new RowTable(written(Path.of(arguments[0])));
        System.out.print(table.text());
        Files.writeString(Path.of(arguments[1]), table.details());
        if (!table.isGreen()) {
            System.exit(1);
        }
    }

    private static List<Outcome> written(Path root) throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path folder : modules.map(module -> module.resolve("target/rows"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.list(folder)) {
                    for (Path file : files.toList()) {
                        Files.readAllLines(file, StandardCharsets.UTF_8)
                                .forEach(line -> outcomes.add(Outcome.of(line)));
                    }
                }
            }
        }
        return outcomes;
    }
}
