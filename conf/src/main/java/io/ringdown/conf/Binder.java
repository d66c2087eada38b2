package io.ringdown.conf;

import io.ringdown.conf.Layout.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of a tree, and collects everything that is wrong on the way instead of stopping at the first. Inside, null
 * is a value that could not be made and whose problem has been told. One thread, one tree.
 */
final class Binder {
    private final SettingsTree tree;
    private final Layout layout;
    private final Shape.Section top;
    private final List<Problem> problems;

    Binder(Shape.Section top, SettingsTree tree, List<Problem> problems) {
        this.top = top;
        this.tree = tree;
        this.layout = tree.layout();
        this.problems = problems;
    }

    /** The record; empty if a problem was added. */
    Optional<Object> bind() {
        int before = problems.size();
        @Nullable Object record = record(top, KeyPath.TOP, top.defaultValue().orElse(null));
        return record == null || problems.size() > before ? Optional.empty() : Optional.of(record);
    }

    private @Nullable Object value(Shape shape, KeyPath path, @Nullable Object base, boolean secret) {
        Kind kind = layout.kind(path);
        return switch (shape) {
            case Shape.Single single ->
                kind == Kind.TEXT
                        ? text(single.reader(), path, isSecret(single.type(), secret))
                        : wrongKind(
                                path, "one value", "write " + single.reader().example());
            case Shape.Maybe maybe -> {
                @Nullable Object value = value(maybe.element(), path, null, secret);
                yield value == null ? null : maybe.of(value);
            }
            case Shape.Items items ->
                kind == Kind.LIST
                        ? items(items, path, secret)
                        : kind == Kind.TEXT && isOneText(items.element())
                                ? oneItem(items, path, secret)
                                : wrongKind(
                                        path,
                                        "a list",
                                        "write " + path.last() + ": [one, two], or one item per line behind -");
            case Shape.Entries entries ->
                kind == Kind.SECTION
                        ? entries(entries, path, secret)
                        : wrongKind(path, "a section", "write names below it, each with its own keys or value");
            case Shape.Section section -> section(section, kind, path, base, secret);
        };
    }

    private @Nullable Object section(
            Shape.Section section, Kind kind, KeyPath path, @Nullable Object base, boolean secret) {
        if (kind == Kind.TEXT && section.reader() != null) {
            return text(section.reader(), path, isSecret(section.type(), secret));
        }
        if (kind == Kind.TEXT || kind == Kind.LIST) {
            return wrongKind(path, "a section", "write its keys below it: " + keysOf(section));
        }
        return record(
                section, path, base != null ? base : section.defaultValue().orElse(null));
    }

    private @Nullable Object text(TextReader reader, KeyPath path, boolean secret) {
        String written = tree.text(path).orElse("");
        try {
            return reader.read(written);
        } catch (IllegalArgumentException unfit) {
            Complaint complaint = Complaint.of(unfit, written, secret);
            problems.add(new Problem(
                    layout.valuePlace(path),
                    path.toString(),
                    Optional.of(Shown.value(written, secret)),
                    complaint.wrong(),
                    complaint.remedy()));
            return null;
        }
    }

    private @Nullable Object items(Shape.Items items, KeyPath path, boolean secret) {
        List<Object> values = new ArrayList<>();
        int count = layout.keys(path).size();
        for (int index = 0; index < count; index++) {
            @Nullable Object value = value(items.element(), path.item(index), null, secret);
            if (value != null && items.set() && values.contains(value)) {
                problems.add(new Problem(
                        layout.valuePlace(path.item(index)),
                        path.item(index).toString(),
                        tree.text(path.item(index)).map(written -> Shown.value(written, secret)),
                        "is in the list twice",
                        "keep one of them"));
            }
            if (value != null) {
                values.add(value);
            }
        }
        if (values.size() < count) {
            return null;
        }
        return items.set() ? Collections.unmodifiableSet(new LinkedHashSet<>(values)) : List.copyOf(values);
    }

    /** One value where several may stand is a list of one. */
    private @Nullable Object oneItem(Shape.Items items, KeyPath path, boolean secret) {
        @Nullable Object value = value(items.element(), path, null, secret);
        if (value == null) {
            return null;
        }
        return items.set() ? Set.of(value) : List.of(value);
    }

    private static boolean isOneText(Shape shape) {
        return shape instanceof Shape.Single || (shape instanceof Shape.Section section && section.reader() != null);
    }

