package io.ringdown.sip.jain;

import io.ringdown.sip.HealthSettings;
import io.ringdown.sip.health.TargetHealth;
import io.ringdown.sip.health.TargetHealth.State;
import io.ringdown.sip.locate.Location;
import io.ringdown.sip.locate.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The addresses of one trunk, with the health of each. Safe for all threads; never blocks. */
final class Targets {
    private static final Logger LOG = LoggerFactory.getLogger(Targets.class);
    private static final long LOG_AGAIN_NANOS = Duration.ofSeconds(5).toNanos(); // for each address

    private final String trunk;
    private final HealthSettings settings;
    private final Supplier<Location> location;
    private final RandomGenerator random;
    private final Map<Target, Watched> watched = new LinkedHashMap<>();

    /** One address. */
    private static final class Watched {
        private final TargetHealth health;
        private State told = State.UP;
        private long toldAt;

        private Watched(TargetHealth health, long now) {
            this.health = health;
            this.toldAt = now - LOG_AGAIN_NANOS;
        }
    }

    Targets(String trunk, HealthSettings settings, Supplier<Location> location, RandomGenerator random) {
        this.trunk = trunk;
        this.settings = settings;
        this.location = location;
        this.random = random;
    }

    /** The addresses in the order in which one request tries them. */
    synchronized List<Target> order() {
        List<Target> order = location.get().order(random);
        long now = System.nanoTime();
        watched.keySet().retainAll(order);
        order.forEach(target ->
                watched.computeIfAbsent(target, _ -> new Watched(new TargetHealth(settings, now), now)));
        return order;
    }

    private State state(Target target, long now) {
        Watched one = watched.get(target);
        return one == null ? State.UP : one.health.state(now);
    }

    synchronized boolean isDown(Target target) {
        return state(target, System.nanoTime()) == State.DOWN;
    }

    /** Whether a call may go there now; asking is taking. */
    synchronized boolean mayCarry(Target target) {
        Watched one = watched.get(target);
        return one == null || one.health.mayCarry(System.nanoTime());
    }

    /** Whether an address is known, and all that are known are down. */
    synchronized boolean allDown() {
        long now = System.nanoTime();
        List<Target> order = order();
        return !order.isEmpty() && order.stream().allMatch(target -> state(target, now) == State.DOWN);
    }

    void onAlive(Target target) {
        note(target, health -> health.onAlive(System.nanoTime()));
    }

    void onFailure(Target target) {
        note(target, health -> health.onFailure(System.nanoTime()));
    }

    void onPing(Target target, boolean answered) {
        note(target, health -> {
            if (answered) {
                health.onPingAnswered(System.nanoTime());
            } else {
                health.onPingUnanswered(System.nanoTime());
            }
        });
    }

    private synchronized void note(Target target, Consumer<TargetHealth> input) {
        Watched one = watched.get(target);
        if (one != null) {
            input.accept(one.health);
            log(target, one, System.nanoTime());
        }
    }

    // What passes within seconds is told when it has lasted: the state is compared with the one that was told last.
    private void log(Target target, Watched one, long now) {
        State state = one.health.state(now);
        boolean down = state == State.DOWN || state == State.PROBING;
        boolean toldDown = one.told == State.DOWN || one.told == State.PROBING;
        if (down != toldDown && now - one.toldAt >= LOG_AGAIN_NANOS) {
            one.told = state;
            one.toldAt = now;
            if (down) {
                LOG.warn("trunk {}: {} is down, and passed over", trunk, target);
            } else {
                LOG.info("trunk {}: {} is back", trunk, target);
            }
        }
    }

    /** Time has passed: the addresses that are to be pinged now. */
    synchronized List<Target> duePings() {
        order();
        long now = System.nanoTime();
        List<Target> due = new ArrayList<>();
        watched.forEach((target, one) -> {
            one.health.onTime(now);
            if (one.health.takePing()) {
                due.add(target);
            }
            log(target, one, now);
        });
        return due;
    }

    /** Each address with its state. */
    synchronized Map<String, String> states() {
        order();
        long now = System.nanoTime();
        Map<String, String> states = new LinkedHashMap<>();
        watched.forEach((target, one) ->
                states.put(target.toString(), one.health.state(now).name().toLowerCase(Locale.ROOT)));
        return states;
    }

    /** How long each has been in its state, in seconds. */
    synchronized Map<String, Object> debugState() {
        order();
        long now = System.nanoTime();
        Map<String, Object> states = new LinkedHashMap<>();
        watched.forEach((target, one) -> states.put(
                target.toString(),
                one.health.state(now).name().toLowerCase(Locale.ROOT) + " for "
                        + one.health.inStateFor(now).toSeconds() + " s"));
        return states;
    }

    /** The first address that is not down, else the first. */
    Optional<Target> best() {
        List<Target> order = order();
        return order.stream()
                .filter(target -> !isDown(target))
                .findFirst()
                .or(() -> order.stream().findFirst());
    }
}
