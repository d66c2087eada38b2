package io.ringdown.media.codec;

import java.util.stream.IntStream;

/**
 * How much work the encoders of one thread put into a frame: the configured complexity, or less while there is no time for it.
 * Each encoder takes a change up with its next frame. Owned by one thread.
 */
public final class Effort {
    private static final int[] CHEAPER = {5, 2, 0}; // each about two thirds of the one before

    private final int[] complexities;
    private int step;

    /** The configured complexity, and the cheaper ones that there are below it. */
    public Effort(int configured) {
        complexities = IntStream.concat(
                        IntStream.of(configured), IntStream.of(CHEAPER).filter(cheaper -> cheaper < configured))
                .toArray();
    }

    /** How often {@link #step} can be raised. */
    public int steps() {
        return complexities.length - 1;
    }

    /** Takes so many steps down from the configured complexity; 0 is none. */
    public void step(int steps) {
        if (steps < 0 || steps > steps()) {
            throw new IllegalArgumentException("steps: " + steps + " is not within 0 to " + steps());
        }
        step = steps;
    }

    /** Opus's complexity, 0 to 10. */
    public int complexity() {
        return complexities[step];
    }
}
