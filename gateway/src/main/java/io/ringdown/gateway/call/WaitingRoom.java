package io.ringdown.gateway.call;

import io.ringdown.gateway.routing.PhoneNumber;
import java.time.Duration;
import java.util.Optional;

/**
 * Where calls in wait until somebody of a group can be rung: it posts {@link CallEvent.RingToo}, {@link CallEvent.RingNoMore} and
 * {@link CallEvent.NobodyTakes} to them, and learns of what becomes of them from their news and records. Thread-safe; every method
 * returns at once, and may be called on a call's own thread.
 */
public interface WaitingRoom {
    /** One where nothing waits. */
    WaitingRoom NONE = new WaitingRoom() {
        @Override
        public boolean has(String group) {
            return false;
        }

        @Override
        public Optional<String> groupOf(PhoneNumber called) {
            return Optional.empty();
        }

        @Override
        public Duration longest(String group) {
            return Duration.ZERO;
        }

        @Override
        public boolean takesCalls(String user) {
            return true;
        }

        @Override
        public void enter(CallId call, String group) {
            throw new IllegalStateException("nothing waits here");
        }
    };

    /** Whether calls of this group wait here; those of others ring whoever of them is signed in. */
    boolean has(String group);

    /** The group whose extension this is. */
    Optional<String> groupOf(PhoneNumber called);

    /** How long a call to this group rings at most, wherever it goes from there. */
    Duration longest(String group);

    /** Whether this user may be rung by a call to themselves: they are not busy, or let calls wait. */
    boolean takesCalls(String user);

    /** This call waits for the group from now on, until somebody has accepted it or it is over. */
    void enter(CallId call, String group);
}
