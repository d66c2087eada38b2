package io.ringdown.conf;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that was probably meant. Pure. */
final class Nearest {

    private Nearest() {}

    /** The nearest of {@code known} if it is near enough to have been meant. */
    static Optional<String> to(String written, Collection<String> known) {
        String normal = normal(written);
        return known.stream()
                .min(Comparator.comparingInt(word -> distance(normal, normal(word))))
                .filter(word -> distance(normal, normal(word)) <= Math.max(1, Math.min(4, word.length() / 3)));
    }

    /** {@code webPorts}, {@code web_ports} and {@code web-ports} differ in style only. */
    private static String normal(String word) {
        String shortened = word.length() > 80 ? word.substring(0, 80) : word;
        return shortened.toLowerCase(Locale.ROOT).replaceAll("[-_. ]", "");
    }

    /** Insertions, deletions, replacements and swaps of neighbours that lead from one to the other. */
    private static int distance(String one, String other) {
        int[][] steps = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                steps[i][j] = i == 0 ? j : j == 0 ? i : step(steps, one, other, i, j);
            }
        }
        return steps[one.length()][other.length()];
    }

    private static int step(int[][] steps, String one, String other, int i, int j) {
        int replaced = steps[i - 1][j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replaced, 1 + Math.min(steps[i - 1][j], steps[i][j - 1]));
        boolean swapped =
                i > 1 && j > 1 && one.charAt(i - 1) == other.charAt(j - 2) && one.charAt(i - 2) == other.charAt(j - 1);
        return swapped ? Math.min(best, steps[i - 2][j - 2] + 1) : best;
    }
}
