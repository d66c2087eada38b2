package io.ringdown.conf;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ringdown.conf.Layout.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * A YAML file to a tree in which every scalar is the text that was written. YAML's implicit types are off, because they turn
 * {@code +49} into 49, {@code 0011} into 9 and {@code NO} into false. Bounded in size, depth, aliases and number of nodes.
 * One thread, one file.
 */
final class YamlSource {
    static final int MAX_BYTES = 1 << 20;
    private static final int MAX_DEPTH = 32;
    private static final int MAX_COLLECTION_ALIASES = 50;
    /** Aliases count each time they are used, so that a few of them cannot unfold to more than this. */
    private static final int MAX_NODES = 50_000;
    /** None of the characters by which {@link SettingsTree} addresses a key, and none that hides in a terminal. */
    private static final Pattern KEY = Pattern.compile("[\\p{L}\\p{N}+*#_][\\p{L}\\p{N}+*#_.@: -]{0,79}");

    private final Path file;
    private final List<Problem> problems;
    private final Layout layout;
    private int nodes;
    private boolean tooMany;

    private YamlSource(Path file, List<Problem> problems) {
        this.file = file;
        this.problems = problems;
        this.layout = new Layout(new Place.InFile(file, 1, 1));
    }

    /** Reads {@code file}; what is wrong is added to {@code problems}. Empty if nothing could be made of the file. */
    static Optional<SettingsTree> read(Path file, List<Problem> problems) {
        return content(file, problems).flatMap(text -> parse(file, text, problems));
    }

    /** Parses {@code text} as the content of {@code file}. */
    static Optional<SettingsTree> parse(Path file, String text, List<Problem> problems) {
        return new YamlSource(file, problems).tree(text);
    }