    private @Nullable Object entries(Shape.Entries entries, KeyPath path, boolean secret) {
        SequencedMap<String, Object> values = new LinkedHashMap<>();
        List<String> keys = layout.keys(path);
        for (String key : keys) {
            KeyPath child = path.child(key);
            boolean blank = layout.kind(child) == Kind.BLANK;
            @Nullable
            Object value =
                    blank ? absent(entries.element(), child, null) : value(entries.element(), child, null, secret);
            if (value != null) {
                values.put(key, value);
            }
        }
        return values.size() < keys.size() ? null : Collections.unmodifiableSequencedMap(values);
    }

    private @Nullable Object record(Shape.Section section, KeyPath path, @Nullable Object base) {
        List<@Nullable Object> values = new ArrayList<>();
        for (Shape.Part part : section.parts()) {
            KeyPath child = path.child(part.key());
            boolean required = section.required().contains(part.key());
            @Nullable Object partBase = base == null || required ? null : part.of(base);
            Kind kind = layout.kind(child);
            values.add(
                    kind == Kind.ABSENT || kind == Kind.BLANK
                            ? absent(part.shape(), child, partBase)
                            : value(part.shape(), child, partBase, Secrets.named(part.key())));
        }
        for (String key : layout.keys(path)) {
            if (section.indexOf(key) < 0) {
                problems.add(unknown(section, path, key));
            }
        }
        return new RecordMaker(section, path, base).make(values);
    }

    private @Nullable Object absent(Shape shape, KeyPath path, @Nullable Object base) {
        return switch (shape) {
            case Shape.Section section -> absentSection(section, path, base);
            case Shape.Single single -> base != null ? base : missing(path, single.reader());
            case Shape.Maybe maybe -> base != null ? base : maybe.empty();
            case Shape.Items items -> base != null ? base : items.set() ? Set.of() : List.of();
            case Shape.Entries entries ->
                base != null ? base : Collections.unmodifiableSequencedMap(new LinkedHashMap<String, Object>());
        };
    }

    private @Nullable Object absentSection(Shape.Section section, KeyPath path, @Nullable Object base) {
        @Nullable Object usual = base != null ? base : section.defaultValue().orElse(null);
        TextReader reader = section.reader();
        if (reader == null) {
            // It may have keys that must be there although it has defaults, so it is looked into.
            return record(section, path, usual);
        }
        return usual != null ? usual : missing(path, reader);
    }

    private @Nullable Object missing(KeyPath path, TextReader reader) {
        boolean blank = layout.kind(path) == Kind.BLANK;
        problems.add(new Problem(
                layout.keyPlace(path),
                path.toString(),
                Optional.empty(),
                blank ? "has no value" : "is missing",
                (blank ? "write " : "add " + path.last() + ": with ") + reader.example()));
        return null;
    }

    private @Nullable Object wrongKind(KeyPath path, String wanted, String remedy) {
        String found = switch (layout.kind(path)) {
            case TEXT -> "is one value";
            case LIST -> "is a list";
            case SECTION -> "is a section";
            case BLANK, ABSENT -> "is empty";
        };
        problems.add(new Problem(
                layout.valuePlace(path),
                path.toString(),
                tree.text(path).map(written -> Shown.value(written, Secrets.named(path.last()))),
                found + " where " + wanted + " belongs",
                remedy));
        return null;
    }

    private Problem unknown(Shape.Section section, KeyPath path, String key) {
        List<String> known = section.parts().stream().map(Shape.Part::key).toList();
        Optional<String> near = Nearest.to(key, known);
        boolean secret = Secrets.named(key) || near.filter(Secrets::named).isPresent();
        String remedy = near.map(word -> "did you mean " + word + "?")
                .or(() -> elsewhere(top, "", key).map(word -> "did you mean " + word + "?"))
                .orElse("the keys here are " + keysOf(section));
        return new Problem(
                layout.keyPlace(path.child(key)),
                path.child(key).toString(),
                tree.text(path.child(key)).map(written -> Shown.value(written, secret)),
                "is not a known key",
                remedy);
    }

