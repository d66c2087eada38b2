package io.ringdown.media.transport;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Calls by the time of their next wake-up: a binary heap in which each call knows its place. Single-threaded. */
final class WakeHeap {
    private static final int ABSENT = -1;

    private CallMedia[] heap = new CallMedia[16];
    private int size;

    /** Adds the call or moves it to where its time belongs. */
    void update(CallMedia call, long wakeNanos) {
        call.wakeNanos = wakeNanos;
        if (call.heapIndex == ABSENT) {
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, 2 * size);
            }
            place(call, size++);
        }
        up(call.heapIndex);
        down(call.heapIndex);
    }

    void remove(CallMedia call) {
        int index = call.heapIndex;
        if (index == ABSENT) {
            return;
        }
        call.heapIndex = ABSENT;
        CallMedia last = heap[--size];
        if (last != call) {
            place(last, index);
            up(index);
            down(last.heapIndex);
        }
    }

    @Nullable
    CallMedia first() {
        return size == 0 ? null : heap[0];
    }

    private void up(int start) {
        int index = start;
        CallMedia call = heap[index];
        while (index > 0) {
            int parent = (index - 1) >>> 1;
            if (heap[parent].wakeNanos <= call.wakeNanos) {
                break;
            }
            place(heap[parent], index);
            index = parent;
        }
        place(call, index);
    }

    private void down(int start) {
        int index = start;
        CallMedia call = heap[index];
        while (2 * index + 1 < size) {
            int child = 2 * index + 1;
            if (child + 1 < size && heap[child + 1].wakeNanos < heap[child].wakeNanos) {
                child++;
            }
            if (call.wakeNanos <= heap[child].wakeNanos) {
                break;
            }
            place(heap[child], index);
            index = child;
        }
        place(call, index);
    }

    private void place(CallMedia call, int index) {
        heap[index] = call;
        call.heapIndex = index;
    }
}
