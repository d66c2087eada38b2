package io.ringdown.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A stretch of time in which everything is counted at once: what the gateway spends, what the ends see, what disturbs. One thread. */
final class Window {
    static final double VOID_ABOVE_MILLIS = 1; // a driver this late measures itself
    private static final double DISTURBED_ABOVE_PERCENT = 10;
    static final double VOID_ABOVE_PERCENT = 25;

    private final Rig rig;
    private final Optional<GcLog> gcLog;
    private final long begin;
    private final long gatewayCpu;
    private final long driversCpu;
    private final Map<String, Long> threads;
    private final ProcFs.Machine machine;
    private final GatewayProcess.Effort effort;
    private final List<Sample> samples = new ArrayList<>();
    private EndFigures.Reading atWeb;
    private EndFigures.Reading atTrunk;
    private double seconds;
    private double gatewayMillis;
    private double driversMillis;
    private ProcFs.Machine machineAtEnd;

    /** What one glance in between saw. */
    record Sample(
            double seconds,
            double rssMegabytes,
            double cpuMillisPerSecond,
            EndFigures.Reading web,
            EndFigures.Reading trunk) {}

    private Window(Rig rig) throws IOException {
        this.rig = rig;
        rig.clear();
        gcLog = rig.gateway().gcLog();
        if (gcLog.isPresent()) {
            gcLog.get().mark();
        }
        atWeb = rig.web().read();
        atTrunk = rig.trunk().read();
        threads = ProcFs.cpuMillisByThread(rig.gateway().pid());
        machine = ProcFs.machine();
        effort = rig.gateway().effort();
        driversCpu = rig.driversCpuMillis();
        gatewayCpu = rig.gateway().cpuMillis();
        machineAtEnd = machine;
        begin = System.nanoTime();
    }

    static Window open(Rig rig) throws IOException {
        return new Window(rig);
    }

    /** Lets so much time go by, with a glance each {@code every}; then the window is closed. */
    void watch(double forSeconds, double everySeconds, Progress progress) throws IOException, InterruptedException {
        long last = begin;
        long cpuAtLast = gatewayCpu;
        for (int i = 1; System.nanoTime() - begin < (long) (forSeconds * 1e9); i++) {
            long until = begin + (long) (Math.min(forSeconds, i * everySeconds) * 1e9);
            TimeUnit.NANOSECONDS.sleep(until - System.nanoTime());
            long cpu = rig.gateway().cpuMillis();
            long now = System.nanoTime();
            Sample sample = new Sample(
                    (now - begin) / 1e9,
                    ProcFs.rssKilobytes(rig.gateway().pid()) / 1024.0,
                    (cpu - cpuAtLast) / ((now - last) / 1e9),
                    rig.web().read(),
                    rig.trunk().read());
            samples.add(sample);
            last = now;
            cpuAtLast = cpu;
            progress.onGlance(sample);
        }
        close();
    }

    /** Closes the window now. */
    void close() throws IOException {
        gatewayMillis = rig.gateway().cpuMillis() - gatewayCpu;
        seconds = (System.nanoTime() - begin) / 1e9;
        driversMillis = rig.driversCpuMillis() - driversCpu;
        machineAtEnd = ProcFs.machine();
        atWeb = rig.web().read();
        atTrunk = rig.trunk().read();
    }

    /** Told of each glance. */
    interface Progress {
        void onGlance(Sample sample);
    }

    double seconds() {
        return seconds;
    }

    double gatewayMillis() {
        return gatewayMillis;
    }

    EndFigures.Reading atWeb() {
        return atWeb;
    }

    EndFigures.Reading atTrunk() {
        return atTrunk;
    }

    List<Sample> samples() {
        return samples;
    }

    /** Frames that did not come as they should, both ways. */
    long harmed() {
        return atWeb.lost() + atTrunk.lost() + atWeb.invented() + atTrunk.invented();
    }

