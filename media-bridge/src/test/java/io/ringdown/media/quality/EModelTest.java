package io.ringdown.media.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.quality.EModel.Impairment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

final class EModelTest {

    @Test
    void thePerfectTelephoneIsRatedAsTheRecommendationSays() {
        assertThat(EModel.rating(Impairment.G711_BARE, 0, 0)).isEqualTo(93.2);
        assertThat(EModel.mos(Impairment.G711_BARE, 0, 0)).isCloseTo(4.41, within(0.005)); // G.107 §7.7
    }

    /** R − 93.2 by hand: 95 · P / (P + Bpl) for G.711, Idd for the delays. */
    @ParameterizedTest
    @CsvSource({
        "1, 0, 4.3, 17.92",
        "1, 0, 25.1, 3.64",
        "5, 0, 25.1, 15.78",
        "20, 0, 25.1, 42.13",
        "0, 100, 4.3, 0",
        "0, 200, 4.3, 3.04",
        "0, 400, 4.3, 24.07",
        "1, 200, 25.1, 6.68",
    })
    void lossAndDelayCostWhatTheRecommendationSays(double loss, double delay, double bpl, double cost) {
        assertThat(93.2 - EModel.rating(new Impairment(0, bpl), loss, delay)).isCloseTo(cost, within(0.01));
    }

    /** The table holds the SDK's estimate to this one: web/test/e-model.test.js reads it too. */
    @ParameterizedTest
    @CsvFileSource(resources = "/e-model.csv", numLinesToSkip = 1)
    void theScoresAreThoseOfTheTable(AudioCodec codec, double loss, double oneWay, double mos) {
        assertThat(EModel.mos(Impairment.of(codec), loss, oneWay)).isCloseTo(mos, within(1e-6));
    }

    @Test
    void theScoreFallsWithLossAndDelayAndStaysAScore() {
        for (AudioCodec codec : AudioCodec.values()) {
            Impairment impairment = Impairment.of(codec);
            double last = 5;
            for (int loss = 0; loss <= 100; loss++) {
                double mos = EModel.mos(impairment, loss, 0);
                assertThat(mos).as("%s at %d %%", codec, loss).isBetween(1.0, Math.nextDown(last));
                assertThat(EModel.mos(impairment, loss, 500)).isBetween(1.0, mos);
                last = Math.max(mos, Math.nextUp(1.0));
            }
        }
    }
}
