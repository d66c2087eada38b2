package io.ringdown.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedPayloadTest {
    private final RedPayload red = new RedPayload();

    @Test
    void aPrimaryBlockAloneHasOneByteBeforeIt() {
        assertThat(wrap("6f 0102")).isTrue();
        assertThat(red.primaryType()).isEqualTo(111);
        assertThat(red.primaryOffset()).isEqualTo(3);
        assertThat(red.primaryLength()).isEqualTo(2);
        assertThat(red.copies()).isZero();
    }

    @Test
    void aCopyTellsItsTypeItsAgeAndItsBytes() {
        assertThat(wrap("ef 0f0003 6f 010203 0405")).isTrue(); // 0x3c0 = 960 before
        assertThat(red.copies()).isOne();
        assertThat(red.type(0)).isEqualTo(111);
        assertThat(red.ticksBefore(0)).isEqualTo(960);
        assertThat(red.offset(0)).isEqualTo(2 + 5);
        assertThat(red.length(0)).isEqualTo(3);
        assertThat(red.primaryOffset()).isEqualTo(2 + 8);
        assertThat(red.primaryLength()).isEqualTo(2);
    }

    @Test
    void emptyCopiesAreNoneAndOfManyTheLastCount() {
        String headers = "ef 0f0001 ef 0f0000 ef 0f0001 ef 0f0002 ef 0f0001 ef 0f0001 ";
        assertThat(wrap(headers + "6f 01 02 0303 04 05 06")).isTrue();
        assertThat(red.copies()).isEqualTo(4);
        assertThat(red.offset(0)).isEqualTo(2 + 25 + 1);
        assertThat(red.length(1)).isEqualTo(2);
        assertThat(red.offset(3)).isEqualTo(2 + 25 + 5);
        assertThat(red.primaryLength()).isOne();
    }

    @Test
    void anEmptyPrimaryBlockIsLegal() {
        assertThat(wrap("ef 0f0001 6e 01")).isTrue();
        assertThat(red.primaryType()).isEqualTo(110);
        assertThat(red.primaryLength()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "ef", "ef 0f00", "ef 0f0001", "ef 0f0002 6f 01", "ef 0f03ff 6f 010203", "ef 0f0001 ef 0f0001"
            })
    void whatDoesNotFitIsRefused(String bytes) {
        assertThat(wrap(bytes)).isFalse();
    }

    @Test
    void whatIsWrittenIsRead() {
        byte[] packet = new byte[5 + 7 + 3];
        RedPayload.writeHeaders(packet, 0, 111, 2_880, 7);
        assertThat(red.wrap(packet, 0, packet.length)).isTrue();
        assertThat(red.primaryType()).isEqualTo(111);
        assertThat(red.primaryLength()).isEqualTo(3);
        assertThat(red.type(0)).isEqualTo(111);
        assertThat(red.ticksBefore(0)).isEqualTo(2_880);
        assertThat(red.length(0)).isEqualTo(7);
    }

    @Test
    void noBytesLeadOutsideThePayload() {
        long seed = 2_198;
        Random random = new Random(seed);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            for (int k = 0; k < bytes.length; k += 4) { // mostly headers
                bytes[k] |= (byte) (random.nextInt(5) == 0 ? 0 : 0x80);
                if (k + 3 < bytes.length && random.nextBoolean()) {
                    bytes[k + 2] = 0;
                    bytes[k + 3] &= 7;
                }
            }
            int offset = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
            if (red.wrap(bytes, offset, bytes.length - offset)) {
                assertThat(red.primaryOffset() + red.primaryLength())
                        .as("seed %d, round %d", seed, i)
                        .isEqualTo(bytes.length);
                for (int k = 0; k < red.copies(); k++) {
                    assertThat(red.offset(k)).isGreaterThan(offset);
                    assertThat(red.offset(k) + red.length(k)).isLessThanOrEqualTo(red.primaryOffset());
                }
            }
        }
    }

    /** Two bytes stand before the payload. */
    private boolean wrap(String hex) {
        byte[] payload = HexFormat.of().parseHex(hex.replace(" ", ""));
        byte[] buffer = new byte[payload.length + 2];
        Arrays.fill(buffer, (byte) 0xFF);
        System.arraycopy(payload, 0, buffer, 2, payload.length);
        return red.wrap(buffer, 2, payload.length);
    }
}
