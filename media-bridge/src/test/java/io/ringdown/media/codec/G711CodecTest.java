package io.ringdown.media.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class G711CodecTest {
    private static final int FRAME = 160;

    private final Codecs codecs = Codecs.load(OpusSettings.defaults());
    private final short[] pcm = new short[FRAME];

    @ParameterizedTest
    @EnumSource(names = {"PCMU", "PCMA"})
    void aToneComesThroughWithItsFrequencyAndLevel(AudioCodec codec) {
        short[] tone = Tones.tone(1_000, 8_000, FRAME, 10_000);
        byte[] packet = new byte[200];
        assertThat(codecs.encoder(codec, 8_000).encode(tone, FRAME, packet, 12, FRAME))
                .isEqualTo(FRAME);
        assertThat(codecs.decoder(codec, 8_000).decode(packet, 12, FRAME, pcm)).isEqualTo(FRAME);
        assertThat(Tones.share(pcm, 0, FRAME, 1_000, 8_000)).isGreaterThan(0.99);
        assertThat(Tones.rms(pcm, 0, FRAME)).isBetween(7_000.0, 7_150.0);
    }

    @Test
    void aGapIsFilledWithTheVoicesPeriodThenFadesToSilenceWithin60Milliseconds() {
        AudioDecoder decoder = heard(Tones.tone(125, 8_000, 4 * FRAME, 10_000));
        assertThat(decoder.conceal(pcm, FRAME)).isEqualTo(FRAME);
        assertThat(Tones.share(pcm, 0, FRAME / 2, 125, 8_000)).isGreaterThan(0.9);
        assertThat(Tones.rms(pcm, 0, FRAME / 2)).isGreaterThan(6_000);
        decoder.conceal(pcm, FRAME);
        assertThat(Tones.rms(pcm, 0, FRAME)).isBetween(1_000.0, 6_000.0);
        decoder.conceal(pcm, FRAME);
        decoder.conceal(pcm, FRAME);
        assertThat(pcm).containsOnly((short) 0);
    }

    @Test
    void speechAfterAGapIsFadedInAndThenUntouched() {
        AudioDecoder decoder = heard(new short[4 * FRAME]);
        decoder.conceal(pcm, FRAME);
        byte[] loud = new byte[FRAME];
        java.util.Arrays.fill(loud, G711Law.MU.encode((short) 8_000));
        decoder.decode(loud, 0, FRAME, pcm);
        assertThat(pcm[0]).isZero();
        assertThat(pcm[16]).isBetween((short) 3_500, (short) 4_500);
        assertThat(pcm[32]).isEqualTo(G711Law.MU.decode(loud[0]));
    }

    @Test
    void concealmentBeforeAnyPacketIsSilence() {
        AudioDecoder decoder = codecs.decoder(AudioCodec.PCMA, 8_000);
        pcm[0] = 1;
        decoder.conceal(pcm, FRAME);
        assertThat(pcm).containsOnly((short) 0);
    }

    @Test
    void whatDoesNotFitIsRefusedByANegativeNumber() {
        AudioDecoder decoder = codecs.decoder(AudioCodec.PCMU, 8_000);
        assertThat(decoder.decode(new byte[200], 0, 200, pcm)).isNegative();
        assertThat(decoder.decode(new byte[200], 0, 0, pcm)).isNegative();
        assertThat(decoder.decodeFec(new byte[FRAME], 0, FRAME, pcm, FRAME)).isNegative();
        assertThat(decoder.conceal(pcm, FRAME + 1)).isNegative();
        assertThat(codecs.encoder(AudioCodec.PCMU, 8_000).encode(pcm, FRAME, new byte[FRAME], 0, FRAME - 1))
                .isNegative();
    }

    @Test
    void otherRatesThan8kHzAreOurMistake() {
        assertThatIllegalArgumentException().isThrownBy(() -> codecs.decoder(AudioCodec.PCMU, 16_000));
        assertThatIllegalArgumentException().isThrownBy(() -> codecs.encoder(AudioCodec.OPUS, 11_025));
    }

    @Test
    void useAfterCloseIsAnError() {
        AudioDecoder decoder = codecs.decoder(AudioCodec.PCMU, 8_000);
        AudioEncoder encoder = codecs.encoder(AudioCodec.PCMU, 8_000);
        decoder.close();
        decoder.close();
        encoder.close();
        encoder.close();
        assertThatIllegalStateException().isThrownBy(() -> decoder.conceal(pcm, FRAME));
        assertThatIllegalStateException().isThrownBy(() -> encoder.encode(pcm, FRAME, new byte[FRAME], 0, FRAME));
    }

    private AudioDecoder heard(short[] speech) {
        AudioDecoder decoder = codecs.decoder(AudioCodec.PCMU, 8_000);
        byte[] packet = new byte[FRAME];
        for (int at = 0; at < speech.length; at += FRAME) {
            for (int i = 0; i < FRAME; i++) {
                packet[i] = G711Law.MU.encode(speech[at + i]);
            }
            decoder.decode(packet, 0, FRAME, pcm);
        }
        return decoder;
    }
}
