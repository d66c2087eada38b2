package io.ringdown.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioDecoder;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.codec.OpusSettings;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SpeechTest {
    private static final int FRAMES = 1_000;

    @ParameterizedTest
    @EnumSource
    void everyMarkIsFoundInItsOwnFrameAndNoneInSpeech(AudioCodec codec) {
        Speech speech = codec == AudioCodec.OPUS ? Speech.opus() : Speech.g711(codec);
        List<Integer> spoken = new ArrayList<>();
        List<Integer> found = new ArrayList<>();
        MarkDetector detector = new MarkDetector();
        short[] pcm = new short[160];
        try (AudioDecoder decoder = Codecs.load(OpusSettings.defaults()).decoder(codec, 8_000)) {
            for (int frame = 0; frame < FRAMES; frame++) {
                byte[] packet = speech.packet(frame);
                assertThat(decoder.decode(packet, 0, packet.length, pcm)).isEqualTo(160);
                if (Speech.isMark(frame)) {
                    spoken.add(frame);
                }
                if (detector.onFrame(pcm, 160)) {
                    found.add(frame);
                }
            }
        }
        assertThat(spoken).hasSize(FRAMES / Speech.MARK_EVERY);
        assertThat(found).isEqualTo(spoken);
    }
}
