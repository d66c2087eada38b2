package io.ringdown.it;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Who says which tone, and whether each hears those whom it should and nobody else. Every look is a row of a table that is printed
 * at the end. One thread.
 */
final class Tones {
    private static final int SETTLE_MILLIS = 700; // through both browsers' buffers, and what was on its way
    private static final int MOST_LOOKS = 5;

    private final Map<String, Double> tones;
    private final List<String> table = new ArrayList<>();

    /** The tone of each, by name. */
    Tones(Map<String, Double> tones) {
        this.tones = new LinkedHashMap<>(tones);
    }

    /** An ear, and whom it is to hear; nobody: silence. */
    record Ears(String who, Supplier<Sound> ear, Set<String> hears) {
        static Ears of(String who, Supplier<Sound> ear, String... hears) {
            return new Ears(who, ear, Set.of(hears));
        }
    }

    /** Each of these hears whom it is to hear, now. */
    void assertHeard(String when, Ears... ears) {
        Tools.pause(SETTLE_MILLIS);
        for (Ears each : ears) {
            Sound sound = listen(each);
            StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "%-28s %-12s", when, each.who));
            List<Double> heard = new ArrayList<>();
            List<Double> others = new ArrayList<>();
            tones.forEach((name, hz) -> {
                (each.hears.contains(name) ? heard : others).add(hz);
                row.append(String.format(
                        Locale.ROOT,
                        "  %s %5.1f dBFS%s",
                        name,
                        sound.meanLevelOfDbfs(hz),
                        each.hears.contains(name) ? " *" : "  "));
            });
            table.add(row.toString());
            try {
                Ear.hearsJust(each.who + " " + when, sound, heard, others);
            } catch (AssertionError wrong) {
                print();
                throw new AssertionError(
                        wrong.getMessage() + "\nit is to hear " + new TreeSet<>(each.hears) + "\n"
                                + String.join("\n", table),
                        wrong);
            }
        }
    }

    /** A look at what it is to hear that no pause of a busy machine has torn; what is torn each time is judged as it is. */
    private Sound listen(Ears ears) {
        Sound sound = ears.ear.get();
        for (int again = 1; again < MOST_LOOKS && !isWhole(sound, ears.hears); again++) {
            sound = ears.ear.get();
        }
        return sound;
    }

    private boolean isWhole(Sound sound, Set<String> hears) {
        return hears.stream().allMatch(name -> sound.isWhole(Objects.requireNonNull(tones.get(name))));
    }

    /** All that was heard so far; a star stands where it was to be. */
    void print() {
        table.forEach(row -> System.err.println("    " + row));
    }
}
