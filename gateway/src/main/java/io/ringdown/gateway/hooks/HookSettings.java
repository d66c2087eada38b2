package io.ringdown.gateway.hooks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who is told what happens to calls.
 *
 * @param to the receivers, by name
 * @param timeout how long one may take to answer
 * @param giveUpAfter for how long something is told again that was not taken
 * @param parallel how much is told one receiver at once: of as many calls, for of one call it is one after the other
 * @param most how much may wait for one receiver; what comes beyond is kept as undelivered at once
 * @param mostDead how much undelivered is kept; beyond, the oldest is dropped
 * @param directory of what waits and what was not delivered; {@code var/hooks} beside the configuration file, if empty
 */
public record HookSettings(
        Map<String, HookTarget> to,
        Duration timeout,
        Duration giveUpAfter,
        int parallel,
        int most,
        int mostDead,
        Optional<Path> directory) {
    private static final int MOST_PARALLEL = 256;
    private static final int MOST_KEPT = 1_000_000;
    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(1);

    public HookSettings {
        to = Collections.unmodifiableMap(new LinkedHashMap<>(to));
        for (String name : to.keySet()) {
            if (!name.matches("[a-z0-9][a-z0-9-]{0,31}")) {
                throw new IllegalArgumentException("to." + name
                        + ": is no name for a receiver; write up to 32 small letters, digits and hyphens, as in crm");
            }
        }
        if (!timeout.isPositive() || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException("timeout: is not above 0 and at most 1m; write 5s");
        }
        if (!giveUpAfter.isPositive()) {
            throw new IllegalArgumentException("give-up-after: is nothing; write 24h");
        }
        if (parallel < 1 || parallel > MOST_PARALLEL) {
            throw new IllegalArgumentException("parallel: is not 1 to " + MOST_PARALLEL + "; write 16");
        }
        if (most < 1 || most > MOST_KEPT) {
            throw new IllegalArgumentException("most: is not 1 to " + MOST_KEPT + "; write 20000");
        }
        if (mostDead < 1 || mostDead > MOST_KEPT) {
            throw new IllegalArgumentException("most-dead: is not 1 to " + MOST_KEPT + "; write 10000");
        }
    }

    /** Nobody. */
    public static HookSettings defaults() {
        return new HookSettings(
                Map.of(), Duration.ofSeconds(5), Duration.ofHours(24), 16, 20_000, 10_000, Optional.empty());
    }

    /** As this, with the directory named. */
    public HookSettings orIn(Path usual) {
        return new HookSettings(
                to, timeout, giveUpAfter, parallel, most, mostDead, Optional.of(directory.orElse(usual)));
    }
}