    private static Optional<String> content(Path file, List<Problem> problems) {
        Place whole = new Place.WholeFile(file);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                problems.add(new Problem(whole, "", Optional.empty(), "is larger than 1 MiB", "make it smaller"));
                return Optional.empty();
            }
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (NoSuchFileException e) {
            problems.add(new Problem(whole, "", Optional.empty(), "does not exist", "create it, or name another file"));
        } catch (CharacterCodingException e) {
            problems.add(new Problem(whole, "", Optional.empty(), "is not UTF-8 text", "save it as UTF-8"));
        } catch (IOException e) {
            problems.add(new Problem(
                    whole,
                    "",
                    Optional.empty(),
                    "cannot be read (" + e.getClass().getSimpleName() + ")",
                    "check that it is a file and its rights"));
        }
        return Optional.empty();
    }

    private Optional<SettingsTree> tree(String text) {
        Map<String, Object> values = new LinkedHashMap<>();
        @Nullable Node top = compose(text);
        if (top == null) {
            return problems.isEmpty() ? Optional.of(new SettingsTree(values, layout)) : Optional.empty();
        }
        if (top instanceof MappingNode section) {
            values = section(section, KeyPath.TOP, 0);
            return Optional.of(new SettingsTree(values, layout));
        }
        if (!isBlank(top)) {
            problems.add(new Problem(
                    at(top.getStartMark()), "", Optional.empty(), "is not a section", "write keys, as in web: {…}"));
            return Optional.empty();
        }
        return Optional.of(new SettingsTree(values, layout));
    }

    private @Nullable Node compose(String text) {
        try {
            return yaml().compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            problems.add(BrokenYaml.problem(file, text, e));
        } catch (ReaderException e) {
            problems.add(BrokenYaml.unprintable(file, text, e.getPosition()));
        } catch (YAMLException e) {
            problems.add(new Problem(
                    new Place.WholeFile(file),
                    "",
                    Optional.empty(),
                    "is not usable YAML: " + Shown.text(String.valueOf(e.getMessage())),
                    "use fewer anchors and less depth"));
        }
        return null;
    }

    static Yaml yaml() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_BYTES);
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setMaxAliasesForCollections(MAX_COLLECTION_ALIASES);
        options.setAllowDuplicateKeys(false);
        options.setAllowRecursiveKeys(false);
        // Tags are refused one by one below, all of them; nothing is ever constructed by SnakeYAML.
        options.setTagInspector(tag -> true);
        DumperOptions dumping = new DumperOptions();
        return new Yaml(new SafeConstructor(options), new Representer(dumping), dumping, options, new Plain());
    }

    /** No implicit types: a scalar is a text. */
    private static final class Plain extends Resolver {
        @Override
        protected void addImplicitResolvers() {}
    }

    private Map<String, Object> section(MappingNode section, KeyPath path, int depth) {
        Map<String, Object> values = new LinkedHashMap<>();
        Set<String> seen = new HashSet<>();
        for (NodeTuple tuple : section.getValue()) {
            Optional<String> key = key(tuple.getKeyNode(), path);
            if (key.isEmpty()) {
                continue;
            }
            KeyPath child = path.child(key.get());
            Place place = at(tuple.getKeyNode().getStartMark());
            if (!seen.add(key.get())) {
                problems.add(new Problem(
                        place,
                        child.toString(),
                        written(tuple.getValueNode(), key.get()),
                        "is there twice, first at line " + line(layout.keyPlace(child)),
                        "keep one of them"));
                continue;
            }
            @Nullable Object value = value(tuple.getValueNode(), child, place, depth + 1);
            if (value != null) {
                values.put(key.get(), value);
            }
        }
        return values;
    }

    private Optional<String> key(Node node, KeyPath path) {
        if (!(node instanceof ScalarNode scalar)) {
            problems.add(new Problem(
                    at(node.getStartMark()),
                    path.toString(),
                    Optional.empty(),
                    "has a key that is a list or a section",
                    "use a name"));
            return Optional.empty();
        }
        if (scalar.getValue().equals("<<")) {
            problems.add(new Problem(
                    at(node.getStartMark()),
                    path.child("<<").toString(),
                    Optional.empty(),
                    "merge keys are not supported",
                    "write the keys out"));
            return Optional.empty();
        }
        if (!KEY.matcher(scalar.getValue()).matches()) {
            problems.add(new Problem(
                    at(node.getStartMark()),
                    path.child(Shown.text(scalar.getValue())).toString(),
                    Optional.empty(),
                    "is no name for a key",
                    "use up to 80 letters, digits and _ - . + * # @"));
            return Optional.empty();
        }
        return Optional.of(scalar.getValue());
    }

    /** A text, a list or a map; null for what is blank or wrong. */
    private @Nullable Object value(Node node, KeyPath path, Place key, int depth) {
        if (tooMany(node, path, depth)) {
            return null;
        }
        if (!node.getTag().equals(Tag.STR)
                && !node.getTag().equals(Tag.SEQ)
                && !node.getTag().equals(Tag.MAP)) {
            problems.add(new Problem(
                    at(node.getStartMark()),
                    path.toString(),
                    Optional.of(Shown.text(String.valueOf(node.getTag()))),
                    "has a tag, and tags are not supported",
                    "leave out what begins with !; every value is taken as it is written"));
            return null;
        }
        return switch (node) {
            case ScalarNode scalar -> {
                boolean blank = isBlank(scalar);
                layout.put(path, blank ? Kind.BLANK : Kind.TEXT, key, at(node.getStartMark()));
                yield blank ? null : scalar.getValue();
            }
            case SequenceNode list -> {
                layout.put(path, Kind.LIST, key, at(node.getStartMark()));
                yield list(list, path, depth);
            }
            case MappingNode section -> {
                layout.put(path, Kind.SECTION, key, at(node.getStartMark()));
                yield section(section, path, depth);
            }
            default -> throw new IllegalStateException("a node of kind " + node.getNodeId());
        };
    }

    private List<Object> list(SequenceNode list, KeyPath path, int depth) {
        List<Object> values = new ArrayList<>();
        for (Node item : list.getValue()) {
            KeyPath child = path.item(values.size());
            if (item instanceof SequenceNode || isBlank(item)) {
                problems.add(new Problem(
                        at(item.getStartMark()),
                        child.toString(),
                        Optional.empty(),
                        item instanceof SequenceNode ? "is a list inside a list" : "is an item without a value",
                        "write one value behind each -"));
                continue;
            }
            @Nullable Object value = value(item, child, at(item.getStartMark()), depth + 1);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    /** SnakeYAML counts depth as written; an alias can stand for more, and even for what holds it. */
    private boolean tooMany(Node node, KeyPath path, int depth) {
        if (++nodes <= MAX_NODES && depth <= MAX_DEPTH) {
            return false;
        }
        if (!tooMany) {
            tooMany = true;
            problems.add(new Problem(
                    at(node.getStartMark()),
                    path.steps().size() > 8 ? new KeyPath(path.steps().subList(0, 8)) + "…" : path.toString(),
                    Optional.empty(),
                    depth > MAX_DEPTH ? "is nested too deeply" : "is too large once its aliases are unfolded",
                    "use no alias inside what it stands for, and fewer of them"));
        }
        return true;
    }

    private static boolean isBlank(Node node) {
        return node instanceof ScalarNode scalar && scalar.getValue().isEmpty() && scalar.isPlain();
    }

    private static Optional<String> written(Node node, String key) {
        return node instanceof ScalarNode scalar
                ? Optional.of(Shown.value(scalar.getValue(), Secrets.named(key)))
                : Optional.empty();
    }

    private static String line(Place place) {
        return place instanceof Place.InFile inFile ? Integer.toString(inFile.line()) : "?";
    }

    private Place at(Mark mark) {
        return new Place.InFile(file, mark.getLine() + 1, mark.getColumn() + 1);
    }
}
