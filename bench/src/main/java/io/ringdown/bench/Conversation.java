package io.ringdown.bench;

/** The two directions of one call, shared by its two ends. */
record Conversation(Delay toTrunk, Delay toWeb) {
    /** Whether each end has heard a mark of the other. */
    boolean isHeardBothWays() {
        return toTrunk.marks() > 0 && toWeb.marks() > 0;
    }

    void count(boolean on) {
        toTrunk.count(on);
        toWeb.count(on);
    }
}
