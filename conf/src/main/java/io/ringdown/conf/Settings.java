package io.ringdown.conf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Binds a configuration file, and the variables of the environment above it, to a record. Stateless; any thread.
 *
 * <p>A component {@code webPorts} is the key {@code web-ports}. A key that is absent, or has nothing behind it, is what the
 * record's own {@code public static X defaults()} says; without that it must be there, unless it is {@code Optional},
 * {@code List}, {@code Set} or {@code Map}, which are empty then. Keys that a record names in a
 * {@code public static Set<String> required()} must be there although it has defaults. A list or map that is written replaces the default whole; one value is a list of one.
 * Types: {@code String}, {@code int}, {@code long}, {@code double}, {@code boolean}, {@code Duration} ({@code 4s},
 * {@code 500ms}, {@code 1m30s}), {@code InetAddress} and {@code InetSocketAddress} (literals only), {@code Path},
 * {@code URI}, enums in kebab-case, {@code Optional} and its kin, {@code List}, {@code Set}, {@code Map<String, T>} (in the order of the file; {@code SequencedMap} if that matters), records,
 * and every type with a {@code public static T parse(String)}. A {@code String} is the text as it was written: {@code 0049},
 * {@code NO} and {@code 12:30} stay what they are, and so does <code>${env:HOME}</code>.
 *
 * <p>Records check themselves in the compact constructor and throw {@link IllegalArgumentException} with the message
 * {@code key: what is wrong; what would be right}. Values are masked in problems where the name of the key or of the type
 * says that it is a secret.
 *
 * <p>A variable {@code RINGDOWN_MEDIA_WEB_PORTS} overrides {@code media.web.ports}: capitals, and {@code _} for everything
 * that is no letter or digit. Lists of values are written with commas. Names of trunks and users count as they stand in the
 * file. A variable that names no key, or two, is a problem, except for {@code RINGDOWN_JAVA...} (the launcher's) and what a
 * cluster sets for a service of our name.
 */
public final class Settings {
    private Settings() {}

    /**
     * Reads {@code file} under {@code environment} as an {@code R}.
     *
     * @throws SettingsException with everything that is wrong, not only the first
     * @throws IllegalArgumentException if {@code type} holds what no setting can be: a mistake in the program
     */
    public static <R extends Record> R read(Path file, Map<String, String> environment, Class<R> type)
            throws SettingsException {
        List<Problem> problems = new ArrayList<>();
        Optional<SettingsTree> tree = YamlSource.read(file, problems);
        return bind(tree, environment, type, problems);
    }

    /** Reads settings that are given by {@code environment} alone. */
    public static <R extends Record> R read(Map<String, String> environment, Class<R> type) throws SettingsException {
        SettingsTree tree = new SettingsTree(Map.of(), new Layout(new Place.Nowhere()));
        return bind(Optional.of(tree), environment, type, new ArrayList<>());
    }

    static <R extends Record> R parse(Path file, String text, Map<String, String> environment, Class<R> type)
            throws SettingsException {
        List<Problem> problems = new ArrayList<>();
        Optional<SettingsTree> tree = YamlSource.parse(file, text, problems);
        return bind(tree, environment, type, problems);
    }

    private static <R extends Record> R bind(
            Optional<SettingsTree> tree, Map<String, String> environment, Class<R> type, List<Problem> problems)
            throws SettingsException {
        Shape.Section top = (Shape.Section) Shape.of(type);
        Optional<Object> bound = tree.flatMap(values -> {
            Environment.apply(environment, top, values, problems);
            return new Binder(top, values, problems).bind();
        });
        if (bound.isEmpty() || !problems.isEmpty()) {
            problems.sort(Comparator.comparing(Problem::place, Settings::inOrder));
            throw new SettingsException(problems);
        }
        return type.cast(bound.get());
    }

    private static int inOrder(Place one, Place other) {
        return Comparator.comparingInt(Settings::line)
                .thenComparingInt(Settings::column)
                .compare(one, other);
    }

    private static int line(Place place) {
        return switch (place) {
            case Place.WholeFile file -> 0;
            case Place.Nowhere nowhere -> 0;
            case Place.InFile inFile -> inFile.line();
            case Place.InVariable variable -> Integer.MAX_VALUE;
        };
    }

    private static int column(Place place) {
        return place instanceof Place.InFile inFile ? inFile.column() : 0;
    }
}
