package io.ringdown.gateway.agents;

import java.util.List;

/** Sees how people and groups change. Called on a timer's thread; returns at once. */
@FunctionalInterface
public interface RosterListener {
    /** These have changed since the last time, and are so now; a change that was undone meanwhile may be among them. */
    void onChange(List<Colleague> people, List<GroupSeen> groups);
}