    /** The path of a key of just this name in another section: a slip of indentation. */
    private static Optional<String> elsewhere(Shape shape, String path, String key) {
        return switch (shape) {
            case Shape.Single single -> Optional.empty();
            case Shape.Maybe maybe -> elsewhere(maybe.element(), path, key);
            case Shape.Items items -> elsewhere(items.element(), path + "[…]", key);
            case Shape.Entries entries -> elsewhere(entries.element(), path + ".<name>", key);
            case Shape.Section section -> {
                String prefix = path.isEmpty() ? "" : path + ".";
                if (section.indexOf(key) >= 0) {
                    yield Optional.of(prefix + key);
                }
                yield section.parts().stream()
                        .flatMap(part -> elsewhere(part.shape(), prefix + part.key(), key).stream())
                        .findFirst();
            }
        };
    }

    private static String keysOf(Shape.Section section) {
        return String.join(", ", section.parts().stream().map(Shape.Part::key).toList());
    }

    private static boolean isSecret(Shape shape, String key) {
        return switch (shape) {
            case Shape.Single single -> isSecret(single.type(), Secrets.named(key));
            case Shape.Maybe maybe -> isSecret(maybe.element(), key);
            case Shape.Items items -> isSecret(items.element(), key);
            case Shape.Entries entries -> isSecret(entries.element(), key);
            case Shape.Section section -> isSecret(section.type(), Secrets.named(key));
        };
    }

    /** A number, a duration or a path beside the word "key" or "token" is no secret. */
    private static boolean isSecret(Class<?> type, boolean named) {
        boolean ofJava = type.isPrimitive() || type.getName().startsWith("java.");
        boolean speaks = type == String.class || !(ofJava || type.isEnum());
        return Secrets.typed(type) || (named && speaks);
    }

    /**
     * Makes one record. A record checks itself and stops at the first thing that is wrong; so after each complaint, and for
     * each key that could not be read, the default is put in its place and the record is tried again. A complaint counts only
     * if the key alone, among defaults, earns it too: otherwise it may be about what we put in.
     */
    private final class RecordMaker {
        private final Shape.Section section;
        private final KeyPath path;
        private final @Nullable Object base;
        private final Set<Integer> replaced = new HashSet<>();

        RecordMaker(Shape.Section section, KeyPath path, @Nullable Object base) {
            this.section = section;
            this.path = path;
            this.base = base;
        }

        @Nullable
        Object make(List<@Nullable Object> read) {
            List<@Nullable Object> values = new ArrayList<>(read);
            for (int index = 0; index < values.size(); index++) {
                if (values.get(index) == null && !replace(values, index)) {
                    return null;
                }
            }
            for (int attempt = 0; attempt <= section.parts().size(); attempt++) {
                try {
                    Object made = section.make(values);
                    return replaced.isEmpty() ? made : null;
                } catch (IllegalArgumentException unfit) {
                    int index = told(unfit, values);
                    if (index < 0 || replaced.contains(index) || !replace(values, index)) {
                        return null;
                    }
                }
            }
            return null;
        }

        private boolean replace(List<@Nullable Object> values, int index) {
            if (base == null) {
                return false;
            }
            replaced.add(index);
            values.set(index, section.parts().get(index).of(base));
            return true;
        }

        /** Adds the complaint, if it counts; which key it is about, or -1 if it names none. */
        private int told(IllegalArgumentException unfit, List<@Nullable Object> values) {
            Complaint complaint = Complaint.of(unfit);
            Optional<String> named = complaint.key().filter(key -> section.indexOf(key.split("\\.", 2)[0]) >= 0);
            int index =
                    named.map(key -> section.indexOf(key.split("\\.", 2)[0])).orElse(-1);
            boolean earned = index >= 0 && !replaced.contains(index) && fails(index, values);
            if (replaced.isEmpty() || earned) {
                KeyPath at = named.map(path::descend).orElse(path);
                boolean secret =
                        index >= 0 && isSecret(section.parts().get(index).shape(), at.last());
                problems.add(new Problem(
                        layout.valuePlace(at),
                        at.toString(),
                        tree.text(at).map(written -> Shown.value(written, secret)),
                        named.isPresent() ? complaint.wrong() : complaint.whole(),
                        complaint.remedy()));
            }
            return index;
        }

        private boolean fails(int index, List<@Nullable Object> values) {
            List<@Nullable Object> alone = new ArrayList<>();
            for (int part = 0; part < values.size(); part++) {
                alone.add(
                        part == index || base == null
                                ? values.get(part)
                                : section.parts().get(part).of(base));
            }
            try {
                section.make(alone);
                return false;
            } catch (IllegalArgumentException unfit) {
                return true;
            }
        }
    }
}
