package io.ringdown.bench;

import java.util.Random;

/**
 * What happens to the packets of one sender on their way: which are lost, overtaken or late, and how fast its clock runs. Pure;
 * the randomness is passed in, so that a seed repeats a run.
 */
final class Line {
    private static final double MILLION = 1e6;

    private final Spec spec;
    private final Random random;
    private final double frameNanos;
    private boolean losing;
    private long lastArrivalNanos;

    /**
     * What the command line asks for.
     *
     * @param lossPercent packets that vanish
     * @param burst how many of them in a row, on average
     * @param reorderPercent packets that come behind their successor
     * @param jitterMillis the most that a packet is late, evenly distributed; order is kept
     * @param skewPpm how much faster (+) or slower (−) the clock of every other leg runs than it should; the rest run the other way
     */
    record Spec(double lossPercent, double burst, double reorderPercent, double jitterMillis, double skewPpm) {
        /** A line without fault. */
        static final Spec CLEAN = new Spec(0, 1, 0, 0, 0);

        Spec {
            within("loss", lossPercent, 0, 50, "per cent");
            within("burst", burst, 1, 50, "packets");
            within("reorder", reorderPercent, 0, 50, "per cent");
            within("jitter", jitterMillis, 0, 200, "ms");
            within("skew", skewPpm, -1_000, 1_000, "ppm");
        }

        /** From {@code loss=5,burst=2,reorder=1,jitter=20,skew=100}; what is left out is clean. */
        static Spec parse(String text) {
            Spec spec = CLEAN;
            for (String part : text.split(",", -1)) {
                String[] words = part.split("=", -1);
                if (words.length != 2) {
                    throw new IllegalArgumentException(
                            part + " is no fault of a line; write loss=5,burst=2,reorder=1,jitter=20,skew=100");
                }
                spec = spec.with(words[0].strip(), number(part, words[1]));
            }
            return spec;
        }

        boolean isClean() {
            return equals(CLEAN);
        }

        @Override
        public String toString() {
            return "loss=%s,burst=%s,reorder=%s,jitter=%s,skew=%s"
                    .formatted(lossPercent, burst, reorderPercent, jitterMillis, skewPpm);
        }

        private Spec with(String name, double value) {
            return switch (name) {
                case "loss" -> new Spec(value, burst, reorderPercent, jitterMillis, skewPpm);
                case "burst" -> new Spec(lossPercent, value, reorderPercent, jitterMillis, skewPpm);
                case "reorder" -> new Spec(lossPercent, burst, value, jitterMillis, skewPpm);
                case "jitter" -> new Spec(lossPercent, burst, reorderPercent, value, skewPpm);
                case "skew" -> new Spec(lossPercent, burst, reorderPercent, jitterMillis, value);
                default ->
                    throw new IllegalArgumentException(
                            name + " is no fault of a line; there are loss, burst, reorder, jitter, skew");
            };
        }

        private static double number(String part, String value) {
            try {
                return Double.parseDouble(value);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(part + ": " + value + " is no number", e);
            }
        }

        private static void within(String name, double value, double least, double most, String unit) {
            if (!(value >= least && value <= most)) {
                throw new IllegalArgumentException(
                        "%s=%s is out of range; %s to %s %s is possible".formatted(name, value, least, most, unit));
            }
        }
    }

    Line(Spec spec, int leg, Random random) {
        this.spec = spec;
        this.random = random;
        double skew = leg % 2 == 0 ? spec.skewPpm() : -spec.skewPpm();
        frameNanos = Speech.FRAME_NANOS * (1 - skew / MILLION);
    }

    /** When the frame with this number, counted from 0, is spoken, after the first. */
    long spokenAfterNanos(long frame) {
        return Math.round(frame * frameNanos);
    }

    /** Whether the next packet vanishes (Gilbert's two states). */
    boolean loses() {
        if (spec.lossPercent() == 0) {
            return false;
        }
        double loss = spec.lossPercent() / 100;
        double end = 1 / spec.burst();
        double begin = end * loss / (1 - loss);
        losing = losing ? random.nextDouble() >= end : random.nextDouble() < begin;
        return losing;
    }

    /** Whether the next packet lets its successor pass. */
    boolean reorders() {
        return spec.reorderPercent() > 0 && random.nextDouble() < spec.reorderPercent() / 100;
    }

    /** When a packet that is spoken at this time leaves: late by jitter, never before the one before. */
    long leavesAtNanos(long spokenNanos) {
        if (spec.jitterMillis() == 0) {
            return spokenNanos;
        }
        lastArrivalNanos =
                Math.max(lastArrivalNanos, spokenNanos + (long) (random.nextDouble() * spec.jitterMillis() * MILLION));
        return lastArrivalNanos;
    }
}
