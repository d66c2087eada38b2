package io.ringdown.sip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls through one trunk at 400 a second with SIPp beside it. The judge is what is counted and what is left; how long it took
 * is only printed, for it is the machine's doing too.
 */
final class LoadSippTest {
    private static final Logger LOG = LoggerFactory.getLogger(LoadSippTest.class);
    private static final boolean FULL = Boolean.getBoolean("ringdown.full");
    private static final int CALLS = FULL ? 20_000 : 2_000;
    private static final int WARM_UP = 200;
    private static final int PER_SECOND = 400;
    private static final Duration PATIENCE = Duration.ofMinutes(8);
    // Whatever the collector and the compiler keep for themselves; a leak of 1 KB a call is more in a full run.
    private static final long HEAP_SLACK = 16L << 20;
    private static final int THREAD_SLACK = 4;

    /** What a process must not have more of afterwards. */
    private record Left(long heap, int threads, int sockets) {
        static Left now() throws IOException {
            System.gc();
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            return new Left(
                    runtime.totalMemory() - runtime.freeMemory(),
                    Thread.getAllStackTraces().size(),
                    openSockets());
        }

        private static int openSockets() throws IOException {
            int count = 0;
            try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
                for (Path descriptor : descriptors.toList()) {
                    if (Files.isSymbolicLink(descriptor) && isSocket(descriptor)) {
                        count++;
                    }
                }
            }
            return count;
        }

        // The listing itself has a descriptor that is gone by now.
        private static boolean isSocket(Path descriptor) {
            try {
                return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
            } catch (IOException gone) {
                return false;
            }
        }
    }

    @Test
    void callsInAt400ASecondAllSucceedAndLeaveNothing() throws Exception {
        try (ManyCalls gateway = new ManyCalls(
                TrunkSettings.at(new TrunkAddress("127.0.0.1", Sipp.freePort(), SipTransport.UDP)),
                call -> {
                    call.ring();
                    call.answer(Gateway.OFFER);
                },
                (_, _) -> {})) {
            callIn(gateway, WARM_UP);
            gateway.awaitEnds(WARM_UP);
            Left before = Left.now();
            long began = System.nanoTime();
            callIn(gateway, CALLS);
            gateway.awaitEnds(WARM_UP + CALLS);
            report("in", gateway, began);
            assertNothingLeft(gateway, before);
        }
    }

    private static void callIn(ManyCalls gateway, int calls) {
        try (Sipp sipp = Sipp.uac(
                "uac-load",
                gateway.port(),
                "-m",
                Integer.toString(calls),
                "-r",
                Integer.toString(PER_SECOND),
                "-l",
                "5000",
                "-timeout",
                PATIENCE.toSeconds() + "s")) {
            sipp.assertSuccess(PATIENCE);
        }
    }

    @Test
    void callsOutAt400ASecondAllSucceedAndLeaveNothing() throws Exception {
        // An INVITE that a busy machine makes us send again must not be the end of SIPp's call.
        try (Sipp sipp = Sipp.uas(
                        "uas-load",
                        "-default_behaviors",
                        "all,-abortunexp",
                        "-m",
                        Integer.toString(WARM_UP + CALLS),
                        "-r",
                        Integer.toString(PER_SECOND),
                        "-timeout",
                        PATIENCE.toSeconds() + "s");
                ManyCalls gateway = new ManyCalls(
                        TrunkSettings.at(new TrunkAddress("127.0.0.1", sipp.port(), SipTransport.UDP))
                                .withSilentAfter(Duration.ofSeconds(32)), // a busy machine is no silent trunk
                        _ -> {},
                        (_, _) -> {})) {
            callOut(gateway, WARM_UP);
            gateway.awaitEnds(WARM_UP);
            Left before = Left.now();
            long began = System.nanoTime();
            callOut(gateway, CALLS);
            gateway.awaitEnds(WARM_UP + CALLS);
            report("out", gateway, began);
            assertThat(gateway.failures()).isEmpty();
            sipp.assertSuccess(PATIENCE);
            assertNothingLeft(gateway, before);
        }
    }

    private static void callOut(ManyCalls gateway, int calls) {
        long start = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            LockSupport.parkNanos(start + i * (TimeUnit.SECONDS.toNanos(1) / PER_SECOND) - System.nanoTime());
            gateway.call((event, call) -> {
                if (event instanceof TrunkEvent.Answered) {
                    call.hangUp(HangupReason.NORMAL);
                }
            });
        }
    }

    private static void report(String direction, ManyCalls gateway, long began) {
        LOG.warn(
                "calls {}: {} in {} ms; remembered {}, transactions {}",
                direction,
                CALLS,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began),
                gateway.number("remembered-calls"),
                gateway.number("transactions"));
    }

    private static void assertNothingLeft(ManyCalls gateway, Left before) throws IOException {
        gateway.assertEachEndedOnce(WARM_UP + CALLS);
        assertThat(gateway.counter("bugs")).isZero();
        gateway.awaitNothingRemembered();
        Left after = Left.now();
        LOG.warn("before {}, after {}", before, after);
        assertThat(after.heap()).as("heap").isLessThan(before.heap() + HEAP_SLACK);
        assertThat(after.threads()).as("threads").isLessThanOrEqualTo(before.threads() + THREAD_SLACK);
        assertThat(after.sockets()).as("sockets").isLessThanOrEqualTo(before.sockets());
    }
}
