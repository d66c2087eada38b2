package io.ringdown.sip.trace;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first and the last of some messages, in the order they went over the wire. The stack tells of what it sent after it has
 * sent it, so an answer may be told of first: it is put behind what it answers. Not safe for threads.
 */
final class KeptMessages {
    private final int mostFirst;
    private final int mostLast;
    private final Deque<TracedMessage> first = new ArrayDeque<>(2);
    private final Deque<TracedMessage> last = new ArrayDeque<>(2);
    private long characters;
    private int seen;

    KeptMessages(int mostFirst, int mostLast) {
        this.mostFirst = mostFirst;
        this.mostLast = mostLast;
    }

    void add(TracedMessage message) {
        Deque<TracedMessage> overtaken = new ArrayDeque<>(0);
        TracedMessage before = latest();
        while (before != null && before.answers(message)) {
            overtaken.push(before);
            (last.isEmpty() ? first : last).removeLast();
            before = latest();
        }
        append(message);
        overtaken.forEach(this::append);
        seen++;
        characters += message.text().length();
        if (last.size() > mostLast) {
            characters -= last.removeFirst().text().length();
        }
    }

    private @Nullable TracedMessage latest() {
        return last.isEmpty() ? first.peekLast() : last.peekLast();
    }

    private void append(TracedMessage message) {
        (first.size() < mostFirst ? first : last).addLast(message);
    }

    List<TracedMessage> messages() {
        List<TracedMessage> all = new ArrayList<>(first);
        all.addAll(last);
        return all;
    }

    /** How many were added, also those that are no longer kept. */
    int seen() {
        return seen;
    }

    /** How many are no longer kept. */
    int leftOut() {
        return seen - first.size() - last.size();
    }

    /** The size of those that are kept. */
    long characters() {
        return characters;
    }
}
