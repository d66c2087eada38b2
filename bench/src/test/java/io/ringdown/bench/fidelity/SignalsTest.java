package io.ringdown.bench.fidelity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioDecoder;
import io.ringdown.media.codec.AudioEncoder;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.codec.OpusSettings;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SignalsTest {
    @ParameterizedTest
    @CsvSource({
        "24000, 8000, 3700",
        "24000, 48000, 11000",
        "8000, 10000, 3700",
        "48000, 8000, 3700",
        "24000, 10000, 4700"
    })
    void aToneKeepsItsPlaceAndHeightAtAnotherRate(int from, int to, int hertz) {
        double[] made = Resampler.resample(tone(hertz, from), from, to);
        double[] expected = tone(hertz, to);
        for (int i = to / 10; i < made.length - to / 10; i++) {
            assertThat(made[i]).isCloseTo(expected[i], within(0.002));
        }
    }

    @Test
    void whatALowerRateCannotHoldIsGone() {
        double[] made = Resampler.resample(tone(4_300, 24_000), 24_000, 8_000);
        assertThat(Arrays.stream(made, 800, made.length - 800)
                        .map(Math::abs)
                        .max()
                        .orElseThrow())
                .isLessThan(0.001);
    }

    @ParameterizedTest
    @CsvSource({"0", "123", "123.4", "-17.75", "399.03"})
    void aDelayIsFoundToAFractionOfASample(double delay) {
        SplittableRandom random = new SplittableRandom(1);
        double[] source = new double[8_000];
        Arrays.setAll(source, i -> random.nextDouble() - 0.5);
        double[] piece = Resampler.resample(source, 8_000, 16_000); // nothing above half of its band
        double[] heard = Alignment.cut(piece, -500 - delay, piece.length + 1_000);
        assertThat(Alignment.find(piece, heard, 500).lagSamples()).isCloseTo(delay, within(0.04));
    }

    @Test
    void ourTwoMuLawsAreOne() {
        Codecs codecs = Codecs.load(OpusSettings.defaults());
        try (AudioDecoder decoder = codecs.decoder(AudioCodec.PCMU, 8_000);
                AudioEncoder encoder = codecs.encoder(AudioCodec.PCMU, 8_000)) {
            byte[] codes = new byte[256];
            for (int i = 0; i < codes.length; i++) {
                codes[i] = (byte) i;
            }
            short[] samples = new short[codes.length];
            decoder.decode(codes, 0, codes.length, samples);
            for (int i = 0; i < codes.length; i++) {
                assertThat(MuLaw.decode(codes[i])).as("code %d", i).isEqualTo(samples[i]);
            }
            byte[] one = new byte[1];
            for (int sample = Short.MIN_VALUE; sample <= Short.MAX_VALUE; sample++) {
                encoder.encode(new short[] {(short) sample}, 1, one, 0, 1);
                assertThat(MuLaw.encode(sample)).as("sample %d", sample).isEqualTo(one[0]);
            }
        }
    }

    private static double[] tone(int hertz, int rate) {
        double[] tone = new double[rate / 2];
        Arrays.setAll(tone, i -> Math.sin(2 * Math.PI * hertz * i / rate));
        return tone;
    }
}
