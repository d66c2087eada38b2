package io.ringdown.gateway.routing;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * Users whom a directory has named, in the order in which it first did; who was found stays. Bounded. Thread-safe; who reads waits for
 * nobody.
 */
public final class FoundUsers {
    private static final int MOST = 10_000;

    private final Set<String> configured;
    private final BiConsumer<String, User> onChange;
    private final Map<String, User> byName = new ConcurrentHashMap<>();
    // Each of them is in the map before they are here.
    private final List<String> inOrder = new CopyOnWriteArrayList<>();
    private final ReentrantLock writing = new ReentrantLock();

    /**
     * Nobody yet.
     *
     * @param configured whom the configuration has, so that nobody else says who they are
     * @param onChange is told of each of them and of what is said of them later, one at a time; is not to wait
     */
    public FoundUsers(Set<String> configured, BiConsumer<String, User> onChange) {
        this.configured = Set.copyOf(configured);
        this.onChange = onChange;
    }

    /**
     * The directory says this of who has this name; of one too many, and of who is configured, nothing is
     * kept. Their extension is nobody else's any more whom it has named.
     */
    public void put(String name, User user) {
        // The listener is told under it: what it hears last of somebody is what is said of them here.
        writing.lock();
        try {
            if (!configured.contains(name) && (byName.size() < MOST || byName.containsKey(name))) {
                keep(name, user);
            }
            // After that, so that who is called meanwhile is the one or the other, and not nobody.
            user.extension().ifPresent(extension -> takeFromAllBut(name, extension));
        } finally {
            writing.unlock();
        }
    }

    /** The directory says that this extension is nobody's. */
    public void takeExtension(PhoneNumber extension) {
        writing.lock();
        try {
            having(extension).forEach(one -> keep(one.getKey(), one.getValue().withoutExtension()));
        } finally {
            writing.unlock();
        }
    }

    private void takeFromAllBut(String name, PhoneNumber extension) {
        having(extension)
                .filter(one -> !one.getKey().equals(name))
                .forEach(one -> keep(one.getKey(), one.getValue().withoutExtension()));
    }

    private Stream<Map.Entry<String, User>> having(PhoneNumber extension) {
        return all().filter(one -> one.getValue().extension().equals(Optional.of(extension)));
    }

    private void keep(String name, User user) {
        if (byName.put(name, user) == null) {
            inOrder.add(name);
        }
        onChange.accept(name, user);
    }

    Optional<User> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    Stream<Map.Entry<String, User>> all() {
        return inOrder.stream().map(name -> Map.entry(name, Objects.requireNonNull(byName.get(name))));
    }
}
