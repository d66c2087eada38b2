package io.ringdown.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * More and more calls, until a frame is lost, a call is refused or the added delay exceeds 20 ms at p99; then a little further, to
 * see what happens to the calls that stood before.
 */
final class Ramp {
    private static final double MOST_DELAY_MILLIS = 20;
    private static final int SETTLE_SECONDS = 3;
    private static final int STEPS_BEYOND = 4;

    private Ramp() {}

    /** What one number of calls gave. */
    private record Step(
            int calls,
            int refused,
            double cpuMillisPerSecond,
            long harmed,
            double lateness,
            double othersPercent,
            double toTrunk,
            double toWeb,
            double newcomersToTrunk,
            double newcomersToWeb) {
        boolean isWell() {
            return refused == 0 && harmed == 0 && Math.max(toTrunk, toWeb) <= MOST_DELAY_MILLIS;
        }

        String what() {
            if (refused > 0) {
                return refused + " calls were not set up";
            }
            return harmed > 0 ? harmed + " frames were lost or filled in" : "p99 above 20 ms";
        }
    }

    static void run(Rig rig, Run run, Console console) throws IOException, InterruptedException {
        Options options = rig.options();
        List<Step> steps = new ArrayList<>();
        Tally.Reading warm = rig.dial(0, options.from());
        console.say(warm.ok() + " calls, " + options.warmUpSeconds() + " s to warm up");
        TimeUnit.SECONDS.sleep(options.warmUpSeconds());
        int places = options.from();
        int calls = warm.ok();
        int refused = warm.failed();
        int limit = 0;
        int beyond = 0;
        String end = "the most calls that were asked for";
        while (true) {
            Step step = step(rig, calls, refused);
            steps.add(step);
            console.say(text(step));
            if (beyond == 0 && step.isWell()) {
                limit = calls;
            } else if (beyond++ == 0) {
                end = step.what() + " at " + calls + " calls";
                rig.boundary(limit == 0 ? places : limit);
            }
            if (beyond > STEPS_BEYOND || places + options.step() > options.calls()) {
                break;
            }
            Tally.Reading more = rig.dial(places, places + options.step());
            places += options.step();
            calls += more.ok();
            refused = more.failed();
            more.failures().forEach((why, count) -> run.note("not set up: " + why, count));
        }
        console.say("hanging up");
        Tally.Reading ended = rig.hangUp(0, places);
        into(run, steps, limit, end);
        run.put(Figure.CALLS_OK, ended.ok());
        run.put(Figure.CALLS_FAILED, ended.failed());
        ended.failures().forEach((why, count) -> run.note("failed: " + why, count));
        rig.trunk().refusals().forEach((why, count) -> run.note("refused by the trunk: " + why, count));
    }

    private static Step step(Rig rig, int calls, int refused) throws IOException, InterruptedException {
        TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
        Window window = Window.open(rig);
        TimeUnit.SECONDS.sleep(rig.options().seconds());
        window.close();
        EndFigures.Reading web = window.atWeb();
        EndFigures.Reading trunk = window.atTrunk();
        return new Step(
                calls,
                refused,
                window.gatewayMillis() / window.seconds(),
                window.harmed(),
                Math.max(web.lateness().percentileMillis(99), trunk.lateness().percentileMillis(99)),
                window.othersPercent(),
                trunk.delay().percentileMillis(99),
                web.delay().percentileMillis(99),
                trunk.newcomers().percentileMillis(99),
                web.newcomers().percentileMillis(99));
    }

    private static void into(Run run, List<Step> steps, int limit, String end) {
        run.put(Figure.LIMIT, limit);
        run.note("the ramp ended with", end);
        for (Step step : steps) {
            run.note("at " + step.calls() + " calls", text(step));
            if (step.calls() == limit) {
                run.put(Figure.CPU, step.cpuMillisPerSecond() / limit);
            }
        }
        // The steps up to and with the one that ended it decide what the limit is.
        steps.stream()
                .limit(1 + steps.stream().takeWhile(Step::isWell).count())
                .filter(step -> step.lateness() > Window.VOID_ABOVE_MILLIS)
                .forEach(step -> run.isVoid("at %d calls the driver itself was late by %s ms at p99"
                        .formatted(step.calls(), Report.number(step.lateness()))));
        double others = steps.stream().mapToDouble(Step::othersPercent).max().orElse(0);
        run.put(Figure.OTHERS, others);
        if (others > Window.VOID_ABOVE_PERCENT) {
            run.isVoid("other processes took up to %.0f %% of the machine".formatted(others));
        }
        run.draw(panel(
                "p99 of the added delay",
                "ms",
                List.of(
                        curve("browser to trunk", steps, Step::toTrunk),
                        curve("trunk to browser", steps, Step::toWeb),
                        curve("newcomers, to the trunk", steps, Step::newcomersToTrunk),
                        curve("newcomers, to the browser", steps, Step::newcomersToWeb),
                        curve("driver's own lateness", steps, Step::lateness))));
        run.draw(panel("Frames lost or filled in", "frames", List.of(curve("both ways", steps, Step::harmed))));
        run.draw(panel("Gateway's CPU", "ms per s", List.of(curve("user + system", steps, Step::cpuMillisPerSecond))));
    }

    private static Plot.Panel panel(String title, String unit, List<Plot.Curve> curves) {
        return new Plot.Panel(title, "calls", unit, false, curves);
    }

    private static Plot.Curve curve(String name, List<Step> steps, ToDoubleFunction<Step> value) {
        return new Plot.Curve(
                name,
                steps.stream().mapToDouble(Step::calls).toArray(),
                steps.stream().mapToDouble(value).toArray());
    }

    private static String text(Step step) {
        String newcomers = Double.isNaN(step.newcomersToTrunk())
                ? ""
                : String.format(
                        Locale.ROOT,
                        "; newcomers %s, %s",
                        Report.number(step.newcomersToTrunk()),
                        Report.number(step.newcomersToWeb()));
        return "%d calls: %s ms CPU a call-second; p99 to trunk, to browser %s, %s ms%s; %d frames harmed; %d refused; driver late by %s ms"
                .formatted(
                        step.calls(),
                        Report.number(step.cpuMillisPerSecond() / Math.max(1, step.calls())),
                        Report.number(step.toTrunk()),
                        Report.number(step.toWeb()),
                        newcomers,
                        step.harmed(),
                        step.refused(),
                        Report.number(step.lateness()));
    }
}
