package io.ringdown.it;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** What each open page of a browser has written to its console. Thread-safe. */
final class Consoles {

    private final Map<String, List<String>> lines = new ConcurrentHashMap<>();

    void open(String page) {
        lines.put(page, new CopyOnWriteArrayList<>());
    }

    /** Takes a line down, if the page is open. */
    void add(String page, String line) {
        lines.getOrDefault(page, new CopyOnWriteArrayList<>()).add(line);
    }

    String text(String page) {
        return String.join("\n", lines.getOrDefault(page, List.of()));
    }

    /** Forgets a page; false if it was not open. */
    boolean close(String page) {
        return lines.remove(page) != null;
    }
}
