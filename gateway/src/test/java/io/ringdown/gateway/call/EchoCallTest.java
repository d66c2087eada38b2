package io.ringdown.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.media.MediaEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A test before a call, in virtual time. */
class EchoCallTest {
    private static final Duration CONNECT = Duration.ofSeconds(8);
    private static final long SECOND = 1_000_000_000L;

    @Test
    void itEndsTenSecondsAfterItsConnection() {
        EchoCall test = new EchoCall(CONNECT, 0);
        assertThat(test.on(new MediaEvent.WebConnected(), 3 * SECOND)).isEmpty();
        assertThat(test.onTime(13 * SECOND - 1)).isEmpty();
        assertThat(test.onTime(13 * SECOND)).contains(Ending.of(EndCause.NORMAL));
    }

    @Test
    void anotherConnectionGivesItNoMoreTime() {
        EchoCall test = new EchoCall(CONNECT, 0);
        test.on(new MediaEvent.WebConnected(), SECOND);
        test.on(new MediaEvent.WebConnected(), 9 * SECOND);
        assertThat(test.deadlineNanos()).isEqualTo(11 * SECOND);
    }

    @Test
    void withoutAConnectionItSaysThatThereIsNone() {
        EchoCall test = new EchoCall(CONNECT, 0);
        assertThat(test.onTime(8 * SECOND)).contains(Ending.of(EndCause.MEDIA_UNREACHABLE));
    }

    /** Whatever happens and in which order, it ends once, and not later than a connection and a test can take. */
    @Test
    void itEndsOnceWhateverHappens() {
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            EchoCall test = new EchoCall(CONNECT, 0);
            List<Ending> endings = new ArrayList<>();
            long now = 0;
            while (now < 30 * SECOND) {
                Optional<Ending> ending = switch (random.nextInt(20)) {
                    case 0 -> test.on(new MediaEvent.WebConnected(), now);
                    case 1 -> test.on(new MediaEvent.WebHeard(), now);
                    case 2 ->
                        random.nextInt(8) == 0
                                ? test.end(Ending.of(EndCause.SOCKET_LOST))
                                : test.on(new MediaEvent.TrunkSilent(), now);
                    case 3 -> random.nextInt(8) == 0 ? test.on(new MediaEvent.WebClosed(), now) : test.onTime(now);
                    default -> test.onTime(now);
                };
                ending.ifPresent(endings::add);
                assertThat(test.isOver()).as("seed " + seed).isEqualTo(!endings.isEmpty());
                assertThat(test.isOver() || now < 18 * SECOND + SECOND)
                        .as("seed " + seed)
                        .isTrue();
                now += random.nextLong(SECOND);
                test.onTime(now).ifPresent(endings::add);
            }
            assertThat(endings).as("seed " + seed).hasSize(1);
        }
    }
}
