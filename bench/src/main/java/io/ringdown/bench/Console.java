package io.ringdown.bench;

import java.io.PrintStream;
import java.util.Locale;

/** Says on the terminal how far a run is; results go elsewhere. One thread. */
final class Console {
    private static final double EVERY_SECONDS = 10;

    private final PrintStream out;
    private final long begin = System.nanoTime();
    private double last;

    Console(PrintStream out) {
        this.out = out;
    }

    void say(String what) {
        out.printf(Locale.ROOT, "%5.0f s  %s%n", (System.nanoTime() - begin) / 1e9, what);
    }

    /** From time to time, what a glance saw. */
    void glance(Window.Sample sample) {
        if (sample.seconds() < last) {
            last = 0;
        }
        if (sample.seconds() - last >= EVERY_SECONDS) {
            last = sample.seconds();
            say("gateway %s ms CPU a second, %s MB; delay p99 %s ms to the trunk, %s ms to the browser"
                    .formatted(
                            Report.number(sample.cpuMillisPerSecond()),
                            Report.number(sample.rssMegabytes()),
                            Report.number(sample.trunk().recent().percentileMillis(99)),
                            Report.number(sample.web().recent().percentileMillis(99))));
        }
    }
}
