package io.ringdown.gateway.guard;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * What calls have used of all limits. A call is counted by all of its limits or by none; talk is reserved by pieces, before it is
 * talked, so that no limit is exceeded. Pure; one thread at a time. {@code day} is any number that rises by one each midnight,
 * {@code now} is in nanoseconds of a steady clock.
 */
final class Tally {
    /** What is reserved at a time. */
    static final Duration PIECE = Duration.ofMinutes(1);

    // At 200 bytes each some 20 MB: beyond, what is idle is forgotten, then what only the last hour knows of, and if
    // there is
    // nothing such, calls that need a new one are refused.
    private static final int MOST_USAGES = 100_000;
    // Nobody fills more of it than this part, so that who is new finds room.
    private static final int PARTS = 10;
    // Whose what goes on from before is.
    private static final String NOBODY = "";
    private static final long SWEEP_EVERY = Duration.ofSeconds(1).toNanos();

    private final Map<Line, Usage> usages = new HashMap<>();
    // How many of these are of whose making.
    private final Map<String, Integer> made = new HashMap<>();
    private final int mostUsages;
    private long sweptAt;
    private boolean hasSwept;

    Tally() {
        this(MOST_USAGES);
    }

    Tally(int mostUsages) {
        this.mostUsages = mostUsages;
    }

    /** Calls that are counted together by one limit. */
    record Line(Limit limit, String key) {}

    /** What one call has reserved. */
    static final class Entry {
        private final List<Line> lines;
        private final List<Usage> usages;
        private final Optional<Rate> rate;
        // By what it is counted besides since it went elsewhere: none of it by talk.
        private final List<Entry> also = new ArrayList<>();
        private Duration covered;
        private long lastMillis;
        private long lastMicros;
        // The days in which that was counted: what was reserved yesterday is forgotten already.
        private List<Long> lastDays = List.of();
        private OptionalLong begunAt = OptionalLong.empty();
        private List<Long> begunDays = List.of();
        private boolean isOpen = true;

        private Entry(List<Line> lines, List<Usage> usages, Optional<Rate> rate, Duration covered) {
            this.lines = List.copyOf(lines);
            this.usages = usages;
            this.rate = rate;
            this.covered = covered;
        }

        /** Whether this has counted it since it began, and reserves its talk if it counts that. */
        boolean isReservedBy(Line line) {
            return lines.contains(line);
        }

        private boolean isCountedBy(Line line) {
            return isReservedBy(line) || also.stream().anyMatch(entry -> entry.isCountedBy(line));
        }

        boolean hasCapAtOnce() {
            return usages.stream().anyMatch(usage -> usage.limit().atOnce().isPresent())
                    || also.stream().anyMatch(Entry::hasCapAtOnce);
        }

        /** Whether its talk has to be reserved. */
        boolean isMetered() {
            return usages.stream().anyMatch(usage -> usage.limit().isMetered());
        }

        /** How much talk, from its answer, is reserved. */
        Duration covered() {
            return covered;
        }
    }

    /** What a request for a call comes to. */
    sealed interface Outcome {
        /** It is counted. */
        record Taken(Entry entry) implements Outcome {}

        /** It is not, because of this. */
        record Full(String limit) implements Outcome {}
    }

    /** Counts a call by all of these, with its first piece, or by none. {@code by}: whose call it is, to share what room there is. */
    Outcome take(String by, List<Line> lines, Optional<Rate> rate, long day, long now) {
        Optional<String> full = refusal(by, lines, rate, day, now);
        if (full.isPresent()) {
            return new Outcome.Full(full.get());
        }
        Entry entry = new Entry(lines, usages(by, lines, day), rate, Duration.ZERO);
        entry.usages.forEach(usage -> usage.begin(now));
        entry.begunAt = OptionalLong.of(now);
        entry.begunDays = entry.usages.stream().map(Usage::day).toList();
        reserve(entry);
        return new Outcome.Taken(entry);
    }

    /**
     * Counts a call that goes elsewhere by those of these that do not count it yet, none of which counts talk, until it is over. The
     * limit that is in the way, and nothing has changed, if there is one.
     */
    Optional<String> takeAlso(Entry entry, String by, List<Line> lines, Optional<Rate> rate, long day, long now) {
        if (!entry.isOpen) {
            return Optional.of("count no call that is over");
        }
        List<Line> further =
                lines.stream().filter(line -> !entry.isCountedBy(line)).toList();
        return switch (take(by, further, rate, day, now)) {
            case Outcome.Full full -> Optional.of(full.limit());
            case Outcome.Taken taken -> {
                entry.also.add(taken.entry());
                yield Optional.empty();
            }
        };
    }

    /** The limit by which a call would be refused now. */
    private Optional<String> refusal(String by, List<Line> lines, Optional<Rate> rate, long day, long now) {
        if (!hasRoom(by, lines) && !hasRoomAfterSweep(by, lines, day, now)) {
            return Optional.of("more callers and numbers than can be counted");
        }
        long millis = PIECE.toMillis();
        long micros = price(rate, PIECE);
        for (Line line : lines) {
            Usage usage = usages.get(line);
            if (usage == null) {
                usage = new Usage(line.limit, by, day);
            }
            usage.on(day, now);
            if (!usage.hasRoom(millis, micros)) {
                return Optional.of(line.limit.title());
            }
        }
        return Optional.empty();
    }

