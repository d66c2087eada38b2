package io.ringdown.conf;

import java.util.ArrayList;
import java.util.List;

/** The way from the top of the file to a key or to an item of a list. Immutable. */
record KeyPath(List<String> steps) {
    static final KeyPath TOP = new KeyPath(List.of());

    KeyPath child(String key) {
        return plus(key);
    }

    KeyPath item(int index) {
        return plus("[" + index + "]");
    }

    /** The way down from here along {@code keys} such as {@code web.ports}. */
    KeyPath descend(String keys) {
        KeyPath path = this;
        for (String key : keys.split("\\.", -1)) {
            path = path.child(key);
        }
        return path;
    }

    boolean isTop() {
        return steps.isEmpty();
    }

    KeyPath parent() {
        return new KeyPath(steps.subList(0, steps.size() - 1));
    }

    String last() {
        return steps.getLast();
    }

    static boolean isIndex(String step) {
        return step.startsWith("[");
    }

    private KeyPath plus(String step) {
        List<String> longer = new ArrayList<>(steps);
        longer.add(step);
        return new KeyPath(List.copyOf(longer));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (String step : steps) {
            if (!text.isEmpty() && !isIndex(step)) {
                text.append('.');
            }
            text.append(step);
        }
        return text.toString();
    }
}
