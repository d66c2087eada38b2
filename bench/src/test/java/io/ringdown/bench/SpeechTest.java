package io.ringdown.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.codec.OpusSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class SpeechTest {
    private static final int FRAMES = 1_000;

    private static Stream<Format> formats() {
        return Arrays.stream(Format.values())
                .filter(format -> Arrays.stream(AudioCodec.values())
                        .anyMatch(codec -> codec.name().equals(format.name())));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void everyMarkIsFoundInItsOwnFrameAndNoneInSpeech(Format format) {
        assertThat(found(format, false)).isEqualTo(spoken());
    }

    @ParameterizedTest
    @MethodSource("formats")
    void marksAreFoundWhereOnlyTheFramesAboutThemAreDecoded(Format format) {
        assertThat(found(format, true)).isEqualTo(spoken());
    }

    private static List<Integer> spoken() {
        List<Integer> spoken = new ArrayList<>();
        for (int frame = 0; frame < FRAMES; frame++) {
            if (Speech.isMark(frame)) {
                spoken.add(frame);
            }
        }
        assertThat(spoken).hasSize(FRAMES / Speech.MARK_EVERY);
        return spoken;
    }

    private static List<Integer> found(Format format, boolean sparse) {
        Speech speech = Speech.of(format);
        List<Integer> found = new ArrayList<>();
        try (Listener listener = Listener.of(Codecs.load(OpusSettings.defaults()), format)) {
            for (int frame = 0; frame < FRAMES; frame++) {
                int fromMark = Math.floorMod(frame - Speech.MARK_EVERY / 2 + 2, Speech.MARK_EVERY) - 2;
                if (sparse && fromMark > 2) {
                    continue;
                }
                byte[] packet = speech.packet(frame);
                if (listener.isMark(packet, 0, packet.length)) {
                    found.add(frame);
                }
            }
        }
        return found;
    }
}
