package io.ringdown.bench.fidelity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class EstoiTest {
    /** What the speech is heard in. */
    enum Noise {
        WHITE,
        SPEECH_SHAPED
    }

    @Test
    void whatIsHeardAsItWasSaidScoresOne() {
        double[] clean = clean("german-man");
        assertThat(new Estoi(clean).score(clean)).isCloseTo(1, within(1e-9));
    }

    @Test
    void theLevelChangesNothing() {
        double[] clean = clean("spanish-woman");
        double[] noisy = with(noise(Noise.WHITE, clean), clean, 5);
        double[] loud = Arrays.stream(noisy).map(sample -> 7 * sample).toArray();
        Estoi estoi = new Estoi(clean);
        assertThat(estoi.score(loud)).isCloseTo(estoi.score(noisy), within(1e-9));
    }

    @Test
    void somebodyElsesSpeechAndSilenceScoreNothing() {
        double[] clean = clean("english-man");
        Estoi estoi = new Estoi(clean);
        assertThat(estoi.score(Arrays.copyOf(clean("french-woman"), clean.length)))
                .isBetween(-0.2, 0.2);
        assertThat(estoi.score(new double[clean.length])).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void moreNoiseAlwaysScoresLess(Noise kind) {
        double[] clean = clean("english-woman");
        double[] noise = noise(kind, clean);
        Estoi estoi = new Estoi(clean);
        double before = 1;
        for (int snr = 40; snr >= -15; snr -= 5) {
            double score = estoi.score(with(noise, clean, snr));
            assertThat(score).as("%s at %d dB", kind, snr).isLessThan(before);
            before = score;
        }
        assertThat(before).isLessThan(0.25);
    }

    @Test
    void whatIsSaidInSilenceOfTheCleanOneIsLeftOut() {
        double[] clean = Arrays.copyOf(clean("german-man"), 60_000);
        double[] heard = clean.clone();
        Arrays.fill(heard, 54_500, 60_000, 3_000); // behind the last word
        assertThat(new Estoi(clean).score(heard)).isGreaterThan(0.999);
    }

    /**
     * Against a second implementation, written for this from the paper's equations on numpy's transform and scipy's resampler
     * and windows: the same talkers in the same noise. The two resamplers differ in their slopes.
     */
    @ParameterizedTest
    @CsvSource({
        "english-man, -10, 0.1970",
        "english-man, -5, 0.3414",
        "english-man, 0, 0.5156",
        "english-man, 5, 0.6966",
        "english-man, 10, 0.8427",
        "english-man, 20, 0.9690",
        "english-man, 40, 0.9997",
        "french-woman, -10, 0.2392",
        "french-woman, -5, 0.3790",
        "french-woman, 0, 0.5328",
        "french-woman, 5, 0.6939",
        "french-woman, 10, 0.8216",
        "french-woman, 20, 0.9512",
        "french-woman, 40, 0.9988",
        "mandarin-man, -10, 0.2272",
        "mandarin-man, -5, 0.3877",
        "mandarin-man, 0, 0.5624",
        "mandarin-man, 5, 0.7201",
        "mandarin-man, 10, 0.8334",
        "mandarin-man, 20, 0.9415",
        "mandarin-man, 40, 0.9977"
    })
    void agreesWithASecondImplementation(String talker, int snr, double score) {
        double[] clean = clean(talker);
        double[] noise = new double[clean.length];
        long state = 1;
        for (int i = 0; i < noise.length; i++) { // any generator that both languages have
            state = state * 6364136223846793005L + 1442695040888963407L;
            noise[i] = (state >>> 40) / (double) (1 << 24) - 0.5;
        }
        assertThat(new Estoi(clean).score(with(noise, clean, snr))).isCloseTo(score, within(0.005));
    }

    @Test
    void tooLittleSpeechIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Estoi(new double[3_000]));
    }

    private static double[] clean(String talker) {
        return Resampler.resample(MuLaw.decode(Speech.recording(talker)), 24_000, Estoi.RATE);
    }

    private static double[] noise(Noise kind, double[] clean) {
        SplittableRandom random = new SplittableRandom(1);
        double[] noise = new double[clean.length];
        switch (kind) {
            case WHITE -> Arrays.setAll(noise, i -> random.nextDouble() - 0.5);
            case SPEECH_SHAPED -> { // the spectrum of the speech, its phases thrown about
                Fourier fourier = Fourier.forCorrelation(clean.length);
                double[] real = Arrays.copyOf(clean, fourier.size());
                double[] imaginary = new double[fourier.size()];
                fourier.forward(real, imaginary);
                for (int i = 0; i < fourier.size(); i++) {
                    double amplitude = Math.hypot(real[i], imaginary[i]);
                    double phase = 2 * Math.PI * random.nextDouble();
                    real[i] = amplitude * Math.cos(phase);
                    imaginary[i] = amplitude * Math.sin(phase);
                }
                fourier.backward(real, imaginary);
                System.arraycopy(real, 0, noise, 0, noise.length);
            }
        }
        return noise;
    }

    private static double[] with(double[] noise, double[] clean, double snr) {
        double scale = Math.sqrt(power(clean) / power(noise)) * Math.pow(10, -snr / 20);
        double[] noisy = new double[clean.length];
        Arrays.setAll(noisy, i -> clean[i] + scale * noise[i]);
        return noisy;
    }

    private static double power(double[] samples) {
        return Arrays.stream(samples).map(sample -> sample * sample).sum();
    }
}
