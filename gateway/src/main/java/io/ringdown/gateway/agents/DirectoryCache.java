package io.ringdown.gateway.agents;

import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * What a directory has answered, and how long that is good. Pure; one thread at a time. Bounded: what was used last stays.
 *
 * @param <V> what it answers
 */
final class DirectoryCache<V> {
    static final int MOST = 10_000;

    private final DirectorySettings settings;
    private final LinkedHashMap<String, Entry<V>> entries = new LinkedHashMap<>(16, 0.75f, true);

    /** Who was found, if anybody, and when. */
    record Entry<V>(Optional<V> answer, long at) {}

    DirectoryCache(DirectorySettings settings) {
        this.settings = settings;
    }

    /** The answer that is still good; empty if the directory is to be asked. */
    Optional<Entry<V>> fresh(String question, long now) {
        return find(question)
                .filter(entry -> now - entry.at
                        < (entry.answer.isPresent() ? settings.keep() : settings.keepMissing()).toNanos());
    }

    /** Somebody, by an answer that is good while the directory gives none. */
    Optional<V> whileFailing(String question, long now) {
        return find(question)
                .filter(entry -> now - entry.at < settings.keepFailing().toNanos())
                .flatMap(Entry::answer);
    }

    /** It has answered this. */
    void put(String question, Optional<V> answer, long now) {
        entries.put(question, new Entry<>(answer, now));
        if (entries.size() > MOST) {
            entries.pollFirstEntry();
        }
    }

    private Optional<Entry<V>> find(String question) {
        return Optional.ofNullable(entries.get(question));
    }
}
