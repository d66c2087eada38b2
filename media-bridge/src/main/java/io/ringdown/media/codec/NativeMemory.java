package io.ringdown.media.codec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * The native memory of one codec: its state. It lives as long as anything refers to it, so nothing that still holds it can
 * reach freed memory.
 */
record NativeMemory(MemorySegment state) {
    private static final int STATE_ALIGNMENT = 16;

    static NativeMemory allocate(int stateBytes) {
        return new NativeMemory(Arena.ofAuto().allocate(stateBytes, STATE_ALIGNMENT));
    }

    /** Memory of closed codecs of one kind and rate, kept for the next ones. Any thread. */
    static final class Pool {
        private static final int MOST_SPARE = 1_024;
        private static final int LONGEST_MILLIS = 120; // RFC 6716 §3.4 [R5]

        private final BlockingQueue<NativeMemory> spare = new ArrayBlockingQueue<>(MOST_SPARE);
        private final int stateBytes;
        private final int sampleRate;

        Pool(int stateBytes, int sampleRate) {
            this.stateBytes = stateBytes;
            this.sampleRate = sampleRate;
        }

        int sampleRate() {
            return sampleRate;
        }

        /** Of the longest packet. */
        int mostSamples() {
            return LONGEST_MILLIS * sampleRate / 1_000;
        }

        NativeMemory take() {
            NativeMemory memory = spare.poll();
            return memory != null ? memory : allocate(stateBytes);
        }

        /** Takes back memory that its codec will not touch again; what is too much is left to the collector. */
        void give(NativeMemory memory) {
            var _ = spare.offer(memory);
        }
    }
}
