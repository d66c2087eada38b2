package io.ringdown.media.hearing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineListenerTest {
    private static final int RATE = 8_000;

    /** What was told, and when in milliseconds of sound. */
    private record Told(String what, double atMillis, double lengthMillis, double hertz, double silentMillis) {}

    private static final class Log implements LineListener.Events {
        final List<Told> all = new ArrayList<>();

        @Override
        public void onSoundBegan(long now) {
            all.add(new Told("began", now / 1e6, 0, 0, 0));
        }

        @Override
        public void onSoundEnded(long lengthNanos, long silentNanos, long now) {
            all.add(new Told("ended", now / 1e6, lengthNanos / 1e6, 0, silentNanos / 1e6));
        }

        @Override
        public void onTone(LineListener.Tone tone, double hertz, long lengthNanos, long now) {
            all.add(new Told(tone.name(), now / 1e6, lengthNanos / 1e6, hertz, 0));
        }

        List<Told> tones() {
            return all.stream().filter(told -> told.hertz() > 0).toList();
        }

        List<String> sounds() {
            return all.stream()
                    .filter(told -> told.hertz() == 0)
                    .map(Told::what)
                    .toList();
        }
    }

    /** Sound of some seconds. */
    private static final class Sound {
        final int rate;
        final double[] samples;

        Sound(int rate, double seconds) {
            this.rate = rate;
            this.samples = new double[(int) (seconds * rate)];
        }

        Sound tone(double fromMillis, double millis, double hertz, double dbm0) {
            for (int i = 0; i < millis * rate / 1_000; i++) {
                samples[(int) (fromMillis * rate / 1_000) + i] +=
                        peak(dbm0) * Math.sin(2 * Math.PI * hertz * i / rate + 1);
            }
            return this;
        }

        Sound noise(double fromMillis, double millis, double dbm0, Random random) {
            for (int i = 0; i < millis * rate / 1_000; i++) {
                samples[(int) (fromMillis * rate / 1_000) + i] += peak(dbm0) / Math.sqrt(2) * random.nextGaussian();
            }
            return this;
        }

        /** Syllables: a buzz of a pitch that glides under one that swells and fades. */
        Sound voice(double fromMillis, double millis, double dbm0, Random random) {
            double phase = 0;
            double pitch = 90 + random.nextInt(120);
            for (int i = 0; i < millis * rate / 1_000; i++) {
                double seconds = (double) i / rate;
                phase += 2 * Math.PI * pitch * (1 + 0.15 * Math.sin(5 * seconds)) / rate;
                double swell = 0.15 + 0.85 * Math.abs(Math.sin(Math.PI * 3 * seconds));
                double formant = 500 + 300 * Math.sin(7 * seconds);
                double sample = 0;
                for (int h = 1; h * pitch < 3_000; h++) {
                    double off = (h * pitch - formant) / 150;
                    sample += Math.sin(h * phase) / Math.sqrt(1 + off * off);
                }
                samples[(int) (fromMillis * rate / 1_000) + i] += peak(dbm0) * 0.7 * swell * sample;
            }
            return this;
        }

        private static double peak(double dbm0) {
            return 22_657 * Math.pow(10, dbm0 / 20);
        }

        Log heard(long hangOverMillis, int frameSamples) {
            Log log = new Log();
            LineListener listener = new LineListener(rate, log);
            listener.hangOver(hangOverMillis * 1_000_000);
            short[] pcm = new short[samples.length];
            for (int i = 0; i < pcm.length; i++) {
                pcm[i] = (short) Math.clamp(Math.round(samples[i]), Short.MIN_VALUE, Short.MAX_VALUE);
            }
            for (int at = 0; at + frameSamples <= pcm.length; at += frameSamples) {
                listener.onFrame(pcm, at, frameSamples, (long) (at + frameSamples) * 1_000_000_000L / rate);
            }
            return log;
        }

        Log heard() {
            return heard(700, rate / 50);
        }
    }

    @ParameterizedTest
    @CsvSource({"8000, 160", "8000, 33", "16000, 320", "16000, 7"})
    void aPromptBeginsAndEndsOnceHowLongItWasAndSinceWhen(int rate, int frameSamples) {
        for (long seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            double from = 500 + random.nextInt(2_000);
            double millis = 1_000 + random.nextInt(4_000);
            long hangOver = 400L + random.nextInt(1_000);
            double dbm0 = -30 + random.nextInt(20);
            Log log = new Sound(rate, 10)
                    .noise(0, 10_000, -50, random)
                    .voice(from, millis, dbm0, random)
                    .heard(hangOver, frameSamples);
            assertThat(log.sounds()).as("seed %d", seed).containsExactly("began", "ended");
            Told began = log.all.getFirst();
            Told ended = log.all.getLast();
            assertThat(began.atMillis()).as("seed %d", seed).isBetween(from + 20, from + 120);
            assertThat(ended.lengthMillis()).as("seed %d", seed).isCloseTo(millis, Offset.offset(110.0));
            assertThat(ended.silentMillis()).as("seed %d", seed).isBetween((double) hangOver, hangOver + 10.0);
            assertThat(ended.atMillis() - ended.silentMillis())
                    .as("seed %d", seed)
                    .isCloseTo(from + millis, Offset.offset(110.0));
            assertThat(log.tones()).as("seed %d", seed).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-70, -60, -50, -40, -35})
    void noiseThatStaysTheSameIsSilence(double dbm0) {
        Random random = new Random(7);
        Log log = new Sound(RATE, 20)
                .noise(0, 20_000, dbm0, random)
                .voice(8_000, 2_000, -12, random)
                .heard();
        assertThat(log.sounds()).containsExactly("began", "ended");
        assertThat(log.all.getFirst().atMillis()).isBetween(8_000.0, 8_150.0);
    }

    @Test
    void musicThatStaysLoudIsSoundAsLongAsItPlaysAndAClickIsNone() {
        Random random = new Random(8);
        Log log = new Sound(RATE, 25)
                .tone(1_000, 12, 900, -6)
                .tone(3_000, 15_000, 330, -15)
                .tone(3_000, 15_000, 495, -18)
                .noise(0, 25_000, -60, random)
                .heard();
        assertThat(log.sounds()).containsExactly("began", "ended");
        assertThat(log.all.getLast().lengthMillis()).isCloseTo(15_000, Offset.offset(40.0));
    }

    @Test
    void pausesWithinAPromptAreBridgedByTheHangOver() {
        for (int pause : new int[] {300, 600, 900}) {
            Random random = new Random(pause);
            Log log = new Sound(RATE, 6)
                    .noise(500, 1_000, -20, random)
                    .noise(1_500 + pause, 1_000, -20, random)
                    .heard();
            assertThat(log.sounds()).as("pause %d", pause).hasSize(pause < 700 ? 2 : 4);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8_000, 16_000})
    void aBeepIsToldWithItsFrequencyAndLength(int rate) {
        for (long seed = 1; seed <= 300; seed++) {
            Random random = new Random(seed);
            double hertz = random.nextInt(20) == 0 ? 310 : 510 + random.nextInt(1_470);
            double millis = 85 + random.nextInt(1_890);
            double dbm0 = -30 + random.nextInt(27);
            Log log = new Sound(rate, 6)
                    .noise(0, 6_000, Math.max(-60, dbm0 - 32), random)
                    .voice(300, 800, -18, random)
                    .tone(1_700, millis, hertz, dbm0)
                    .heard();
            assertThat(log.tones())
                    .as("seed %d, %f Hz, %f ms, %f dBm0", seed, hertz, millis, dbm0)
                    .hasSize(1);
            Told beep = log.tones().getFirst();
            assertThat(beep.what()).as("seed %d", seed).isEqualTo("BEEP");
            assertThat(beep.hertz()).as("seed %d", seed).isCloseTo(hertz, Offset.offset(0.01 * hertz));
            assertThat(beep.lengthMillis()).as("seed %d", seed).isCloseTo(millis, Offset.offset(15.0));
            assertThat(beep.atMillis()).as("seed %d", seed).isBetween(1_700 + millis + 50, 1_700 + millis + 100);
        }
    }

    @Test
    void digitsVoicesMelodiesAndDoubleTonesAreNoBeep() {
        double[][] pairs = {{440, 480}, {480, 620}, {350, 440}, {400, 450}, {600, 605}};
        for (double[] pair : pairs) {
            Sound sound = new Sound(RATE, 3);
            for (double hertz : pair) {
                sound.tone(500, 1_000, hertz, -13);
            }
            assertThat(sound.heard().tones())
                    .as("%s", List.of(pair[0], pair[1]))
                    .extracting(Told::what)
                    .doesNotContain("BEEP");
        }
        for (double low : new double[] {697, 770, 852, 941}) {
            for (double high : new double[] {1_209, 1_336, 1_477, 1_633}) {
                for (double twist : new double[] {-6, 0, 2, 4}) {
                    Log log = new Sound(RATE, 1)
                            .tone(200, 120, low, -10)
                            .tone(200, 120, high, -10 + twist)
                            .heard();
                    assertThat(log.tones())
                            .as("%s + %s, twist %s", low, high, twist)
                            .isEmpty();
                }
            }
        }
        Sound information = new Sound(RATE, 3);
        information.tone(500, 330, 950, -14).tone(830, 330, 1_400, -14).tone(1_160, 330, 1_800, -14);
        assertThat(information.heard().tones()).as("special information tone").isEmpty();
        Random random = new Random(9);
        assertThat(new Sound(RATE, 120).voice(0, 119_000, -15, random).heard().tones())
                .as("two minutes of voice")
                .isEmpty();
        assertThat(new Sound(RATE, 60).noise(0, 59_000, -15, random).heard().tones())
                .as("noise")
                .isEmpty();
        assertThat(new Sound(RATE, 4).tone(500, 2_300, 1_000, -10).heard().tones())
                .as("too long")
                .isEmpty();
        assertThat(new Sound(RATE, 4).tone(500, 50, 1_000, -10).heard().tones())
                .as("too short")
                .isEmpty();
    }

    @Test
    void ringingAndOtherCadencesAreToldAsWhatTheyAre() {
        Log ringing = new Sound(RATE, 12)
                .tone(500, 1_000, 425, -12)
                .tone(5_500, 1_000, 425, -12)
                .heard();
        assertThat(ringing.tones()).extracting(Told::what).containsExactly("CALL_PROGRESS", "CALL_PROGRESS");
        Log calling = new Sound(RATE, 12)
                .tone(500, 500, 1_100, -12)
                .tone(4_000, 500, 1_100, -12)
                .tone(7_500, 500, 1_100, -12)
                .heard();
        assertThat(calling.tones()).extracting(Told::what).containsExactly("BEEP", "CALL_PROGRESS", "CALL_PROGRESS");
    }
}
