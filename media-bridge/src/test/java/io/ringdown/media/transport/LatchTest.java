package io.ringdown.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.media.transport.StrangerWatch.Step;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

final class LatchTest {
    private static final long SECOND = 1_000_000_000L;
    private static final InetSocketAddress DESCRIBED = at(4_000);
    private static final InetSocketAddress OTHER = at(5_000);

    private final Latch latch = new Latch();

    @Test
    void itIsOpenForASecondAfterADescriptionAndThenLocked() {
        latch.onDescription(DESCRIBED, true, 7 * SECOND);
        assertThat(latch.nextWakeup()).isEqualTo(8 * SECOND);
        assertThat(latch.onTime(8 * SECOND - 1)).isEqualTo(Step.NOTHING);
        assertThat(latch.isOpen(8 * SECOND - 1)).isTrue();
        assertThat(latch.isOpen(8 * SECOND)).as("even before somebody looks").isFalse();
        assertThat(latch.onTime(8 * SECOND)).isEqualTo(Step.CLOSE);
        assertThat(latch.onTime(9 * SECOND)).isEqualTo(Step.NOTHING);
    }

    @Test
    void whereItMayNotMoveItNeverOpens() {
        latch.onDescription(DESCRIBED, false, 0);
        assertThat(latch.isOpen(0)).isFalse();
        assertThat(latch.nextWakeup()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whoIsHeardWhereItWasDescribedLocksIt() {
        latch.onDescription(DESCRIBED, true, 0);
        assertThat(latch.onHeard()).isEqualTo(Step.CLOSE);
        assertThat(latch.isOpen(1)).isFalse();
        latch.onDescription(DESCRIBED, true, 1);
        assertThat(latch.isOpen(1)).as("the same again says nothing new").isFalse();
    }

    @Test
    void anEarlyTrunkThatSendsOnlyOnceItAnswersHasASecondThen() {
        latch.onDescription(DESCRIBED, true, 0);
        assertThat(latch.onTime(SECOND)).isEqualTo(Step.CLOSE);
        latch.onDescription(DESCRIBED, true, 30 * SECOND);
        assertThat(latch.isOpen(30 * SECOND)).isTrue();
    }

    @Test
    void onceMovedItStaysThereUntilADescriptionNamesAnotherAddress() {
        latch.onDescription(DESCRIBED, true, 0);
        latch.onMoved(OTHER);
        assertThat(latch.isOpen(1)).isFalse();
        latch.onDescription(DESCRIBED, true, SECOND);
        assertThat(latch.latched()).isEqualTo(OTHER);
        assertThat(latch.isOpen(SECOND)).isFalse();
        latch.onDescription(at(6_000), true, 2 * SECOND);
        assertThat(latch.latched()).isNull();
        assertThat(latch.isOpen(2 * SECOND)).isTrue();
        assertThat(latch.moves()).isEqualTo(1);
    }

    @Test
    void anotherTrunkBeginsAnew() {
        latch.onDescription(DESCRIBED, true, 0);
        latch.onMoved(OTHER);
        latch.forget();
        assertThat(latch.latched()).isNull();
        latch.onDescription(DESCRIBED, true, SECOND);
        assertThat(latch.isOpen(SECOND)).isTrue();
    }

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), port);
    }
}