    /** Counts a call that has been counted before, or elsewhere, and has talked so long: whatever the limits. */
    Entry keep(List<Line> lines, Optional<Rate> rate, Duration talked, long day, long now) {
        Entry entry = new Entry(lines, usages(NOBODY, lines, day), rate, talked);
        entry.usages.forEach(usage -> {
            usage.on(day, now);
            usage.keep();
        });
        reserve(entry);
        return entry;
    }

    /** Reserves the next piece of a call's talk; false, and nothing has changed, if there is none left. */
    boolean more(Entry entry, long day, long now) {
        Duration next = entry.covered.plus(PIECE);
        long micros = price(entry.rate, next) - price(entry.rate, entry.covered);
        for (Usage usage : entry.usages) {
            usage.on(day, now);
            if (!usage.hasTalkLeft(PIECE.toMillis(), micros)) {
                return false;
            }
        }
        reserve(entry);
        return true;
    }

    private static void reserve(Entry entry) {
        Duration next = entry.covered.plus(PIECE);
        entry.lastMillis = PIECE.toMillis();
        entry.lastMicros = price(entry.rate, next) - price(entry.rate, entry.covered);
        entry.lastDays = entry.usages.stream().map(Usage::day).toList();
        entry.covered = next;
        entry.usages.forEach(usage -> usage.talk(entry.lastMillis, entry.lastMicros));
    }

    /** A call is over after so much talk: what it has reserved beyond is given back. Once, however often it is told. */
    void end(Entry entry, Duration talked) {
        if (!entry.isOpen) {
            return;
        }
        entry.isOpen = false;
        entry.also.forEach(other -> end(other, talked));
        long millis = Math.max(-entry.lastMillis, talked.minus(entry.covered).toMillis());
        long micros = Math.max(-entry.lastMicros, price(entry.rate, talked) - price(entry.rate, entry.covered));
        for (int i = 0; i < entry.usages.size(); i++) {
            Usage usage = entry.usages.get(i);
            usage.end();
            if (usage.day() == entry.lastDays.get(i) || millis > 0) {
                usage.talk(millis, micros);
            }
        }
    }

    /** It never was: nothing of it is counted any more. False, and nothing has changed, if it is over. */
    boolean withdraw(Entry entry) {
        if (!entry.isOpen) {
            return false;
        }
        entry.also.forEach(this::withdraw);
        end(entry, Duration.ZERO);
        entry.begunAt.ifPresent(at -> {
            for (int i = 0; i < entry.usages.size(); i++) {
                entry.usages.get(i).unbegin(at, entry.begunDays.get(i));
            }
        });
        return true;
    }

    /** A call of this day that is over was so long and cost so much. */
    void recall(List<Line> lines, Duration talked, Money spent, long day) {
        for (Usage usage : usages(
                NOBODY, lines.stream().filter(line -> line.limit.isDaily()).toList(), day)) {
            usage.recall();
            usage.talk(talked.toMillis(), spent.micros());
        }
    }

    /** What is used of a line; empty for nothing. */
    Optional<Usage> usage(Line line) {
        return Optional.ofNullable(usages.get(line));
    }

    /** Everything that is used, for people to look at. */
    Map<Line, Usage> all() {
        return Map.copyOf(usages);
    }

    int size() {
        return usages.size();
    }

    private List<Usage> usages(String by, List<Line> lines, long day) {
        List<Usage> all = new ArrayList<>(lines.size());
        lines.forEach(line -> all.add(usages.computeIfAbsent(line, _ -> {
            made.merge(by, 1, Integer::sum);
            return new Usage(line.limit, by, day);
        })));
        return all;
    }

    private boolean hasRoom(String by, List<Line> lines) {
        long fresh = lines.stream().filter(line -> !usages.containsKey(line)).count();
        return fresh == 0
                || (usages.size() + fresh <= mostUsages && made.getOrDefault(by, 0) + fresh <= mostUsages / PARTS);
    }

    private boolean hasRoomAfterSweep(String by, List<Line> lines, long day, long now) {
        if (!hasSwept || now - sweptAt >= SWEEP_EVERY) {
            hasSwept = true;
            sweptAt = now;
            usages.values().forEach(usage -> usage.on(Math.max(day, usage.day()), now));
            forget(usage -> usage.isIdle(day));
            if (usages.size() + lines.size() > mostUsages) {
                forget(usage -> usage.isQuiet(day));
            }
        }
        return hasRoom(by, lines);
    }

    private void forget(Predicate<Usage> which) {
        usages.values().removeIf(usage -> {
            boolean isGone = which.test(usage);
            if (isGone) {
                made.computeIfPresent(usage.by(), (_, count) -> count == 1 ? null : count - 1);
            }
            return isGone;
        });
    }

    private static long price(Optional<Rate> rate, Duration talked) {
        return rate.map(known -> known.price(talked).micros()).orElse(0L);
    }
}
