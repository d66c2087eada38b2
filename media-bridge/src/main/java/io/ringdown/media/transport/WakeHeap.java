package io.ringdown.media.transport;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Calls by the time of their next wake-up: a binary heap in which each call knows its place. Single-threaded. Each packet puts
 * its call's wake-up off; a call keeps its place then until it comes to the top of the heap, so that this costs nothing.
 */
final class WakeHeap<C> {
    private static final int ABSENT = -1;

    private final List<Entry<C>> heap = new ArrayList<>();

    /** One call's place in the heap. */
    static final class Entry<C> {
        private final C call;
        private long wakeNanos;
        private long placedNanos; // what its place in the heap follows; never later than its wake-up
        private int index = ABSENT;

        Entry(C call) {
            this.call = call;
        }

        C call() {
            return call;
        }

        long wakeNanos() {
            return wakeNanos;
        }
    }

    /** Adds the call or changes its time. */
    void update(Entry<C> entry, long wakeNanos) {
        entry.wakeNanos = wakeNanos;
        if (entry.index == ABSENT) {
            entry.index = heap.size();
            heap.add(entry);
        } else if (entry.placedNanos <= wakeNanos) {
            return;
        }
        entry.placedNanos = wakeNanos;
        up(entry.index);
    }

    /** Takes the call out; nothing happens if it is not in. */
    void remove(Entry<C> entry) {
        int index = entry.index;
        if (index == ABSENT) {
            return;
        }
        entry.index = ABSENT;
        Entry<C> last = heap.removeLast();
        if (index < heap.size()) {
            place(last, index);
            up(index);
            down(last.index);
        }
    }

    /** The earliest. */
    @Nullable
    Entry<C> first() {
        if (heap.isEmpty()) {
            return null;
        }
        Entry<C> top = heap.getFirst();
        while (top.placedNanos != top.wakeNanos) {
            top.placedNanos = top.wakeNanos;
            down(0);
            top = heap.getFirst();
        }
        return top;
    }

    private void up(int start) {
        int index = start;
        Entry<C> entry = heap.get(index);
        while (index > 0) {
            int parent = (index - 1) >>> 1;
            if (heap.get(parent).placedNanos <= entry.placedNanos) {
                break;
            }
            place(heap.get(parent), index);
            index = parent;
        }
        place(entry, index);
    }

    private void down(int start) {
        int index = start;
        Entry<C> entry = heap.get(index);
        while (2 * index + 1 < heap.size()) {
            int child = 2 * index + 1;
            if (child + 1 < heap.size() && heap.get(child + 1).placedNanos < heap.get(child).placedNanos) {
                child++;
            }
            if (entry.placedNanos <= heap.get(child).placedNanos) {
                break;
            }
            place(heap.get(child), index);
            index = child;
        }
        place(entry, index);
    }

    private void place(Entry<C> entry, int index) {
        heap.set(index, entry);
        entry.index = index;
    }
}
