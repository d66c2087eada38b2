package io.ringdown.bench;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Calls in a row, or all at once: none may fail, and the gateway's threads, sockets and heap return to where they were. */
final class ManyCalls {
    /** The warm-up fills the trace: what it keeps of later calls, on purpose and up to its limit, would look like a leak. */
    static final String TRACED = "5";

    private static final int WARM_UP = 5;
    private static final int SETTLE_SECONDS = 100; // SIP remembers 32 s, HTTP tells for 60 s how a call ended
    private static final long GLANCE_MILLIS = 3_000;
    private static final int THREADS_TO_SPARE = 4; // pools of the web server and of virtual threads breathe
    private static final int HEAP_TO_SPARE_KILOBYTES = 1_024;
    private static final long FOREVER_SECONDS = TimeUnit.DAYS.toSeconds(1);

    private ManyCalls() {}

    static void inSequence(Rig rig, Run run, Console console) throws IOException, InterruptedException {
        run(rig, run, console, "churn " + rig.options().calls() + " " + FOREVER_SECONDS + " 1 " + WebEnd.Depth.VOICE);
    }

    static void atOnce(Rig rig, Run run, Console console) throws IOException, InterruptedException {
        run(rig, run, console, "at-once " + rig.options().calls());
    }

    private static void run(Rig rig, Run run, Console console, String work) throws IOException, InterruptedException {
        Tally.Reading warmUp = rig.web().ask("at-once " + WARM_UP, Tally.Reading.class);
        warmUp.failures().forEach((why, count) -> run.note("failed while warming up: " + why, count));
        run.require("warm-up calls all well", warmUp.failed() == 0);
        GatewayProcess.Holding before = rested(rig);
        console.say(rig.options().calls() + " calls");
        rig.clear();
        Tally.Reading tally = rig.web().ask(work, Tally.Reading.class);
        run.put(Figure.CALLS_OK, tally.ok());
        run.put(Figure.CALLS_FAILED, tally.failed());
        tally.failures().forEach((why, count) -> run.note("failed: " + why, count));
        rig.trunk().refusals().forEach((why, count) -> run.note("refused by the trunk: " + why, count));
        Hold.setUpInto(run, tally);
        EndFigures.Reading web = rig.web().read();
        run.put(Figure.LATENESS_WEB, web.lateness());
        run.put(Figure.LATENESS_TRUNK, rig.trunk().read().lateness());
        run.put(Figure.SRTP_ERRORS, web.srtpErrors());
        console.say("waiting until the gateway is back where it was");
        GatewayProcess.Holding after = settled(rig, before);
        run.note("gateway threads before, after", before.threads() + ", " + after.threads());
        run.note("gateway descriptors before, after", before.descriptors() + ", " + after.descriptors());
        run.note("gateway heap kB before, after", before.heapKilobytes() + ", " + after.heapKilobytes());
        run.note("gateway RSS kB before, after", before.rssKilobytes() + ", " + after.rssKilobytes());
        run.require("no call failed", tally.failed() == 0);
        run.require("threads, sockets and heap return", isBack(after, before));
    }

    private static GatewayProcess.Holding rested(Rig rig) throws IOException, InterruptedException {
        Thread.sleep(GLANCE_MILLIS);
        var _ = rig.gateway().holding(); // the first one starts threads of its own in the gateway
        return rig.gateway().holding();
    }

    /** What the gateway holds once it is back where it was, or when patience ends. */
    private static GatewayProcess.Holding settled(Rig rig, GatewayProcess.Holding before)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SETTLE_SECONDS);
        GatewayProcess.Holding now = rested(rig);
        while (!isBack(now, before) && System.nanoTime() - deadline < 0) {
            now = rested(rig);
        }
        return now;
    }

    private static boolean isBack(GatewayProcess.Holding now, GatewayProcess.Holding before) {
        return now.threads() <= before.threads() + THREADS_TO_SPARE
                && now.descriptors() <= before.descriptors()
                && now.heapKilobytes() <= before.heapKilobytes() + HEAP_TO_SPARE_KILOBYTES;
    }
}
