package io.ringdown.conf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What stands where: the kind and the place of every key and item. The values themselves are in the tree. One thread. */
final class Layout {

    enum Kind {
        /** The key is not there. */
        ABSENT,
        /** The key is there with nothing behind it, as when all keys of a section are commented out. */
        BLANK,
        TEXT,
        LIST,
        SECTION
    }

    private record Entry(Kind kind, Place key, Place value) {}

    private final Map<KeyPath, Entry> entries = new HashMap<>();
    private final Map<KeyPath, Set<String>> children = new HashMap<>();
    private final Place whole;

    Layout(Place whole) {
        this.whole = whole;
        entries.put(KeyPath.TOP, new Entry(Kind.SECTION, whole, whole));
    }

    void put(KeyPath path, Kind kind, Place key, Place value) {
        entries.put(path, new Entry(kind, key, value));
        if (!path.isTop()) {
            children.computeIfAbsent(path.parent(), parent -> new LinkedHashSet<>())
                    .add(path.last());
        }
    }

    /** Puts what a variable says over what stands in the file; sections on the way come to be. */
    void override(KeyPath path, Kind kind, int items, Place variable) {
        for (KeyPath above = path.parent(); kind(above) != Kind.SECTION && !isItem(above); above = above.parent()) {
            put(above, Kind.SECTION, variable, variable);
        }
        children.remove(path);
        put(path, kind, variable, variable);
        for (int item = 0; item < items; item++) {
            put(path.item(item), Kind.TEXT, variable, variable);
        }
    }

    private static boolean isItem(KeyPath path) {
        return !path.isTop() && KeyPath.isIndex(path.last());
    }

    Kind kind(KeyPath path) {
        Entry entry = entries.get(path);
        return entry == null ? Kind.ABSENT : entry.kind();
    }

    /** Where the value stands; for an absent key, the innermost section around it that is written down. */
    Place valuePlace(KeyPath path) {
        Entry entry = entries.get(path);
        return entry != null ? entry.value() : keyPlace(path);
    }

    /** Where the key stands; for an absent key, the innermost section around it that is written down. */
    Place keyPlace(KeyPath path) {
        for (KeyPath at = path; !at.isTop(); at = at.parent()) {
            @Nullable Entry entry = entries.get(at);
            if (entry != null) {
                return entry.key();
            }
        }
        return whole;
    }

    /** The keys below {@code path} in the order of the file. */
    List<String> keys(KeyPath path) {
        return new ArrayList<>(children.getOrDefault(path, Set.of()));
    }
}
