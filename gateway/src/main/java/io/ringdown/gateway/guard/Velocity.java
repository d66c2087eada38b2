package io.ringdown.gateway.guard;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Map.Entry;

/**
 * How many calls users and countries have in ten minutes, beside what is usual for them. Pure; one thread at a time; {@code now} is in
 * nanoseconds of a steady clock.
 */
final class Velocity {
    private static final long SPAN = Duration.ofMinutes(10).toNanos();
    // What one span weighs in what is usual: half of it is forgotten after an hour or so.
    private static final double WEIGHT = 0.1;
    private static final int MOST_WATCHED = 20_000;

    private final GuardSettings.Alarm alarm;
    private final Map<String, Pace> paces = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Entry<String, Pace> eldest) {
            return size() > MOST_WATCHED;
        }
    };
    private long raised;

    private static final class Pace {
        private long since;
        private int calls;
        private double usual;
        private boolean isRaised;
        private boolean isBlocked;
        private long blockedUntil;
    }

    Velocity(GuardSettings.Alarm alarm) {
        this.alarm = alarm;
    }

    /** Counts a call; true if it is the first of its span that is unusual. */
    boolean on(String who, long now) {
        if (alarm.calls().isEmpty()) {
            return false;
        }
        Pace pace = paces.computeIfAbsent(who, _ -> {
            Pace first = new Pace();
            first.since = now;
            return first;
        });
        roll(pace, now);
        pace.calls++;
        boolean isUnusual = pace.calls > alarm.calls().getAsInt() && pace.calls > alarm.times() * pace.usual;
        if (!isUnusual || pace.isRaised) {
            return false;
        }
        pace.isRaised = true;
        raised++;
        if (!alarm.block().isZero()) {
            pace.isBlocked = true;
            pace.blockedUntil = now + alarm.block().toNanos();
        }
        return true;
    }

    /** A call that was counted then never was. What was raised stays so. */
    void back(String who, long countedAt) {
        Pace pace = paces.get(who);
        if (pace != null && countedAt - pace.since >= 0 && pace.calls > 0) {
            pace.calls--;
        }
    }

    private static void roll(Pace pace, long now) {
        long spans = (now - pace.since) / SPAN;
        if (spans > 0) {
            pace.usual = (pace.usual * (1 - WEIGHT) + pace.calls * WEIGHT) * Math.pow(1 - WEIGHT, (double) (spans - 1));
            pace.calls = 0;
            pace.isRaised = false;
            pace.since += spans * SPAN;
        }
    }

    /** Whether calls are refused since it was unusual. */
    boolean isBlocked(String who, long now) {
        Pace pace = paces.get(who);
        if (pace == null || !pace.isBlocked) {
            return false;
        }
        pace.isBlocked = pace.blockedUntil - now > 0;
        return pace.isBlocked;
    }

    /** How often something was unusual. */
    long raised() {
        return raised;
    }
}
