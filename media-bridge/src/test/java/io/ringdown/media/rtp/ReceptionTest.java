package io.ringdown.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ringdown.media.rtp.Reception.Order;
import org.junit.jupiter.api.Test;

class ReceptionTest {
    private final Reception reception = new Reception();

    @Test
    void numbersThatWrapAreExtendedAndNothingIsLost() {
        reception.restart(7, 65_000);
        for (int i = 0; i < 200_000; i++) {
            assertThat(reception.onPacket((65_000 + i) & 0xFFFF)).isEqualTo(Order.NEW);
        }
        assertThat(reception.received()).isEqualTo(200_000);
        assertThat(reception.lost()).isZero();
        assertThat(reception.extendedHighest()).isEqualTo(65_000 + 199_999);
    }

    @Test
    void lossReorderingAndDuplicatesAreToldApart() {
        reception.restart(7, 10);
        assertThat(reception.onPacket(10)).isEqualTo(Order.NEW);
        assertThat(reception.onPacket(13)).isEqualTo(Order.NEW);
        assertThat(reception.lost()).isEqualTo(2);
        assertThat(reception.onPacket(11)).isEqualTo(Order.REORDERED);
        assertThat(reception.onPacket(11)).isEqualTo(Order.DUPLICATE);
        assertThat(reception.onPacket(13)).isEqualTo(Order.DUPLICATE);
        assertThat(reception.lost()).isOne();
        assertThat(reception.received()).isEqualTo(3);
        assertThat(reception.duplicates()).isEqualTo(2);
    }

    @Test
    void theFractionLostIsOfTheTimeSinceTheLastReport() {
        reception.restart(7, 0);
        for (int i = 0; i < 100; i += 2) {
            reception.onPacket(i);
        }
        assertThat(reception.takeFractionLost()).isEqualTo(49 * 256 / 99);
        for (int i = 100; i < 200; i++) {
            reception.onPacket(i);
        }
        assertThat(reception.takeFractionLost()).isEqualTo(256 / 101);
        assertThat(reception.takeFractionLost()).isZero();
        assertThat(reception.reportedLost()).isEqualTo(50);
    }

    @Test
    void aNumberFarAwayIsNotBelievedBeforeTheSecondInSequence() {
        reception.restart(7, 0);
        reception.onPacket(0);
        assertThat(reception.onPacket(30_000)).isEqualTo(Order.IMPLAUSIBLE);
        assertThat(reception.onPacket(1)).isEqualTo(Order.NEW);
        assertThat(reception.onPacket(30_000)).isEqualTo(Order.IMPLAUSIBLE);
        assertThat(reception.onPacket(30_001)).isEqualTo(Order.RESTARTED);
        assertThat(reception.onPacket(30_002)).isEqualTo(Order.NEW);
        assertThat(reception.received()).isEqualTo(4);
        assertThat(reception.lost()).isZero();
    }

    @Test
    void whatIsMuchTooOldIsNotUsed() {
        reception.restart(7, 1_000);
        reception.onPacket(1_000);
        assertThat(reception.onPacket(900)).isEqualTo(Order.IMPLAUSIBLE);
        assertThat(reception.onPacket(950)).isEqualTo(Order.REORDERED);
    }

    @Test
    void jitterIsThatOfRfc3550() {
        reception.restart(7, 0);
        double expected = 0;
        for (int i = 0; i < 200; i++) {
            int late = i % 2 * 80;
            reception.onArrival(160L * i + late, 160 * i);
            expected += i == 0 ? 0 : (80 - expected) / 16;
        }
        assertThat(reception.jitterTicks()).isCloseTo(expected, within(1e-9));
    }
}
