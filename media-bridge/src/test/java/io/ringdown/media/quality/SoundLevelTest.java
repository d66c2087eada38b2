package io.ringdown.media.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioEncoder;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.codec.G711Power;
import io.ringdown.media.codec.OpusSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SoundLevelTest {
    private static final Codecs CODECS = Codecs.load(OpusSettings.defaults());
    private static final int FRAME = 160;

    private final SoundLevel level = new SoundLevel();

    @Test
    void nothingIsKnownBeforeTheFirstFrame() {
        assertThat(level()).isEqualTo(Level.NONE);
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 1_000, 1_004, 2_000, 2_667, 3_400})
    void aSineAtFullScaleIsThreeDecibelsBelowOverload(int frequency) {
        hear(frequency, 32_767, 100);
        assertThat(level().recentDbov().orElseThrow()).isCloseTo(-3.01, within(0.3));
        assertThat(level().speechDbov().orElseThrow()).isCloseTo(-3.01, within(0.3));
    }

    @ParameterizedTest
    @ValueSource(ints = {1_143, 2_286})
    void evenAToneInStepWithOurLookingIsMeasured(int frequency) {
        hear(frequency, 32_767, 400);
        assertThat(level().recentDbov().orElseThrow()).isCloseTo(-3.01, within(1.0));
        assertThat(level().speechDbov().orElseThrow()).isCloseTo(-3.01, within(1.0));
    }

    /** G.711's definition of its own level: the digital milliwatt is a sine of 1 kHz in these eight codes. */
    @ParameterizedTest
    @EnumSource(
            value = AudioCodec.class,
            names = {"PCMU", "PCMA"})
    void theDigitalMilliwattIsZeroDbm0(AudioCodec law) {
        int[] codes = law == AudioCodec.PCMU // G.711 tables 5 and 6
                ? new int[] {0x1E, 0x0B, 0x0B, 0x1E, 0x9E, 0x8B, 0x8B, 0x9E}
                : new int[] {0x34, 0x21, 0x21, 0x34, 0xB4, 0xA1, 0xA1, 0xB4};
        byte[] frame = new byte[FRAME];
        for (int i = 0; i < FRAME; i++) {
            frame[i] = (byte) codes[i % 8];
        }
        for (int i = 0; i < 100; i++) {
            level.onG711(G711Power.squares(law), frame, 0, FRAME);
        }
        assertThat(level().speechDbm0().orElseThrow()).isCloseTo(0, within(0.15));
    }

    @ParameterizedTest
    @EnumSource(
            value = AudioCodec.class,
            names = {"PCMU", "PCMA"})
    void theSilenceOfEachLawIsDigitalSilence(AudioCodec law) {
        byte[] frame = new byte[FRAME + 2];
        try (AudioEncoder encoder = CODECS.encoder(law, 8_000)) {
            encoder.encode(new short[FRAME], FRAME, frame, 2, FRAME);
        }
        for (int i = 0; i < 50; i++) {
            level.onG711(G711Power.squares(law), frame, 2, FRAME);
        }
        assertThat(level().silentMillis()).isEqualTo(1_000);
        assertThat(level().recentDbov().orElseThrow()).isEqualTo(-127);
        assertThat(level().speechDbov()).isEmpty();
    }

    @Test
    void pausesDoNotLowerTheLevelOfSpeech() {
        hear(500, 3_000, 100);
        double speech = level().speechDbov().orElseThrow();
        hear(500, 20, 500);
        assertThat(level().speechDbov().orElseThrow()).isEqualTo(speech);
        assertThat(level().quietMillis()).isEqualTo(10_000);
        assertThat(level().silentMillis()).isZero();
        hear(500, 3_000, 1);
        assertThat(level().quietMillis()).isZero();
    }

    @Test
    void aSingleSampleNowAndThenIsNoSilence() {
        short[] click = new short[FRAME];
        click[80] = 8;
        for (int i = 0; i < 300; i++) {
            level.onPcm(click, FRAME, 8);
        }
        assertThat(level().silentMillis()).isLessThan(200);
    }

    private void hear(int frequency, int amplitude, int frames) {
        short[] pcm = new short[FRAME];
        for (int frame = 0; frame < frames; frame++) {
            for (int i = 0; i < FRAME; i++) {
                pcm[i] = (short) (amplitude * Math.sin(2 * Math.PI * frequency * (frame * FRAME + i) / 8_000 + 0.3));
            }
            level.onPcm(pcm, FRAME, 8);
        }
    }

    private Level level() {
        return Level.of(level.recentPower(), level.speechPower(), level.silentMillis(), level.quietMillis());
    }
}
