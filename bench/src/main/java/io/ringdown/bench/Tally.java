package io.ringdown.bench;

import java.util.Map;
import java.util.TreeMap;

/** How calls went. Thread-safe. */
final class Tally {
    private final Figures answer = new Figures();
    private final Figures ice = new Figures();
    private final Figures dtls = new Figures();
    private final Figures answered = new Figures();
    private final Figures voice = new Figures();
    private final Map<String, Integer> failures = new TreeMap<>();
    private int ok;

    synchronized void onBegun(BenchCall.Times times) {
        answer.add(times.answer());
        ice.add(times.ice());
        dtls.add(times.dtls());
        answered.add(times.answered());
        voice.add(times.voice());
    }

    synchronized void onDone() {
        ok++;
    }

    synchronized void onFailed(Exception why) {
        failures.merge(String.valueOf(why.getMessage()), 1, Integer::sum);
    }

    synchronized int failed() {
        return failures.values().stream().mapToInt(Integer::intValue).sum();
    }

    synchronized void into(Report report) {
        report.put("calls ok", ok);
        report.put("calls failed", failed());
        failures.forEach((why, count) -> report.put("failed: " + why, count));
        report.put("set-up: offer to answer", answer, "ms");
        report.put("set-up: answer to ICE", ice, "ms");
        report.put("set-up: ICE to DTLS", dtls, "ms");
        report.put("set-up: offer to 200 OK", answered, "ms");
        report.put("set-up: 200 OK to a mark at both ends", voice, "ms");
    }
}
