package io.ringdown.conf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Variables that override keys. A variable is {@code RINGDOWN_} and the path of the key in capitals, with {@code _} for
 * everything that is no letter or digit: {@code media.web.ports} is {@code RINGDOWN_MEDIA_WEB_PORTS}, and the second entry
 * of a list of sections is {@code _1_}. Which key that is, is looked up among the keys there can be; where two keys share a
 * name the variable is refused. Names of the user's choice (of trunks, of users) count as they stand in the file. A list of
 * values is written with commas. An empty variable counts as not set.
 */
final class Environment {
    static final String PREFIX = "RINGDOWN_";

    /** What a cluster sets for a service called ringdown: addresses like {@code tcp://10.0.0.1:80}, meant for nobody here. */
    private static final Pattern CLUSTER = Pattern.compile(
            "RINGDOWN_([A-Z0-9_]+_)?(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

    private static final Pattern CLUSTER_URL = Pattern.compile("(tcp|udp|sctp)://.*");

    private record Key(KeyPath path, boolean list, boolean secret) {}

    private final SettingsTree tree;
    private final Map<String, List<Key>> known = new LinkedHashMap<>();

    private Environment(Shape shape, SettingsTree tree) {
        this.tree = tree;
        collect(shape, KeyPath.TOP, "", false);
    }

    /** Puts what {@code variables} say over what {@code tree} holds. */
    static void apply(Map<String, String> variables, Shape shape, SettingsTree tree, List<Problem> problems) {
        Environment environment = new Environment(shape, tree);
        new TreeMap<>(variables).forEach((name, value) -> {
            if (name.startsWith(PREFIX) && !value.isEmpty() && !environment.isForeign(name, value)) {
                environment.apply(name, value).ifPresent(problems::add);
            }
        });
    }

    /** Variables of the launcher ({@code RINGDOWN_JAVA_...}) and of a cluster are no settings. */
    private boolean isForeign(String name, String value) {
        if (name.endsWith("_PORT") && CLUSTER_URL.matcher(value).matches()) {
            return true;
        }
        return !known.containsKey(name)
                && (name.startsWith("RINGDOWN_JAVA") || CLUSTER.matcher(name).matches());
    }

    private Optional<Problem> apply(String name, String value) {
        List<Key> keys = known.getOrDefault(name, List.of());
        if (keys.size() != 1) {
            return Optional.of(keys.isEmpty() ? unknown(name, value) : ambiguous(name, value, keys));
        }
        Key key = keys.getFirst();
        Place place = new Place.InVariable(name);
        if (key.list()) {
            tree.override(
                    key.path(),
                    Arrays.stream(value.split(",", -1)).map(String::strip).toList(),
                    place);
        } else {
            tree.override(key.path(), value, place);
        }
        return Optional.empty();
    }

    private Problem unknown(String name, String value) {
        Optional<String> near = Nearest.to(name, known.keySet());
        boolean secret = Secrets.named(name)
                || near.stream()
                        .flatMap(word -> known.getOrDefault(word, List.of()).stream())
                        .anyMatch(Key::secret);
        return new Problem(
                new Place.InVariable(name),
                "",
                Optional.of(Shown.value(value, secret)),
                "names no key",
                near.map(word -> "did you mean " + word + "?")
                        .orElse(
                                "unset it, or write the key into the file: names of trunks and users count as they stand there"));
    }

    private static Problem ambiguous(String name, String value, List<Key> keys) {
        return new Problem(
                new Place.InVariable(name),
                "",
                Optional.of(Shown.value(value, keys.stream().anyMatch(Key::secret))),
                "may mean "
                        + String.join(
                                " or ",
                                keys.stream().map(key -> key.path().toString()).toList()),
                "rename one of them in the file");
    }

    private void collect(Shape shape, KeyPath path, String name, boolean secret) {
        switch (shape) {
            case Shape.Single single -> add(name, path, false, secret || Secrets.typed(single.type()));
            case Shape.Maybe maybe -> collect(maybe.element(), path, name, secret);
            case Shape.Items items -> collectItems(items, path, name, secret);
            case Shape.Entries entries -> {
                for (String key : tree.layout().keys(path)) {
                    collect(entries.element(), path.child(key), name + "_" + capitals(key), secret);
                }
            }
            case Shape.Section section -> {
                if (section.reader() != null) {
                    add(name, path, false, secret || Secrets.typed(section.type()));
                }
                for (Shape.Part part : section.parts()) {
                    collect(
                            part.shape(),
                            path.child(part.key()),
                            name + "_" + capitals(part.key()),
                            Secrets.named(part.key()));
                }
            }
        }
    }

    private void collectItems(Shape.Items items, KeyPath path, String name, boolean secret) {
        if (isOneText(items.element())) {
            add(name, path, true, secret);
        }
        if (items.element() instanceof Shape.Section) {
            int count = tree.layout().keys(path).size();
            for (int index = 0; index < count; index++) {
                collect(items.element(), path.item(index), name + "_" + index, secret);
            }
        }
    }

    private static boolean isOneText(Shape shape) {
        return switch (shape) {
            case Shape.Single single -> true;
            case Shape.Section section -> section.reader() != null;
            case Shape.Items items -> false;
            case Shape.Entries entries -> false;
            case Shape.Maybe maybe -> false;
        };
    }

    private void add(String name, KeyPath path, boolean list, boolean secret) {
        if (!path.isTop()) {
            known.computeIfAbsent(PREFIX + name.substring(1), key -> new ArrayList<>())
                    .add(new Key(path, list, secret));
        }
    }

    private static String capitals(String key) {
        return key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }
}
