package io.ringdown.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/** Calls that stay: what they cost in CPU, delay and memory. */
final class Hold {
    private static final int WARM_UP_SECONDS = 20; // the compiler is busy at first, and that is not what a call costs
    private static final double VOID_ABOVE_MILLIS = 1; // a driver this late measures itself

    private Hold() {}

    static void run(Driver driver, Options options, Report report) throws IOException, InterruptedException {
        OptionalDouble floor = options.floor() ? Floor.measure(options.transcode(), report) : OptionalDouble.empty();
        Tally tally = new Tally();
        List<BenchCall> calls = new ArrayList<>();
        int few = Math.max(1, options.calls() / 4);
        ramp(driver, calls, few, tally);
        Thread.sleep(TimeUnit.SECONDS.toMillis(WARM_UP_SECONDS));
        GatewayProcess.Holding atFew = driver.gateway().holding();
        ramp(driver, calls, options.calls(), tally);
        Thread.sleep(TimeUnit.SECONDS.toMillis(WARM_UP_SECONDS / 2));
        GatewayProcess.Holding atAll = driver.gateway().holding();
        Thread.sleep(TimeUnit.SECONDS.toMillis(WARM_UP_SECONDS / 4));
        measure(driver, options, report, calls, floor);
        int shifts = calls.stream().mapToInt(BenchCall::shifts).sum();
        for (BenchCall call : calls) {
            try {
                call.end();
                tally.onDone();
            } catch (CallFailedException e) {
                tally.onFailed(e);
            }
        }
        tally.into(report);
        report.put("frames left out or put in, as marks show", shifts);
        double more = options.calls() - few;
        report.put(
                "RSS kB at " + few + ", " + options.calls() + " calls",
                atFew.rssKilobytes() + ", " + atAll.rssKilobytes());
        report.put(
                "heap kB at " + few + ", " + options.calls() + " calls",
                atFew.heapKilobytes() + ", " + atAll.heapKilobytes());
        report.put("RSS slope, kB a call", Report.rounded((atAll.rssKilobytes() - atFew.rssKilobytes()) / more));
        report.put("heap slope, kB a call", Report.rounded((atAll.heapKilobytes() - atFew.heapKilobytes()) / more));
        report.require("no call failed", tally.failed() == 0);
        report.require(
                "valid: the driver's p99 lateness is below 1 ms",
                driver.lateness().percentile(99) < VOID_ABOVE_MILLIS);
    }

    private static void measure(
            Driver driver, Options options, Report report, List<BenchCall> calls, OptionalDouble floor)
            throws InterruptedException {
        driver.lateness().clear();
        calls.forEach(call -> call.count(true));
        long sent = driver.counts().webSent.sum() + driver.counts().trunkSent.sum();
        long received = driver.counts().webReceived.sum()
                + driver.counts().trunkReceived.sum();
        long cpu = driver.gateway().cpuMillis();
        long begin = System.nanoTime();
        Thread.sleep(TimeUnit.SECONDS.toMillis(options.seconds()));
        double seconds = (System.nanoTime() - begin) / 1e9;
        double perCallSecond = (driver.gateway().cpuMillis() - cpu) / (seconds * calls.size());
        long sentNow = driver.counts().webSent.sum() + driver.counts().trunkSent.sum() - sent;
        long receivedNow = driver.counts().webReceived.sum()
                + driver.counts().trunkReceived.sum()
                - received;
        calls.forEach(call -> call.count(false));
        report.put("calls held", calls.size());
        report.put("CPU ms per call-second", Report.rounded(perCallSecond));
        report.put("calls a core", Math.round(1_000 / perCallSecond));
        if (floor.isPresent()) {
            report.put("floor, ms per call-second", floor.getAsDouble());
            report.put("ratio to the floor", Report.rounded(perCallSecond / floor.getAsDouble()));
        }
        report.put("added delay, browser to trunk", driver.toTrunk(), "ms");
        report.put("added delay, trunk to browser", driver.toWeb(), "ms");
        report.put("packets into, out of the gateway", sentNow + ", " + receivedNow);
        report.put("driver: sending late by", driver.lateness(), "ms");
        report.put("driver: SRTP errors", driver.counts().srtpErrors.sum());
    }

    private static void ramp(Driver driver, List<BenchCall> calls, int until, Tally tally)
            throws IOException, InterruptedException {
        while (calls.size() < until && tally.failed() == 0) {
            BenchCall call = new BenchCall(driver);
            try {
                tally.onBegun(call.begin());
                calls.add(call);
            } catch (CallFailedException e) {
                call.abandon();
                tally.onFailed(e);
            }
        }
    }
}