    /** All that it saw of calls that stand. */
    void into(Run run, int calls) throws IOException {
        double callSeconds = seconds * calls;
        double perCallSecond = gatewayMillis / callSeconds;
        run.put(Figure.CALLS_HELD, calls);
        run.put(Figure.CPU, perCallSecond);
        run.put(Figure.CALLS_PER_CORE, Math.floor(1_000 / perCallSecond));
        run.put(Figure.DELAY_TO_TRUNK, atTrunk.delay());
        run.put(Figure.DELAY_TO_WEB, atWeb.delay());
        run.put(Figure.FRAMES_TO_TRUNK, atWeb.sent());
        run.put(Figure.LOST_TO_TRUNK, atTrunk.lost());
        run.put(Figure.INVENTED_TO_TRUNK, atTrunk.invented());
        run.put(Figure.LATE_TO_TRUNK, atTrunk.late());
        run.put(Figure.FRAMES_TO_WEB, atTrunk.sent());
        run.put(Figure.LOST_TO_WEB, atWeb.lost());
        run.put(Figure.INVENTED_TO_WEB, atWeb.invented());
        run.put(Figure.LATE_TO_WEB, atWeb.late());
        run.put(Figure.SHIFTS, atWeb.shifts() + atTrunk.shifts());
        run.put(Figure.MARKS, atWeb.marks() + atTrunk.marks());
        run.put(Figure.MARKS_MISSED, atWeb.marksMissed() + atTrunk.marksMissed());
        run.put(Figure.REPLACED, atWeb.replaced() + atTrunk.replaced());
        run.put(Figure.SRTP_ERRORS, atWeb.srtpErrors());
        run.put(Figure.DRIVER_CPU, driversMillis / callSeconds);
        run.note("gateway: CPU by thread", threadShares());
        effortInto(run);
        collectorInto(run);
        driverInto(run);
        othersInto(run);
        run.draw(new Plot.Panel(
                "Added delay, " + calls + " calls",
                "percentile",
                "ms",
                true,
                List.of(
                        Plot.percentiles("browser to trunk", atTrunk.delay()),
                        Plot.percentiles("trunk to browser", atWeb.delay()))));
    }

    /** A gateway that was too busy to encode as it is told costs less and sounds worse: that is no figure of it. */
    private void effortInto(Run run) throws IOException {
        GatewayProcess.Effort now = rig.gateway().effort();
        if (effort.steps() > 0 || now.lowered() > effort.lowered()) {
            run.isVoid("the gateway was so busy that it encoded at a lower complexity than configured");
        }
    }

    /** What the collector did. */
    void collectorInto(Run run) throws IOException {
        if (gcLog.isPresent()) {
            Histogram pauses = gcLog.get().pauses();
            run.put(Figure.GC_PAUSES, pauses);
            if (pauses.count() == 0) {
                run.note(Figure.GC_PAUSES.label(), "none");
            }
        }
    }

    /** How late the driver itself was; void are the figures of one that is too late, or that lost packets. */
    void driverInto(Run run) {
        run.put(Figure.LATENESS_WEB, atWeb.lateness());
        run.put(Figure.LATENESS_TRUNK, atTrunk.lateness());
        if (!atWeb.preferred()) {
            run.note("driver", "without the right to run before others (run as root for it)");
        }
        voidIfLate(run, "browsers", atWeb.lateness());
        voidIfLate(run, "trunk", atTrunk.lateness());
        if (atWeb.socketDrops() + atTrunk.socketDrops() > 0) {
            run.isVoid(
                    "the driver's own sockets dropped " + (atWeb.socketDrops() + atTrunk.socketDrops()) + " packets");
        }
    }

    /** How much of the machine others took; a quarter of it makes the figures void. */
    void othersInto(Run run) {
        double others = othersPercent();
        double stolen = 100 * (machineAtEnd.stolenMillis() - machine.stolenMillis()) / capacityMillis();
        run.put(Figure.OTHERS, others);
        run.put(Figure.STOLEN, stolen);
        String shares = "other processes took %.0f %% of the machine, its host %.0f %%".formatted(others, stolen);
        if (Math.max(others, stolen) > VOID_ABOVE_PERCENT) {
            run.isVoid(shares);
        } else if (Math.max(others, stolen) > DISTURBED_ABOVE_PERCENT) {
            run.isDisturbed(shares);
        }
    }

    /** What processes that are none of ours took of the machine. */
    double othersPercent() {
        double ours = gatewayMillis + driversMillis;
        return Math.max(0, 100 * (machineAtEnd.busyMillis() - machine.busyMillis() - ours) / capacityMillis());
    }

    private double capacityMillis() {
        return seconds * 1_000 * Runtime.getRuntime().availableProcessors();
    }

    private static void voidIfLate(Run run, String who, Histogram lateness) {
        if (lateness.count() > 0 && lateness.percentileMillis(99) > VOID_ABOVE_MILLIS) {
            run.isVoid("the driver's %s sent late by %s ms at p99, above %s ms: it measured itself"
                    .formatted(who, Report.number(lateness.percentileMillis(99)), Report.number(VOID_ABOVE_MILLIS)));
        }
    }

    String threadShares() {
        Map<String, Long> now = ProcFs.cpuMillisByThread(rig.gateway().pid());
        return now.entrySet().stream()
                .map(entry -> Map.entry(entry.getKey(), entry.getValue() - threads.getOrDefault(entry.getKey(), 0L)))
                .filter(entry -> entry.getValue() > 0)
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(6)
                .map(entry -> "%s %.1f %%".formatted(entry.getKey(), 100 * entry.getValue() / gatewayMillis))
                .collect(Collectors.joining(", "));
    }
}
