package io.ringdown.media.srtp;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Few contexts by SSRC, searched in order of use; the least recently used makes room. */
final class Streams<C> {
    private static final int MOST = 8;

    private final int[] ssrcs = new int[MOST];
    private final Object[] contexts = new Object[MOST];
    private int size;

    @SuppressWarnings("unchecked") // add() takes nothing else
    @Nullable
    C find(int ssrc) {
        for (int i = 0; i < size; i++) {
            if (ssrcs[i] == ssrc) {
                C found = (C) contexts[i];
                if (i > 0) {
                    place(ssrc, found, i);
                }
                return found;
            }
        }
        return null;
    }

    /** All of them, the most recently used first. */
    @SuppressWarnings("unchecked") // add() takes nothing else
    void forEach(BiConsumer<Integer, C> action) {
        for (int i = 0; i < size; i++) {
            action.accept(ssrcs[i], (C) contexts[i]);
        }
    }

    void add(int ssrc, C context) {
        if (size < MOST) {
            size++;
        }
        place(ssrc, context, size - 1);
    }

    /** Puts it first; what was before position {@code end} moves back by one. */
    private void place(int ssrc, Object context, int end) {
        System.arraycopy(ssrcs, 0, ssrcs, 1, end);
        System.arraycopy(contexts, 0, contexts, 1, end);
        ssrcs[0] = ssrc;
        contexts[0] = context;
    }
}
