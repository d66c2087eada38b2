package io.ringdown.sip;

import static io.ringdown.evidence.Row.IN_THE_CALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The races between two ends of a call, each many times at once: each call has one final event, and none is left. */
@Shows(IN_THE_CALL)
final class RacesSippTest {
    private static final boolean FULL = Boolean.getBoolean("ringdown.full");
    private static final int TIMES = FULL ? 1000 : 100;
    private static final String[] MANY = {
        "-m", Integer.toString(TIMES), "-r", "50", "-l", Integer.toString(TIMES), "-timeout", "240s"
    };
    private static final Duration PATIENCE = Duration.ofSeconds(250);

    /** When our side hangs up. */
    enum HangUp {
        AT_ONCE,
        WHEN_IT_RINGS,
        WHEN_ANSWERED,
        NEVER
    }

    @ParameterizedTest
    @CsvSource({
        "uac-no-ack",
        "uac-cancel-after-answer",
        "uac-bye-before-ack",
        "uac-cancel",
    })
    void trunkThatCallsAndRacesUsLeavesNothing(String scenario) throws Exception {
        boolean answered = !scenario.equals("uac-cancel");
        try (ManyCalls gateway = new ManyCalls(
                        TrunkSettings.at(new TrunkAddress("127.0.0.1", Sipp.freePort(), SipTransport.UDP)),
                        call -> {
                            if (!scenario.equals("uac-no-ack") && !scenario.equals("uac-bye-before-ack")) {
                                call.ring();
                            }
                            if (answered) {
                                call.answer(Gateway.OFFER);
                            }
                        },
                        (event, call) -> {
                            if (event instanceof TrunkEvent.Ended) {
                                call.answer(Gateway.OFFER); // ours comes too late
                            }
                        });
                Sipp sipp = Sipp.uac(scenario, gateway.port(), MANY)) {
            sipp.assertSuccess(PATIENCE);
            assertNothingLeft(gateway);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "uas-bye-unanswered, WHEN_ANSWERED",
        "uas-bye-crosses-bye, WHEN_ANSWERED",
        "uas-reinvite-crosses-bye, WHEN_ANSWERED",
        "uas-200-twice, NEVER",
        "uas-ringing-after-answer, NEVER",
        "uas-cancel, WHEN_IT_RINGS",
        "uas-cancel-crosses-answer, WHEN_IT_RINGS",
        "uas-cancel-late, AT_ONCE",
        "uas-late-answer, NEVER",
        "uas-late-provisional, NEVER",
    })
    void trunkThatIsCalledAndRacesUsLeavesNothing(String scenario, HangUp when) throws Exception {
        try (Sipp sipp = Sipp.uas(scenario, MANY);
                ManyCalls gateway = new ManyCalls(
                        TrunkSettings.at(new TrunkAddress("127.0.0.1", sipp.port(), SipTransport.UDP))
                                .withSilentAfter(Duration.ofSeconds(scenario.startsWith("uas-late") ? 1 : 30)),
                        _ -> {},
                        (_, _) -> {})) {
            for (int i = 0; i < TIMES; i++) {
                TrunkCall made = gateway.call((event, call) -> {
                    boolean now = switch (when) {
                        case WHEN_IT_RINGS -> event instanceof TrunkEvent.Progress;
                        case WHEN_ANSWERED -> event instanceof TrunkEvent.Answered;
                        case AT_ONCE, NEVER -> false;
                    };
                    if (now) {
                        call.hangUp(HangupReason.NORMAL);
                    }
                });
                if (when == HangUp.AT_ONCE) {
                    made.hangUp(HangupReason.NORMAL);
                }
                // As many a second as SIPp makes of its own: it answers a burst so late that messages are sent again.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
            sipp.assertSuccess(PATIENCE);
            assertNothingLeft(gateway);
        }
    }

    // Nothing is remembered only 64*T1 later, which is waited for where there is time.
    private static void assertNothingLeft(ManyCalls gateway) {
        gateway.awaitEnds(TIMES);
        gateway.assertEachEndedOnce(TIMES);
        assertThat(gateway.counter("bugs")).isZero();
        if (FULL) {
            gateway.awaitNothingRemembered();
        }
    }
}
