package io.ringdown.bench.fidelity;

import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** What a network does to packets, in the order in which they were sent. Immutable; the same seed is the same network. */
sealed interface Pattern {
    long LOST = -1;

    /** Each packet is lost by itself, with this probability (Bernoulli). */
    record Random(int percent) implements Pattern {
        @Override
        public String toString() {
            return percent == 0 ? "none" : "random-" + percent;
        }

        @Override
        public Network network(long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            return () -> random.nextInt(1_000) < 10 * percent ? LOST : 0;
        }
    }

    /** Losses come in bursts of {@link #MEAN_BURST} packets in the mean (Gilbert's model: all is lost in the bad state). */
    record Burst(int percent) implements Pattern {
        static final double MEAN_BURST = 3;

        @Override
        public String toString() {
            return "burst-" + percent;
        }

        @Override
        public Network network(long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            double toGood = 1 / MEAN_BURST;
            double toBad = toGood * percent / (100.0 - percent);
            boolean[] isBad = new boolean[1];
            return () -> {
                isBad[0] = random.nextDouble() < (isBad[0] ? 1 - toGood : toBad);
                return isBad[0] ? LOST : 0;
            };
        }
    }

    /** Each packet is late by up to so much, evenly spread, and so overtaken by others if that is above 20 ms. */
    record Jitter(int millis) implements Pattern {
        @Override
        public String toString() {
            return "jitter-" + millis;
        }

        @Override
        public Network network(long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            return () -> random.nextLong(millis * 1_000_000L);
        }
    }

    /** So many of the packets are late by 30 ms, and so overtaken by the next one. */
    record Reorder(int percent) implements Pattern {
        private static final long LATE_NANOS = 30_000_000;

        @Override
        public String toString() {
            return "reorder-" + percent;
        }

        @Override
        public Network network(long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            return () -> random.nextInt(100) < percent ? LATE_NANOS : 0;
        }
    }

    /** The fate of one packet after the other. */
    @FunctionalInterface
    interface Network {
        /** How late the next packet is, in nanoseconds, or {@link #LOST}. */
        long next();
    }

    /** A network that begins now. */
    Network network(long seed);

    /** The percentage of packets that gets lost in the long run. */
    default int loss() {
        return switch (this) {
            case Random random -> random.percent;
            case Burst burst -> burst.percent;
            case Jitter _, Reorder _ -> 0;
        };
    }

    /** The patterns of the tables. */
    static List<Pattern> usual() {
        return parse("none,random-1,random-3,random-5,random-10,random-20,burst-3,burst-5,burst-10,burst-20,"
                + "jitter-40,reorder-5");
    }

    /** Reads a list with commas in between; else IllegalArgumentException. */
    static List<Pattern> parse(String names) {
        return List.of(names.toLowerCase(Locale.ROOT).split(",", -1)).stream()
                .map(Pattern::one)
                .toList();
    }

    private static Pattern one(String name) {
        if (name.equals("none")) {
            return new Random(0);
        }
        int dash = name.indexOf('-');
        String kind = name.substring(0, Math.max(0, dash));
        try {
            int number = Integer.parseInt(name.substring(dash + 1));
            if (number > 0 && number <= 50) {
                switch (kind) {
                    case "random" -> {
                        return new Random(number);
                    }
                    case "burst" -> {
                        return new Burst(number);
                    }
                    case "jitter" -> {
                        return new Jitter(number);
                    }
                    case "reorder" -> {
                        return new Reorder(number);
                    }
                    default -> {
                        // said below
                    }
                }
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException(
                "--patterns: " + name
                        + " is no pattern; none, random-PERCENT, burst-PERCENT, jitter-MILLIS and reorder-PERCENT are, up to 50");
    }
}
