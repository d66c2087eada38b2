package io.ringdown.dtmf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Presses that are handed over whole. */
class SignallingVoiceTest {
    private static final long MILLI = 1_000_000;
    private static final Digit ONE = Digit.of('1').orElseThrow();
    private static final Digit TWO = Digit.of('2').orElseThrow();

    private final List<String> told = new ArrayList<>();
    private long now;
    private final PressQueue queue = new PressQueue(PressQueue.Rules.defaults(), new PressQueue.Receipts() {
        @Override
        public void onPressStarted(long press) {
            told.add(press + " started");
        }

        @Override
        public void onPressSent(long press, int timestamp, long lengthNanos, int packets) {
            told.add(press + " sent");
        }

        @Override
        public void onPressDropped(long press, PressQueue.Reason reason) {
            told.add(press + " " + reason);
        }
    });
    private final SignallingVoice voice = new SignallingVoice(
            queue,
            (press, digit, lengthNanos) ->
                    told.add(press + " is " + digit.character() + " of " + lengthNanos / MILLI + " at " + now / MILLI));

    private void runTo(long millis) {
        while (voice.nextWakeup() <= millis * MILLI) {
            now = Math.max(now, voice.nextWakeup());
            voice.onTime(now);
        }
        now = millis * MILLI;
        voice.onTime(now);
    }

    @Test
    void whatIsWholeGoesAtOnceAndTheNextWhenItWouldHaveSounded() {
        queue.press(ONE, 100 * MILLI, 70 * MILLI);
        queue.press(TWO, 200 * MILLI, 70 * MILLI);
        runTo(1_000);
        assertThat(told)
                .containsExactly(
                        "0 started", "0 is 1 of 100 at 0", "0 sent", "1 started", "1 is 2 of 200 at 170", "1 sent");
    }

    @Test
    void whatIsStillPressedGoesWhenItIsOver() {
        long press = queue.begin(ONE);
        runTo(100);
        queue.grow(press, 100 * MILLI);
        runTo(300);
        assertThat(told).containsExactly("0 started");
        queue.finish(press, 310 * MILLI);
        voice.onTime(now);
        runTo(301);
        assertThat(told).containsExactly("0 started", "0 is 1 of 310 at 300", "0 sent");
    }

    @Test
    void whatIsPressedWhenTheVoiceStopsIsHandedOverAsLongAsItWas() {
        long press = queue.begin(ONE);
        runTo(50);
        queue.grow(press, 80 * MILLI);
        voice.stop(60 * MILLI);
        assertThat(told).containsExactly("0 started", "0 is 1 of 60 at 50", "0 sent");
        assertThat(queue.isBusy()).isFalse();
    }

    @Test
    void aPressWithoutALineHasANumberAndAReason() {
        queue.refuse(PressQueue.Reason.NO_LINE);
        queue.press(TWO, 100 * MILLI, 0);
        runTo(10);
        assertThat(told).containsExactly("0 NO_LINE", "1 started", "1 is 2 of 100 at 0", "1 sent");
    }
}
