package io.ringdown.bench;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** Calls that stay for long: memory and delay must be at the end what they were at the begin. */
final class Soak {
    private static final int GLANCES = 360;
    private static final int SHARE = 6; // the first and the last sixth are compared
    private static final double RSS_TO_SPARE_MEGABYTES = 16;
    private static final double HEAP_TO_SPARE_KILOBYTES = 2_048;
    private static final double DELAY_TO_SPARE = 1.5;
    private static final double DELAY_TO_SPARE_MILLIS = 0.5;

    private Soak() {}

    static void run(Rig rig, Run run, Console console) throws IOException, InterruptedException {
        Options options = rig.options();
        Tally.Reading begun = rig.dial(0, options.calls());
        console.say(begun.ok() + " calls, " + options.warmUpSeconds() + " s to warm up");
        TimeUnit.SECONDS.sleep(options.warmUpSeconds());
        GatewayProcess.Holding before = rig.gateway().holding();
        Window window = Window.open(rig);
        window.watch(options.seconds(), Math.max(1, options.seconds() / (double) GLANCES), console::glance);
        window.into(run, Math.max(1, begun.ok()));
        GatewayProcess.Holding after = rig.gateway().holding();
        Tally.Reading ended = rig.hangUp(0, options.calls());
        Hold.setUpInto(run, begun);
        run.put(Figure.CALLS_OK, ended.ok());
        run.put(Figure.CALLS_FAILED, begun.failed() + ended.failed());
        begun.failures().forEach((why, count) -> run.note("failed: " + why, count));
        ended.failures().forEach((why, count) -> run.note("failed: " + why, count));
        run.put(Figure.RSS, after.rssKilobytes());
        run.put(Figure.HEAP, after.heapKilobytes());
        judge(run, window.samples(), before, after);
        draw(run, window.samples());
        run.require("no call failed", begun.failed() + ended.failed() == 0);
        run.require("no frame was lost or filled in", window.harmed() == 0);
    }

    private static void judge(
            Run run, List<Window.Sample> samples, GatewayProcess.Holding before, GatewayProcess.Holding after) {
        int share = Math.max(1, samples.size() / SHARE);
        List<Window.Sample> first = samples.subList(0, share);
        List<Window.Sample> last = samples.subList(samples.size() - share, samples.size());
        double rss = mean(last, Window.Sample::rssMegabytes) - mean(first, Window.Sample::rssMegabytes);
        double heap = after.heapKilobytes() - (double) before.heapKilobytes();
        run.note("RSS grew, MB, last sixth against first", Report.number(rss));
        run.note("heap in use grew, kB", Report.number(heap));
        run.require("memory is flat", rss <= RSS_TO_SPARE_MEGABYTES && heap <= HEAP_TO_SPARE_KILOBYTES);
        run.require(
                "delay is flat",
                isFlat(first, last, sample -> sample.trunk().recent().percentileMillis(50))
                        && isFlat(first, last, sample -> sample.web().recent().percentileMillis(50))
                        && isFlat(first, last, sample -> sample.trunk().recent().percentileMillis(99))
                        && isFlat(first, last, sample -> sample.web().recent().percentileMillis(99)));
    }

    private static boolean isFlat(
            List<Window.Sample> first, List<Window.Sample> last, ToDoubleFunction<Window.Sample> value) {
        return median(last, value) <= DELAY_TO_SPARE * median(first, value) + DELAY_TO_SPARE_MILLIS;
    }

    private static void draw(Run run, List<Window.Sample> samples) {
        run.draw(panel("Memory", "MB", List.of(curve("RSS", samples, Window.Sample::rssMegabytes))));
        run.draw(panel(
                "Added delay",
                "ms",
                List.of(
                        curve(
                                "to trunk, p99",
                                samples,
                                sample -> sample.trunk().recent().percentileMillis(99)),
                        curve(
                                "to browser, p99",
                                samples,
                                sample -> sample.web().recent().percentileMillis(99)),
                        curve(
                                "to trunk, p50",
                                samples,
                                sample -> sample.trunk().recent().percentileMillis(50)),
                        curve(
                                "to browser, p50",
                                samples,
                                sample -> sample.web().recent().percentileMillis(50)))));
        run.draw(panel(
                "Gateway's CPU",
                "ms per s",
                List.of(curve("user + system", samples, Window.Sample::cpuMillisPerSecond))));
    }

    private static Plot.Panel panel(String title, String unit, List<Plot.Curve> curves) {
        return new Plot.Panel(title, "minutes", unit, false, curves);
    }

    private static Plot.Curve curve(String name, List<Window.Sample> samples, ToDoubleFunction<Window.Sample> value) {
        return new Plot.Curve(
                name,
                samples.stream().mapToDouble(sample -> sample.seconds() / 60).toArray(),
                samples.stream().mapToDouble(value).toArray());
    }

    private static double mean(List<Window.Sample> samples, ToDoubleFunction<Window.Sample> value) {
        return samples.stream().mapToDouble(value).average().orElse(Double.NaN);
    }

    private static double median(List<Window.Sample> samples, ToDoubleFunction<Window.Sample> value) {
        return Spread.of(samples.stream().mapToDouble(value).toArray()).median();
    }
}
