package io.ringdown.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** The functions of the C library that the kit needs and Java has not. Linux, 64 bit. Thread-safe. */
final class Libc {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final MemoryLayout POINTER = ValueLayout.ADDRESS;

    private static final MethodHandle SOCKET = function("socket", INT, INT, INT, INT);
    private static final MethodHandle BIND = function("bind", INT, INT, POINTER, INT);
    private static final MethodHandle CONNECT = function("connect", INT, INT, POINTER, INT);
    private static final MethodHandle GETSOCKNAME = function("getsockname", INT, INT, POINTER, POINTER);
    private static final MethodHandle SETSOCKOPT = function("setsockopt", INT, INT, INT, INT, POINTER, INT);
    private static final MethodHandle SEND = function("send", LONG, INT, POINTER, LONG, INT);
    private static final MethodHandle RECVMSG = function("recvmsg", LONG, INT, POINTER, INT);
    private static final MethodHandle POLL = function("poll", INT, POINTER, LONG, INT);
    private static final MethodHandle CLOSE = function("close", INT, INT);
    private static final MethodHandle PRCTL = function("prctl", INT, INT, LONG, LONG, LONG, LONG);
    private static final MethodHandle SCHED_SETSCHEDULER = function("sched_setscheduler", INT, INT, INT, POINTER);
    private static final MethodHandle SCHED_SETAFFINITY = function("sched_setaffinity", INT, INT, LONG, POINTER);
    private static final MethodHandle CLOCK_NANOSLEEP = function("clock_nanosleep", INT, INT, INT, POINTER, POINTER);
    private static final MethodHandle CLOCK_GETTIME = function("clock_gettime", INT, INT, POINTER);

    private static final int PR_SET_TIMERSLACK = 29;
    private static final int SCHED_FIFO = 1;
    private static final int CLOCK_REALTIME = 0;
    private static final int CLOCK_MONOTONIC = 1;
    private static final int TIMER_ABSTIME = 1;

    private Libc() {}

    static int socket(int domain, int type, int protocol) {
        try {
            return (int) SOCKET.invokeExact(domain, type, protocol);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    static int bind(int descriptor, MemorySegment address, int length) {
        try {
            return (int) BIND.invokeExact(descriptor, address, length);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    static int connect(int descriptor, MemorySegment address, int length) {
        try {
            return (int) CONNECT.invokeExact(descriptor, address, length);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    static int getsockname(int descriptor, MemorySegment address, MemorySegment length) {
        try {
            return (int) GETSOCKNAME.invokeExact(descriptor, address, length);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    static int setsockopt(int descriptor, int level, int name, MemorySegment value, int length) {
        try {
            return (int) SETSOCKOPT.invokeExact(descriptor, level, name, value, length);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    static long send(int descriptor, MemorySegment packet, long length, int flags) {
        try {
            return (long) SEND.invokeExact(descriptor, packet, length, flags);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    static long recvmsg(int descriptor, MemorySegment header, int flags) {
        try {
            return (long) RECVMSG.invokeExact(descriptor, header, flags);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    static int poll(MemorySegment descriptors, long count, int millis) {
        try {
            return (int) POLL.invokeExact(descriptors, count, millis);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    static int close(int descriptor) {
        try {
            return (int) CLOSE.invokeExact(descriptor);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Lets this thread's timers be as exact as the kernel can: 1 ns of slack in place of 50 µs. */
    static void exactTimers() {
        try {
            var _ = (int) PRCTL.invokeExact(PR_SET_TIMERSLACK, 1L, 0L, 0L, 0L);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Lets this thread run before all others that are not of real time; false where that is not allowed. */
    static boolean preferThisThread() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment priority = arena.allocate(INT);
            priority.set(INT, 0, 1);
            return (int) SCHED_SETSCHEDULER.invokeExact(0, SCHED_FIFO, priority) == 0;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Keeps this thread on one processor, counted from 0, and so off the others; false where that is not allowed. */
    static boolean keepThisThreadOn(int processor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(LONG, processor / Long.SIZE + 1L);
            mask.setAtIndex(LONG, processor / Long.SIZE, 1L << processor);
            return (int) SCHED_SETAFFINITY.invokeExact(0, mask.byteSize(), mask) == 0;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sleeps until this time of {@link System#nanoTime}; {@code scratch} has room for 16 bytes. */
    static void sleepUntil(long nanos, MemorySegment scratch) {
        scratch.set(LONG, 0, nanos / 1_000_000_000);
        scratch.set(LONG, 8, nanos % 1_000_000_000);
        try {
            var _ = (int) CLOCK_NANOSLEEP.invokeExact(CLOCK_MONOTONIC, TIMER_ABSTIME, scratch, MemorySegment.NULL);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** The time of the day; {@code scratch} has room for 16 bytes. */
    static long realtimeNanos(MemorySegment scratch) {
        try {
            var _ = (int) CLOCK_GETTIME.invokeExact(CLOCK_REALTIME, scratch);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        return scratch.get(LONG, 0) * 1_000_000_000 + scratch.get(LONG, 8);
    }

    @SuppressWarnings("restricted") // calls into C are what this class is for
    private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor descriptor = FunctionDescriptor.of(result, arguments);
        MemorySegment address = linker.defaultLookup().findOrThrow(name);
        // prctl is variadic after its first argument, and some machines pass those otherwise
        return name.equals("prctl")
                ? linker.downcallHandle(address, descriptor, Linker.Option.firstVariadicArg(1))
                : linker.downcallHandle(address, descriptor);
    }
}
