package io.ringdown.bench.digits;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What became of the presses of many streams. One thread. */
final class Tally {
    // Later than this nothing is taken for a press, nor for its echo: no gateway holds one as long, and no line here.
    private static final long LATEST_NANOS = 3_000_000_000L;

    // Clocks of the two sides are read apart.
    private static final long EARLIEST_NANOS = -2_000_000;

    // No packet is as late behind the end of its press.
    private static final long MID_PRESS_NANOS = 70_000_000;

    // A pair more is worth more than any delay.
    private static final double PAIR = 1e15;

    private final List<Double> errorsMillis = new ArrayList<>();
    private final List<Double> delaysMillis = new ArrayList<>();
    private int presses;
    private int unheard;
    private int lost;
    private int doubled;
    private int split;
    private int misplaced;
    private int madeUp;

    /**
     * Compares what was sent with what the far end took. Both are put side by side in their order, so that as many as can be
     * are pairs of one digit, each pair as near in time as can be.
     *
     * @param arrived the packets that the gateway got
     */
    void add(Script script, List<Packet> arrived, FarEnd end) {
        List<Press> taken = end.presses();
        long[] firstNanos = new long[script.presses().size()];
        long[] lastNanos = new long[firstNanos.length];
        Arrays.fill(firstNanos, Long.MAX_VALUE);
        for (Packet packet : arrived) {
            if (packet.press() != Packet.AUDIO) {
                firstNanos[packet.press()] = Math.min(firstNanos[packet.press()], packet.nanos());
                lastNanos[packet.press()] = packet.nanos();
            }
        }
        int[] pairs = pairs(script.presses(), firstNanos, taken);
        Set<Integer> paired = new HashSet<>();
        for (int pair : pairs) {
            paired.add(pair);
        }
        for (int i = 0; i < pairs.length; i++) {
            presses++;
            if (pairs[i] < 0) {
                pairs[i] = elsewhere(script.presses().get(i), firstNanos[i], taken, paired);
                misplaced += pairs[i] < 0 ? 0 : 1;
            }
            if (pairs[i] >= 0) {
                paired.add(pairs[i]);
                measure(script.presses().get(i), firstNanos[i], taken.get(pairs[i]));
            } else if (firstNanos[i] == Long.MAX_VALUE) {
                unheard++;
            } else {
                lost++;
            }
        }
        for (int j = 0; j < taken.size(); j++) {
            if (!paired.contains(j)) {
                count(script.presses(), firstNanos, lastNanos, taken.get(j));
            }
        }
    }

    /** For each press sent which one taken is its own, or −1. */
    private static int[] pairs(List<Press> sent, long[] firstNanos, List<Press> taken) {
        double[][] best = new double[sent.size() + 1][taken.size() + 1];
        for (int i = 1; i <= sent.size(); i++) {
            for (int j = 1; j <= taken.size(); j++) {
                best[i][j] = Math.max(best[i - 1][j], best[i][j - 1]);
                if (isPossible(sent.get(i - 1), firstNanos[i - 1], taken.get(j - 1))) {
                    best[i][j] = Math.max(best[i][j], best[i - 1][j - 1] + worth(firstNanos[i - 1], taken.get(j - 1)));
                }
            }
        }
        int[] pairs = new int[sent.size()];
        Arrays.fill(pairs, -1);
        int i = sent.size();
        int j = taken.size();
        while (i > 0 && j > 0) {
            if (best[i][j] == best[i - 1][j]) {
                i--;
            } else if (best[i][j] == best[i][j - 1]) {
                j--;
            } else {
                pairs[--i] = --j;
            }
        }
        return pairs;
    }

    /** Which one that is no other's came after presses that were later, or before ones that were earlier; −1 for none. */
    private static int elsewhere(Press sent, long firstNanos, List<Press> taken, Set<Integer> paired) {
        for (int j = 0; j < taken.size(); j++) {
            if (!paired.contains(j) && isPossible(sent, firstNanos, taken.get(j))) {
                return j;
            }
        }
        return -1;
    }

    private void measure(Press sent, long firstNanos, Press taken) {
        errorsMillis.add(Math.abs(taken.lengthNanos() - sent.lengthNanos()) / 1e6);
        delaysMillis.add((taken.nanos() - firstNanos) / 1e6);
    }

    private static boolean isPossible(Press sent, long firstNanos, Press taken) {
        long delay = taken.nanos() - firstNanos;
        return firstNanos != Long.MAX_VALUE
                && sent.digit().equals(taken.digit())
                && delay >= EARLIEST_NANOS
                && delay < LATEST_NANOS;
    }

    private static double worth(long firstNanos, Press taken) {
        return PAIR - Math.abs(taken.nanos() - firstNanos);
    }

    /** One too many: once more what was pressed shortly before, or nothing that was. */
    private void count(List<Press> sent, long[] firstNanos, long[] lastNanos, Press extra) {
        for (int i = sent.size() - 1; i >= 0; i--) {
            if (isPossible(sent.get(i), firstNanos[i], extra)) {
                doubled++;
                split += lastNanos[i] - extra.nanos() > MID_PRESS_NANOS ? 1 : 0;
                return;
            }
        }
        madeUp++;
    }

    int presses() {
        return presses;
    }

    /** Those that the far end has. */
    int arrived() {
        return presses - unheard - lost;
    }

    /** Those of which the line let no packet through. */
    int unheard() {
        return unheard;
    }

    /** Those that the far end has not, although some packet came through. */
    int lost() {
        return lost;
    }

    /** Those that the far end has once more than they were, each time counted. */
    int doubled() {
        return doubled;
    }

    /** Those that arrived, but in another order than they were pressed. */
    int misplaced() {
        return misplaced;
    }

    /** Those of the doubled that began anew while they were still held down. */
    int split() {
        return split;
    }

    /** Those that nobody pressed. */
    int madeUp() {
        return madeUp;
    }

    /** How far lengths are off, without their sign, ms; NaN where nothing has arrived. */
    double errorMillis(double percent) {
        return percentile(errorsMillis, percent);
    }

    /** From the first packet that the gateway got of a press to the first that the far end got, ms; NaN as above. */
    double delayMillis(double percent) {
        return percentile(delaysMillis, percent);
    }

    private static double percentile(List<Double> values, double percent) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[(int) Math.min(sorted.length - 1L, (long) (sorted.length * percent / 100))];
    }
}
