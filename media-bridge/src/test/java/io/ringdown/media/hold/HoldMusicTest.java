package io.ringdown.media.hold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HoldMusicTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "8000, 1",
        "16000, 1",
        "11025, 1",
        "22050, 2",
        "32000, 1",
        "44100, 1",
        "44100, 2",
        "48000, 2",
        "44099, 1"
    })
    void aToneKeepsItsPitchAndLevelAtWhateverRateTheFileHas(int rate, int channels) throws Exception {
        HoldMusic music = load(Wav.tone(1_000, rate, channels, 2));
        for (int newRate : new int[] {8_000, 16_000}) {
            double[] heard = heard(music, 0, newRate, newRate, 1_000);
            assertThat(heard[0]).as("amplitude at %d", newRate).isBetween(9_800.0, 10_200.0);
            assertThat(heard[1]).as("share of the power at %d", newRate).isGreaterThan(0.9999);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {16_000, 44_100, 48_000})
    void whatATelephoneCannotCarryDoesNotComeBackAsAnotherTone(int rate) throws Exception {
        HoldMusic music = load(Wav.tone(5_000, rate, 1, 1));
        short[] narrow = new short[8_000];
        music.copy(0, 8_000, narrow, narrow.length);
        assertThat(rms(narrow)).isLessThan(10_000 / Math.sqrt(2) / 1_000); // 60 dB
    }

    @Test
    void itComesRoundWithoutASeamAndAtTheSameMomentAtBothRates() throws Exception {
        HoldMusic music = load(Wav.tone(500, 16_000, 1, 0.5));
        assertThat(heard(music, 3_900, 8_000, 800, 500)[1]).isGreaterThan(0.9999);
        assertThat(heard(music, 3_900, 16_000, 1_600, 500)[1]).isGreaterThan(0.9999);
        short[] first = new short[320];
        short[] later = new short[320];
        music.copy(80, 16_000, first, 320);
        music.copy(80 + 4_000L * 1_000_000, 16_000, later, 320);
        assertThat(later).isEqualTo(first);
    }

    @Test
    void theNotesThatAreMadeHereAreSoftAndNeverClipped() {
        HoldMusic chime = HoldMusic.chime();
        short[] all = new short[8_000 * 16];
        chime.copy(0, 8_000, all, all.length);
        int loudest = 0;
        for (short sample : all) {
            loudest = Math.max(loudest, Math.abs(sample));
        }
        assertThat(loudest).isBetween(2_000, 8_000);
        assertThat(20 * Math.log10(rms(all) / 32_768)).as("dBFS").isBetween(-35.0, -20.0);
        assertThat(chime.isSilence()).isFalse();
        assertThat(HoldMusic.SILENCE.isSilence()).isTrue();
    }

    @Test
    void whatIsWrongWithAFileIsSaidWithWhatWouldHelp() throws IOException {
        assertThatExceptionOfType(HoldMusicException.class)
                .isThrownBy(() -> HoldMusic.load(folder.resolve("none.wav")))
                .withMessage(
                        folder.resolve("none.wav") + " does not exist; write the path of a WAV file, tone or silence");
        refused(
                "is no WAV file; make one by: sox",
                "not a sound at all".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        refused("is not 16-bit PCM (format 7, 8 bits)", Wav.of(7, 8_000, 1, 8, new short[8_000]));
        refused("has 6 channels, neither one nor two", Wav.of(1, 8_000, 6, 16, new short[8_000]));
        refused("has 1 samples a second", Wav.of(1, 1, 1, 16, new short[8_000]));
        refused("is shorter than a tenth of a second", Wav.of(1, 8_000, 1, 16, new short[799]));
        refused("is longer than 10 minutes; cut it", Wav.of(1, 4_000, 1, 16, new short[4_000 * 600]));
        assertThatExceptionOfType(HoldMusicException.class)
                .isThrownBy(() -> HoldMusic.load(folder))
                .withMessageContaining("cannot be read");
    }

    @Test
    void anyBytesAreASoundOrRefused() {
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        byte[] whole = Wav.tone(440, 8_000, 1, 0.2);
        for (int i = 0; i < 20_000; i++) {
            byte[] broken = Arrays.copyOf(whole, random.nextInt(4) == 0 ? random.nextInt(whole.length) : whole.length);
            for (int flips = random.nextInt(6); flips > 0 && broken.length > 0; flips--) {
                broken[random.nextInt(Math.min(broken.length, 60))] = (byte) random.nextInt();
            }
            try {
                WavSound sound = WavSound.parse(broken);
                assertThat(sound.rate()).as("-Dseed=%d", seed).isBetween(4_000, 192_000);
                assertThat(sound.pcm().length).as("-Dseed=%d", seed).isBetween(sound.rate() / 10, broken.length / 2);
            } catch (WavSound.UnfitException refused) {
                assertThat(refused).as("-Dseed=%d", seed).hasMessageContaining("; make one by:");
            }
        }
    }

    private void refused(String why, byte[] bytes) {
        assertThatExceptionOfType(HoldMusicException.class)
                .isThrownBy(() -> load(bytes))
                .withMessageContaining("music.wav " + why);
    }

    private HoldMusic load(byte[] bytes) throws IOException, HoldMusicException {
        return HoldMusic.load(Files.write(folder.resolve("music.wav"), bytes));
    }

    /** Amplitude of a tone, and its share of the power, in whole periods. */
    private static double[] heard(HoldMusic music, long position, int rate, int samples, double hertz) {
        short[] pcm = new short[samples];
        music.copy(position, rate, pcm, samples);
        double real = 0;
        double imaginary = 0;
        for (int i = 0; i < samples; i++) {
            real += pcm[i] * Math.cos(2 * Math.PI * hertz * i / rate);
            imaginary += pcm[i] * Math.sin(2 * Math.PI * hertz * i / rate);
        }
        double amplitude = 2 * Math.hypot(real, imaginary) / samples;
        return new double[] {amplitude, amplitude * amplitude / 2 / (rms(pcm) * rms(pcm))};
    }

    private static double rms(short[] pcm) {
        double power = 0;
        for (short sample : pcm) {
            power += (double) sample * sample;
        }
        return Math.sqrt(power / pcm.length);
    }
}
