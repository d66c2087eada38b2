package io.ringdown.gateway.app;

import java.time.Duration;
import java.util.Optional;

/**
 * How long a gateway that is being stopped waits for its calls, and what it says meanwhile. Pure: told every now and then how many
 * calls are left. Calls for help are waited for beyond the limit: nobody who has called for help is cut off by a restart, unless
 * whoever stops the gateway insists.
 */
final class Draining {
    private static final Duration PROGRESS_EVERY = Duration.ofSeconds(5);

    /** What is to be done now. */
    enum Act {
        WAIT,
        /** End every call that is not for help, and wait on. */
        END_OTHERS,
        /** End what is left, and go. */
        GO
    }

    /** What is to be done, and what whoever stops the gateway reads. */
    record Step(Act act, Optional<String> line) {}

    private final Duration within;
    private final long deadline;
    private long nextLine;
    private boolean othersEnded;
    private boolean begun;

    /** From {@code now} (nanoseconds of any steady clock) for so long at most; zero waits for nothing, not for help either. */
    Draining(Duration within, long now) {
        this.within = within;
        this.deadline = now + within.toNanos();
        this.nextLine = now;
    }

    /** So many calls are left, of which so many are for help; {@code isHurried}: told again to end. */
    Step on(long now, int calls, int forHelp, boolean isHurried) {
        if (calls == 0) {
            return new Step(Act.GO, begun ? Optional.of("No call is left.") : Optional.empty());
        }
        if (isHurried) {
            return new Step(Act.GO, Optional.of("Told again to end: " + counted(calls) + " cut off."));
        }
        boolean isLate = deadline - now <= 0;
        if (isLate && (forHelp == 0 || within.isZero())) {
            return new Step(Act.GO, Optional.of(counted(calls) + " left after " + within.toSeconds() + " s: cut off."));
        }
        if (isLate && !othersEnded && calls > forHelp) {
            othersEnded = true;
            return new Step(
                    Act.END_OTHERS,
                    Optional.of(counted(calls - forHelp) + " left after " + within.toSeconds()
                            + " s: cut off. Waiting for " + counted(forHelp) + " for help."));
        }
        return new Step(Act.WAIT, progress(now, calls, isLate));
    }

    private Optional<String> progress(long now, int calls, boolean isLate) {
        if (nextLine - now > 0) {
            return Optional.empty();
        }
        nextLine += PROGRESS_EVERY.toNanos();
        String line = begun
                ? counted(calls) + " left."
                : "Stopping: no new calls; waiting for " + counted(calls) + ", at most " + within.toSeconds()
                        + " s. Ctrl-C or SIGTERM again ends at once.";
        begun = true;
        return Optional.of(isLate ? counted(calls) + " for help left." : line);
    }

    private static String counted(int calls) {
        return calls == 1 ? "1 call" : calls + " calls";
    }
}
