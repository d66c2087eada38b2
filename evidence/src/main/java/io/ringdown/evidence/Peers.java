package io.ringdown.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Whom the running test has met. Told by what starts them, so it is what happened and not what somebody wrote down. One for the
 * process, because one test runs at a time in it. Safe for all threads.
 */
public final class Peers {
    private static final Set<String> MET = new ConcurrentSkipListSet<>();

    private Peers() {}

    /** This program is the peer, or reads what we have said. */
    public static void met(Peer peer) {
        MET.add(peer.title());
    }

    /** As the other, doing what this scenario says. */
    public static void met(Peer peer, String scenario) {
        MET.add(peer.title() + " " + scenario);
    }

    /** All that were met since the last time; each once, in the alphabet's order. */
    static List<String> take() {
        List<String> taken = new ArrayList<>(MET);
        MET.clear();
        return taken;
    }
}
