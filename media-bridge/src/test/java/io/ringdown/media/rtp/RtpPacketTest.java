package io.ringdown.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RtpPacketTest {
    private final RtpPacket packet = new RtpPacket();

    @Test
    void aPlainHeaderIsReadAsItIsWritten() {
        byte[] buffer = new byte[30];
        RtpPacket.writeHeader(buffer, 5, true, 111, 65_535, -2, 0xCAFEBABE);
        assertThat(packet.wrap(buffer, 5, 20)).isTrue();
        assertThat(packet.marker()).isTrue();
        assertThat(packet.payloadType()).isEqualTo(111);
        assertThat(packet.sequence()).isEqualTo(65_535);
        assertThat(packet.timestamp()).isEqualTo(-2);
        assertThat(packet.ssrc()).isEqualTo(0xCAFEBABE);
        assertThat(packet.payloadOffset()).isEqualTo(17);
        assertThat(packet.payloadLength()).isEqualTo(8);
    }

    @Test
    void sourcesExtensionAndPaddingAreNotPayload() {
        byte[] buffer = new byte[12 + 8 + 4 + 4 + 10 + 3];
        RtpPacket.writeHeader(buffer, 0, false, 0, 1, 1, 1);
        buffer[0] |= 0x20 | 0x10 | 2; // padding, extension, two CSRCs
        buffer[12 + 8 + 3] = 1; // one word of extension
        buffer[buffer.length - 1] = 3;
        assertThat(packet.wrap(buffer, 0, buffer.length)).isTrue();
        assertThat(packet.payloadOffset()).isEqualTo(28);
        assertThat(packet.payloadLength()).isEqualTo(10);
    }

    @Test
    void whatIsNotAWholePacketIsRefused() {
        byte[] buffer = new byte[20];
        RtpPacket.writeHeader(buffer, 0, false, 0, 1, 1, 1);
        assertThat(packet.wrap(buffer, 0, 11)).isFalse();
        buffer[0] = (byte) 0x40;
        assertThat(packet.wrap(buffer, 0, 20)).as("version 1").isFalse();
        buffer[0] = (byte) 0x8F;
        assertThat(packet.wrap(buffer, 0, 20)).as("CSRCs beyond the end").isFalse();
        buffer[0] = (byte) 0x90;
        buffer[14] = (byte) 0xFF;
        assertThat(packet.wrap(buffer, 0, 20)).as("extension beyond the end").isFalse();
        buffer[0] = (byte) 0xA0;
        buffer[19] = 9;
        assertThat(packet.wrap(buffer, 0, 20)).as("padding beyond the payload").isFalse();
        buffer[19] = 0;
        assertThat(packet.wrap(buffer, 0, 20)).as("padding without a length").isFalse();
    }

    @Test
    void anyBytesGiveAPayloadWithinThePacketOrNone() {
        Random random = new Random(3);
        for (int i = 0; i < 200_000; i++) {
            byte[] buffer = new byte[random.nextInt(60)];
            random.nextBytes(buffer);
            if (buffer.length > 0 && random.nextBoolean()) {
                buffer[0] = (byte) (0x80 | (buffer[0] & 0x3F));
            }
            if (packet.wrap(buffer, 0, buffer.length)) {
                assertThat(packet.payloadOffset()).isBetween(12, buffer.length);
                assertThat(packet.payloadLength()).isBetween(0, buffer.length - packet.payloadOffset());
            }
        }
    }
}
