package io.ringdown.media.transport;

import org.jspecify.annotations.Nullable;

/**
 * Calls by the number of their ufrag. An open hash table, because a stranger's guess must not cost an object. The keys are
 * random and ours, so nobody can make them collide. Single-threaded.
 */
final class UfragTable<C> {
    private static final int SMALLEST = 64;

    private long[] keys = new long[SMALLEST];
    private @Nullable Object[] calls = new Object[SMALLEST];
    private int size;

    @SuppressWarnings("unchecked") // put() takes nothing else
    @Nullable
    C get(long key) {
        int mask = keys.length - 1;
        for (int i = slot(key, mask); calls[i] != null; i = (i + 1) & mask) {
            if (keys[i] == key) {
                return (C) calls[i];
            }
        }
        return null;
    }

    void put(long key, C call) {
        if (2 * (size + 1) > keys.length) {
            rehash(2 * keys.length);
        }
        insert(key, call);
    }

    void remove(long key) {
        int mask = keys.length - 1;
        int i = slot(key, mask);
        while (calls[i] != null && keys[i] != key) {
            i = (i + 1) & mask;
        }
        if (calls[i] == null) {
            return;
        }
        calls[i] = null;
        size--;
        for (int j = (i + 1) & mask; calls[j] != null; j = (j + 1) & mask) { // close the gap in the chain
            Object moved = calls[j];
            calls[j] = null;
            size--;
            insert(keys[j], moved);
        }
    }

    int size() {
        return size;
    }

    private void insert(long key, @Nullable Object call) {
        int mask = keys.length - 1;
        int i = slot(key, mask);
        while (calls[i] != null && keys[i] != key) {
            i = (i + 1) & mask;
        }
        if (calls[i] == null) {
            size++;
        }
        keys[i] = key;
        calls[i] = call;
    }

    private void rehash(int capacity) {
        long[] oldKeys = keys;
        @Nullable Object[] oldCalls = calls;
        keys = new long[capacity];
        calls = new Object[capacity];
        size = 0;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldCalls[i] != null) {
                insert(oldKeys[i], oldCalls[i]);
            }
        }
    }

    private static int slot(long key, int mask) {
        long mixed = key * 0x9E3779B97F4A7C15L; // Fibonacci hashing
        return (int) (mixed >>> 32) & mask;
    }
}
