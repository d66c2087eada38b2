package io.ringdown.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One thread that calls its members when they are due, in ticks of a millisecond: so 20 ms are 20 ticks, always. It sleeps
 * from one tick that has members to the next. {@link #join} and {@link #leave} are for any thread.
 */
final class Wheel implements AutoCloseable {
    static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final int SLOTS = 512; // half a second
    private static final long LONGEST_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(2); // then somebody may have joined

    /** What lives on a wheel; called on its thread only. */
    abstract static class Member {
        private long dueNanos;
        private volatile boolean leaving;

        /** It was due; answers when it is due again, in the time of {@link System#nanoTime}. */
        abstract long onDue(long dueNanos);

        /** It has left: the last call on this thread. */
        abstract void onLeft();
    }

    /** An answer of {@link Member#onDue}: never again. */
    static final long NEVER = Long.MAX_VALUE;

    private final @Nullable Member[][] slots = new Member[SLOTS][4];
    private final int[] counts = new int[SLOTS];
    private @Nullable Member[] spare = new Member[4];
    private final Queue<Member> joining = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private long tick;
    private volatile boolean preferred;
    private volatile boolean closed;

    Wheel(String name) {
        tick = System.nanoTime() / TICK_NANOS;
        thread = Thread.ofPlatform().name(name).daemon().start(this::run);
    }

    /** Calls it from this time on. */
    void join(Member member, long dueNanos) {
        member.dueNanos = dueNanos;
        joining.add(member);
    }

    /** Calls it no more, but {@code onLeft} within some milliseconds. */
    void leave(Member member) {
        member.leaving = true;
    }

    /** Does this on its thread, and waits for what it answers. */
    <T> T ask(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        join(
                new Member() {
                    @Override
                    long onDue(long dueNanos) {
                        answer.complete(question.get());
                        return NEVER;
                    }

                    @Override
                    void onLeft() {
                        // it never leaves before it is due
                    }
                },
                System.nanoTime());
        return answer.join();
    }

    /** Whether its thread runs before others. */
    boolean isPreferred() {
        return preferred;
    }

    /** The tick at or after this time. */
    static long toTick(long nanos) {
        return Math.ceilDiv(nanos, TICK_NANOS) * TICK_NANOS;
    }

    private void run() {
        MemorySegment scratch = Arena.ofAuto().allocate(16, 8);
        Libc.exactTimers();
        preferred = Libc.preferThisThread(); // wakes before what is measured
        int processors = Runtime.getRuntime().availableProcessors();
        if (processors > 1) { // and leaves it the others
            Libc.keepThisThreadOn(processors - 1);
        }
        while (!closed) {
            for (Member member = joining.poll(); member != null; member = joining.poll()) {
                put(member, member.dueNanos);
            }
            long now = System.nanoTime() / TICK_NANOS;
            while (tick <= now) {
                turn(tick);
                tick++;
            }
            Libc.sleepUntil(Math.min(next() * TICK_NANOS, System.nanoTime() + LONGEST_SLEEP_NANOS), scratch);
        }
    }

    private void turn(long at) {
        int slot = (int) (at % SLOTS);
        int count = counts[slot];
        if (count == 0) {
            return;
        }
        @Nullable Member[] due = slots[slot];
        slots[slot] = spare;
        counts[slot] = 0;
        for (int i = 0; i < count; i++) {
            Member member = Objects.requireNonNull(due[i]);
            if (member.leaving) {
                member.onLeft();
            } else {
                put(member, member.dueNanos > at * TICK_NANOS ? member.dueNanos : member.onDue(member.dueNanos));
            }
        }
        Arrays.fill(due, 0, count, null);
        spare = due;
    }

    private void put(Member member, long dueNanos) {
        if (dueNanos == NEVER) {
            return;
        }
        member.dueNanos = toTick(dueNanos);
        long at = Math.clamp(member.dueNanos / TICK_NANOS, tick + 1, tick + SLOTS - 1);
        int slot = (int) (at % SLOTS);
        if (counts[slot] == slots[slot].length) {
            slots[slot] = Arrays.copyOf(slots[slot], 2 * counts[slot]);
        }
        slots[slot][counts[slot]++] = member;
    }

    private long next() {
        for (int ahead = 0; ahead < SLOTS; ahead++) {
            if (counts[(int) ((tick + ahead) % SLOTS)] > 0) {
                return tick + ahead;
            }
        }
        return tick + SLOTS;
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
