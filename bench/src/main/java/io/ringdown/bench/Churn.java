package io.ringdown.bench;

import java.io.IOException;

/** Calls that come and go as fast as they can: how many a second, and what each costs. */
final class Churn {
    private Churn() {}

    static void run(Rig rig, Run run, Console console) throws IOException, InterruptedException {
        Options options = rig.options();
        WebEnd.Depth depth = options.signalling() ? WebEnd.Depth.SIGNALLING : WebEnd.Depth.KEYS;
        console.say("warming up for " + options.warmUpSeconds() + " s");
        churn(rig, options.warmUpSeconds(), depth);
        console.say("measuring for " + options.seconds() + " s");
        Window window = Window.open(rig);
        Tally.Reading tally = churn(rig, options.seconds(), depth);
        window.close();
        run.put(Figure.CALLS_OK, tally.ok());
        run.put(Figure.CALLS_FAILED, tally.failed());
        tally.failures().forEach((why, count) -> run.note("failed: " + why, count));
        rig.trunk().refusals().forEach((why, count) -> run.note("refused by the trunk: " + why, count));
        run.put(Figure.CALLS_PER_SECOND, tally.ok() / window.seconds());
        run.put(Figure.CALLS_PER_SECOND_AND_CORE, tally.ok() / window.gatewayMillis() * 1_000);
        run.put(Figure.CPU_PER_CALL, window.gatewayMillis() / Math.max(1, tally.ok()));
        Hold.setUpInto(run, tally);
        window.collectorInto(run);
        window.othersInto(run);
        run.note("gateway: CPU by thread", window.threadShares());
        run.require("no call failed", tally.failed() == 0);
    }

    private static Tally.Reading churn(Rig rig, int seconds, WebEnd.Depth depth) throws IOException {
        return rig.web()
                .ask(
                        "churn " + Integer.MAX_VALUE + " " + seconds + " "
                                + rig.options().parallel() + " " + depth,
                        Tally.Reading.class);
    }
}
