package io.ringdown.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What the two ends tell each other, in memory that both processes map: when each frame of the last five seconds was sent, and
 * how far each call is. Times are those of {@link System#nanoTime}, which on Linux is one clock for all processes. Each field
 * has one writer; any thread reads.
 */
final class Board implements AutoCloseable {
    /** Frames that are remembered, in each direction. */
    static final int REMEMBERED = 256;

    /** A frame that the sender kept back on purpose. */
    static final long LOST = -1;

    private static final VarHandle AT = ValueLayout.JAVA_LONG.varHandle();
    private static final long HEADER = 16; // longs
    private static final long STRIDE = HEADER + 2L * REMEMBERED;

    /** The two directions of a call. */
    enum Way {
        TO_TRUNK(0, Fact.LAST_TO_TRUNK),
        TO_WEB(1, Fact.LAST_TO_WEB);

        private final int ring;
        private final Fact last;

        Way(int ring, Fact last) {
            this.ring = ring;
            this.last = last;
        }
    }

    /** What is known of a call, besides its frames. */
    enum Fact {
        /** Which of the calls that used this place it is; part of its number. */
        SERIAL(0),
        /** When the far end answered. */
        ANSWERED_AT(1),
        /** When the far end was told that it is over. */
        ENDED_AT(2),
        /** When the first frame of the browser came to the far end. */
        HEARD_AT_TRUNK(3),
        /** When the first frame of the far end came to the browser. */
        HEARD_AT_WEB(4),
        /** The number of the last frame sent to the trunk. */
        LAST_TO_TRUNK(5),
        /** The number of the last frame sent to the browser. */
        LAST_TO_WEB(6);

        private final int field;

        Fact(int field) {
            this.field = field;
        }
    }

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final int places;

    private Board(Path file, int places) throws IOException {
        this.places = places;
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, places * STRIDE * Long.BYTES, arena);
        }
    }

    /** Maps the file, made if need be, with room for so many calls at once. */
    static Board open(Path file, int places) throws IOException {
        return new Board(file, places);
    }

    /** Where such a file costs no disk. */
    static Path directory() throws IOException {
        Path shared = Path.of("/dev/shm");
        return Files.isWritable(shared)
                ? Files.createTempDirectory(shared, "ringdown-bench")
                : Files.createTempDirectory("ringdown-bench");
    }

    int places() {
        return places;
    }

    /** Forgets the call that was here. */
    void clear(int place) {
        for (int i = 0; i < STRIDE; i++) {
            AT.setRelease(memory, (place * STRIDE + i) * Long.BYTES, 0L);
        }
    }

    void set(int place, Fact fact, long value) {
        AT.setRelease(memory, (place * STRIDE + fact.field) * Long.BYTES, value);
    }

    /** Zero until it is set. */
    long get(int place, Fact fact) {
        return (long) AT.getAcquire(memory, (place * STRIDE + fact.field) * Long.BYTES);
    }

    /** A frame leaves at this time, or is {@link #LOST}. */
    void sent(int place, Way way, long frame, long at) {
        AT.setRelease(memory, slot(place, way, frame), at);
        set(place, way.last, frame);
    }

    /** A frame that was said to be sent later leaves now. */
    void resent(int place, Way way, long frame, long at) {
        AT.setRelease(memory, slot(place, way, frame), at);
    }

    long lastSent(int place, Way way) {
        return get(place, way.last);
    }

    /** When a frame of the last {@link #REMEMBERED} left, {@link #LOST}, or 0 if it never did. */
    long sentAt(int place, Way way, long frame) {
        return (long) AT.getAcquire(memory, slot(place, way, frame));
    }

    @Override
    public void close() {
        arena.close();
    }

    private static long slot(int place, Way way, long frame) {
        return (place * STRIDE + HEADER + (long) way.ring * REMEMBERED + frame % REMEMBERED) * Long.BYTES;
    }
}
