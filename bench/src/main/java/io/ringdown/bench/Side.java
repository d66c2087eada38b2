package io.ringdown.bench;

import io.ringdown.media.codec.Codecs;
import io.ringdown.media.codec.OpusSettings;
import java.io.IOException;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** What all legs of one side of the calls share, in the process of that side. Any thread; the clock and the figures are the wheel's. */
final class Side implements AutoCloseable {
    private static final long COMPARE_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Board board;
    private final Wheel wheel;
    private final WallClock clock = new WallClock();
    private final EndFigures figures = new EndFigures();
    private final Line.Spec line;
    private final long seed;
    private final Format format;
    private final Codecs codecs = Codecs.load(OpusSettings.defaults());
    private final Speech speech;
    private final Map<OpusAsked, Speech> opus = new ConcurrentHashMap<>();

    /** On the board that the settings name; makes the speech. */
    Side(String name, EndSettings settings, Format format, Line.Spec line) throws IOException {
        this.board = Board.open(settings.board(), settings.places());
        this.format = format;
        this.line = line;
        this.seed = settings.seed() + name.hashCode();
        this.speech = Speech.of(format);
        clock.compare();
        this.wheel = new Wheel("bench-" + name);
        wheel.join(new Comparing(), System.nanoTime());
    }

    Board board() {
        return board;
    }

    Wheel wheel() {
        return wheel;
    }

    WallClock clock() {
        return clock;
    }

    EndFigures figures() {
        return figures;
    }

    Line.Spec line() {
        return line;
    }

    Format format() {
        return format;
    }

    Codecs codecs() {
        return codecs;
    }

    Speech speech() {
        return speech;
    }

    /** What is sent in a call that was answered with this. */
    Speech speech(String answer) {
        return format == Format.OPUS
                ? opus.computeIfAbsent(OpusAsked.of(answer, format.payloadType()), Speech::of)
                : speech;
    }

    /** The chances of the leg at this place, the same in every run of a seed. */
    Random random(int place) {
        return new Random(seed * 31 + place);
    }

    /** What the wheel has counted; what is recent begins anew. */
    EndFigures.Reading read() {
        return wheel.ask(() -> figures.read(wheel.isPreferred()));
    }

    void clear() {
        wheel.ask(() -> {
            figures.clear();
            return true;
        });
    }

    void boundary(int place) {
        wheel.ask(() -> {
            figures.boundary(place);
            return true;
        });
    }

    @Override
    public void close() {
        wheel.close();
        board.close();
    }

    private final class Comparing extends Wheel.Member {
        @Override
        long onDue(long dueNanos) {
            clock.compare();
            return dueNanos + COMPARE_EVERY_NANOS;
        }

        @Override
        void onLeft() {
            // it stays as long as the wheel
        }
    }
}
