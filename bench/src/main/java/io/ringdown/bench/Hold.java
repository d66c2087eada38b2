package io.ringdown.bench;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Calls that stay: what they cost in CPU, delay and memory. */
final class Hold {
    private static final int GARBAGE_SECONDS = 10;
    private static final int SETTLE_SECONDS = 5;

    private Hold() {}

    static void run(Rig rig, Run run, Console console) throws IOException, InterruptedException {
        Options options = rig.options();
        int few = Math.max(1, options.calls() / 3);
        console.say("setting up " + few + " calls, then " + options.warmUpSeconds() + " s to warm up");
        Tally.Reading warm = rig.dial(0, few);
        TimeUnit.SECONDS.sleep(options.warmUpSeconds());
        GatewayProcess.Holding atFew = rig.gateway().holding();
        if (options.nmt()) {
            rig.gateway().nmtBaseline();
        }
        console.say("setting up " + (options.calls() - few) + " more");
        Tally.Reading more = rig.dial(few, options.calls());
        TimeUnit.SECONDS.sleep(options.warmUpSeconds() / 2);
        GatewayProcess.Holding atAll = rig.gateway().holding();
        if (options.nmt()) {
            run.note("NMT", "\n" + rig.gateway().nmtDifference());
        }
        TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
        int calls = warm.ok() + more.ok();
        console.say("measuring " + calls + " calls for " + options.seconds() + " s");
        Window window = Window.open(rig);
        window.watch(options.seconds(), 1, console::glance);
        window.into(run, Math.max(1, calls));
        garbage(rig, run);
        console.say("hanging up");
        Tally.Reading ended = rig.hangUp(0, options.calls());
        setUpInto(run, more.ok() > 0 ? more : warm);
        memoryInto(run, atFew, atAll, warm.ok(), calls);
        run.put(Figure.CALLS_OK, ended.ok());
        run.put(Figure.CALLS_FAILED, warm.failed() + more.failed() + ended.failed());
        for (Tally.Reading reading : List.of(warm, more, ended)) {
            reading.failures().forEach((why, count) -> run.note("failed: " + why, count));
        }
        rig.trunk().refusals().forEach((why, count) -> run.note("refused by the trunk: " + why, count));
        over(run, window);
        run.require("no call failed", warm.failed() + more.failed() + ended.failed() == 0);
    }

    /** Bytes allocated in the gateway by each packet in or out; counted last, since asking leaves a listener in the process. */
    static void garbage(Rig rig, Run run) throws IOException, InterruptedException {
        try (GatewayProcess.Allocations allocations = rig.gateway().allocations()) {
            var _ = allocations.bytes(); // the first answer allocates for itself
            rig.clear();
            long bytes = allocations.bytes();
            TimeUnit.SECONDS.sleep(GARBAGE_SECONDS);
            bytes = allocations.bytes() - bytes;
            EndFigures.Reading web = rig.web().read();
            EndFigures.Reading trunk = rig.trunk().read();
            run.put(
                    Figure.GARBAGE,
                    (double) bytes / Math.max(1, web.sent() + web.received() + trunk.sent() + trunk.received()));
        }
    }

    static void setUpInto(Run run, Tally.Reading tally) {
        run.put(Figure.SETUP_ANSWER, tally.answer());
        run.put(Figure.SETUP_ICE, tally.ice());
        run.put(Figure.SETUP_DTLS, tally.dtls());
        run.put(Figure.SETUP_ANSWERED, tally.answered());
        run.put(Figure.SETUP_VOICE, tally.voice());
    }

    private static void memoryInto(
            Run run, GatewayProcess.Holding atFew, GatewayProcess.Holding atAll, int few, int all) {
        if (all == few) {
            return;
        }
        double more = all - few;
        run.put(Figure.RSS_SLOPE, (atAll.rssKilobytes() - atFew.rssKilobytes()) / more);
        run.put(Figure.HEAP_SLOPE, (atAll.heapKilobytes() - atFew.heapKilobytes()) / more);
        run.put(Figure.NATIVE_SLOPE, (atAll.nativeKilobytes() - atFew.nativeKilobytes()) / more);
        run.put(Figure.RSS, atAll.rssKilobytes());
        run.put(Figure.HEAP, atAll.heapKilobytes());
        run.note("memory slopes", "from " + few + " to " + all + " calls, after a full collection each");
    }

    private static void over(Run run, Window window) {
        double[] xs =
                window.samples().stream().mapToDouble(Window.Sample::seconds).toArray();
        run.draw(new Plot.Panel(
                "Gateway's CPU",
                "s",
                "ms per s",
                false,
                List.of(new Plot.Curve(
                        "user + system",
                        xs,
                        window.samples().stream()
                                .mapToDouble(Window.Sample::cpuMillisPerSecond)
                                .toArray()))));
    }
}
