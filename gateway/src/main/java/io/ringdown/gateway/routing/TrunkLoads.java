package io.ringdown.gateway.routing;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How much each trunk has to do, against its limits. Thread-safe, without locks; {@code now} is in nanoseconds of one steady
 * clock.
 */
public final class TrunkLoads {
    private final Map<String, Load> loads = new LinkedHashMap<>();

    /** What is known of a trunk at a moment: calls in and out, whether it is left alone, and how many found no channel. */
    public record Seen(int in, int out, boolean resting, long refused) {}

    /** A channel of a trunk that a call holds. Given back once, whoever does it and however often. */
    public static final class Channel {
        private final AtomicReference<Optional<Load>> held;
        private final boolean out;

        private Channel(Load load, boolean out) {
            this.held = new AtomicReference<>(Optional.of(load));
            this.out = out;
        }

        /** Gives it back. */
        public void give() {
            held.getAndSet(Optional.empty())
                    .ifPresent(load -> load.use.updateAndGet(use -> use.with(out ? 0 : -1, out ? -1 : 0)));
        }
    }

    private record Load(TrunkLimits limits, AtomicReference<TrunkUse> use) {}

    /** Trunks with these limits, by name, and nothing to do at {@code now}. */
    public TrunkLoads(Map<String, TrunkLimits> limits, long now) {
        limits.forEach((trunk, its) -> loads.put(trunk, new Load(its, new AtomicReference<>(TrunkUse.none(its, now)))));
    }

    /** A channel for a call out; empty if there is none, calls come too fast, or the trunk asked to be left alone. */
    public Optional<Channel> takeOut(String trunk, long now) {
        Load load = load(trunk);
        return take(load, true, use -> use.withOut(load.limits, now));
    }

    /** A channel for an emergency call, whatever there is. */
    public Channel takeOutAnyway(String trunk, long now) {
        Load load = load(trunk);
        load.use.updateAndGet(use -> use.withOutAnyway(now));
        return new Channel(load, true);
    }

    /** A channel for a call that goes on and was begun elsewhere, or before: whatever the limits, and counted as begun by nobody. */
    public Channel keep(String trunk, boolean out) {
        Load load = load(trunk);
        load.use.updateAndGet(use -> use.with(out ? 0 : 1, out ? 1 : 0));
        return new Channel(load, out);
    }

    /** A channel for a call in; empty if there is none. */
    public Optional<Channel> takeIn(String trunk) {
        Load load = load(trunk);
        return take(load, false, use -> use.withIn(load.limits));
    }

    private Optional<Channel> take(Load load, boolean out, Change change) {
        while (true) {
            TrunkUse before = load.use.get();
            Optional<TrunkUse> after = change.of(before);
            if (load.use.compareAndSet(before, after.orElseGet(before::withRefusal))) {
                return after.map(_ -> new Channel(load, out));
            }
        }
    }

    private interface Change {
        Optional<TrunkUse> of(TrunkUse use);
    }

    /** Leaves a trunk alone for so long, as far as its limits let it ask for that. */
    public void rest(String trunk, Duration asked, long now) {
        Load load = load(trunk);
        load.use.updateAndGet(use -> use.withRest(asked, load.limits, now));
    }

    /** Every trunk, in the order of the configuration. */
    public Map<String, Seen> seen(long now) {
        Map<String, Seen> all = new LinkedHashMap<>();
        loads.forEach((trunk, load) -> {
            TrunkUse use = load.use.get().at(load.limits, now);
            all.put(trunk, new Seen(use.in(), use.out(), use.isResting(), use.refused()));
        });
        return Collections.unmodifiableMap(all);
    }

    /** Every trunk at {@code now}, beside its limits; a limit that is not there is not named. */
    public Map<String, Object> debugState(long now) {
        Map<String, Object> all = new LinkedHashMap<>();
        loads.forEach((trunk, load) -> all.put(trunk, describe(load, now)));
        return all;
    }

    private static Map<String, Object> describe(Load load, long now) {
        TrunkUse use = load.use.get().at(load.limits, now);
        Map<String, Object> limits = new LinkedHashMap<>();
        load.limits.channels().ifPresent(most -> limits.put("channels", most));
        load.limits.channelsOut().ifPresent(most -> limits.put("channelsOut", most));
        load.limits.callsPerSecond().ifPresent(most -> limits.put("callsPerSecond", most));
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("channels", use.in() + use.out());
        state.put("channelsIn", use.in());
        state.put("channelsOut", use.out());
        state.put("callsPerSecond", use.rate().before());
        state.put("refused", use.refused());
        state.put("restMillis", Duration.ofNanos(use.restUntil() - use.at()).toMillis());
        state.put("limits", limits);
        return state;
    }

    private Load load(String trunk) {
        return Optional.ofNullable(loads.get(trunk))
                .orElseThrow(() -> new IllegalArgumentException("no trunk is named " + trunk));
    }
}
