package io.ringdown.bench;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Calls in a row, or all at once: none may fail, and the gateway's threads, sockets and heap return to where they were. */
final class ManyCalls {
    private static final int WARM_UP = 5;
    private static final int TOGETHER_SECONDS = 3;
    private static final int SETTLE_SECONDS = 100; // SIP remembers 32 s, HTTP tells for 60 s how a call ended
    private static final long GLANCE_MILLIS = 3_000;
    private static final int THREADS_TO_SPARE = 4; // pools of the web server and of virtual threads breathe
    private static final int HEAP_TO_SPARE_KILOBYTES = 1_024;

    private ManyCalls() {}

    static void inSequence(Driver driver, Options options, Report report) throws IOException, InterruptedException {
        run(driver, report, tally -> {
            for (int i = 0; i < options.calls(); i++) {
                one(driver, tally, new CountDownLatch(0));
            }
        });
    }

    static void atOnce(Driver driver, Options options, Report report) throws IOException, InterruptedException {
        run(driver, report, tally -> together(driver, options.calls(), tally));
    }

    /** What is done between the readings. */
    private interface Work {
        void run(Tally tally) throws InterruptedException;
    }

    private static void run(Driver driver, Report report, Work work) throws IOException, InterruptedException {
        Tally warmUp = new Tally();
        together(driver, WARM_UP, warmUp);
        report.require("warm-up calls all well", warmUp.failed() == 0);
        GatewayProcess.Holding before = rested(driver);
        Tally tally = new Tally();
        work.run(tally);
        tally.into(report);
        report.put("driver: sending late by", driver.lateness(), "ms");
        report.put("driver: SRTP errors", driver.counts().srtpErrors.sum());
        GatewayProcess.Holding after = settled(driver, before);
        report.put("gateway threads before, after", before.threads() + ", " + after.threads());
        report.put("gateway descriptors before, after", before.descriptors() + ", " + after.descriptors());
        report.put("gateway heap kB before, after", before.heapKilobytes() + ", " + after.heapKilobytes());
        report.put("gateway RSS kB before, after", before.rssKilobytes() + ", " + after.rssKilobytes());
        report.require("no call failed", tally.failed() == 0);
        report.require("threads, sockets and heap return", isBack(after, before));
    }

    private static void together(Driver driver, int calls, Tally tally) throws InterruptedException {
        CountDownLatch allUp = new CountDownLatch(calls);
        Thread[] threads = new Thread[calls];
        for (int i = 0; i < calls; i++) {
            threads[i] = Thread.ofVirtual().start(() -> one(driver, tally, allUp));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** A call that lasts until all are up, and a little. */
    private static void one(Driver driver, Tally tally, CountDownLatch allUp) {
        boolean alone = allUp.getCount() == 0;
        try {
            BenchCall call = new BenchCall(driver);
            try {
                tally.onBegun(call.begin());
            } catch (CallFailedException e) {
                call.abandon();
                throw e;
            } finally {
                allUp.countDown();
            }
            if (!alone && allUp.await(Driver.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                Thread.sleep(TimeUnit.SECONDS.toMillis(TOGETHER_SECONDS));
            }
            call.end();
            tally.onDone();
        } catch (CallFailedException | IOException e) {
            tally.onFailed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static GatewayProcess.Holding rested(Driver driver) throws IOException, InterruptedException {
        Thread.sleep(GLANCE_MILLIS);
        var _ = driver.gateway().holding(); // the first one starts threads of its own in the gateway
        return driver.gateway().holding();
    }

    /** What the gateway holds once it is back where it was, or when patience ends. */
    private static GatewayProcess.Holding settled(Driver driver, GatewayProcess.Holding before)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SETTLE_SECONDS);
        GatewayProcess.Holding now = rested(driver);
        while (!isBack(now, before) && System.nanoTime() - deadline < 0) {
            now = rested(driver);
        }
        return now;
    }

    private static boolean isBack(GatewayProcess.Holding now, GatewayProcess.Holding before) {
        return now.threads() <= before.threads() + THREADS_TO_SPARE
                && now.descriptors() <= before.descriptors()
                && now.heapKilobytes() <= before.heapKilobytes() + HEAP_TO_SPARE_KILOBYTES;
    }
}
