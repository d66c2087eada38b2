package io.ringdown.practice;

import java.util.List;

/**
 * What a number does with a call. Pure; owned by one thread. Each input gives the actions that follow from it; after each
 * ask {@link #nextWakeup()}.
 */
interface Script {
    /** No wish to be woken. */
    long NEVER = Long.MAX_VALUE;

    List<Action> on(Input input, long now);

    /** When {@link Input.Woken} is wanted, or {@link #NEVER}. */
    long nextWakeup();
}
