package io.ringdown.bench;

import java.util.Map;
import java.util.TreeMap;

/** How calls went. Thread-safe. */
final class Tally {
    private final Histogram answer = new Histogram();
    private final Histogram ice = new Histogram();
    private final Histogram dtls = new Histogram();
    private final Histogram answered = new Histogram();
    private final Histogram voice = new Histogram();
    private final Map<String, Integer> failures = new TreeMap<>();
    private int ok;

    /**
     * The times of a set-up in nanoseconds; zero for what was not waited for.
     *
     * @param answer from the offer to our answer
     * @param ice from there to the first answered check
     * @param dtls from there to the keys
     * @param answered from the offer to the far end's 200
     * @param voice from the 200 until the first frame of each end has come to the other
     */
    record Times(long answer, long ice, long dtls, long answered, long voice) {}

    /** What is told over the wire between processes. */
    record Reading(
            int ok,
            Map<String, Integer> failures,
            Histogram answer,
            Histogram ice,
            Histogram dtls,
            Histogram answered,
            Histogram voice) {
        int failed() {
            return failures.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    synchronized void onDone(Times times) {
        ok++;
        answer.add(times.answer());
        answered.add(times.answered());
        if (times.dtls() > 0) {
            ice.add(times.ice());
            dtls.add(times.dtls());
        }
        if (times.voice() > 0) {
            voice.add(times.voice());
        }
    }

    synchronized void onFailed(Exception why) {
        failures.merge(String.valueOf(why.getMessage()), 1, Integer::sum);
    }

    synchronized int failed() {
        return failures.values().stream().mapToInt(Integer::intValue).sum();
    }

    synchronized Reading read() {
        return new Reading(
                ok, new TreeMap<>(failures), answer.copy(), ice.copy(), dtls.copy(), answered.copy(), voice.copy());
    }
}
