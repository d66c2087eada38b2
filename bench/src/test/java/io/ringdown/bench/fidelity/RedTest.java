package io.ringdown.bench.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.media.rtp.RedPayload;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RedTest {
    private static final byte[] BEFORE = {1, 2, 3};
    private static final byte[] FRAME = {4, 5};

    @Test
    void theFrameBeforeGoesAlongAsRfc2198Says() {
        // 111 | 0x80, offset 960 in 14 bits, length 3 in 10 bits; then 111, the copy, the frame.
        assertThat(Red.wrap(111, BEFORE, 960, FRAME))
                .isEqualTo(HexFormat.of().parseHex("ef0f0003" + "6f" + "010203" + "0405"));
    }

    @Test
    void theGatewayReadsWhatTheBrowserWrites() {
        byte[] payload = Red.wrap(111, BEFORE, 960, FRAME);
        RedPayload red = new RedPayload();
        assertThat(red.wrap(payload, 0, payload.length)).isTrue();
        assertThat(red.copies()).isOne();
        assertThat(red.ticksBefore(0)).isEqualTo(960);
        assertThat(red.length(0)).isEqualTo(BEFORE.length);
    }

    @Test
    void theFirstFrameGoesAlone() {
        assertThat(told(Red.wrap(111, new byte[0], 960, FRAME))).containsExactly("0 0405");
    }

    @Test
    void copiesAndFrameAreToldInTheirOrder() {
        assertThat(told(Red.wrap(111, BEFORE, 960, FRAME))).containsExactly("960 010203", "0 0405");
    }

    private static List<String> told(byte[] payload) {
        List<String> told = new ArrayList<>();
        Red.unwrap(
                payload,
                (before, frame) -> told.add(before + " " + HexFormat.of().formatHex(frame)));
        return told;
    }
}
