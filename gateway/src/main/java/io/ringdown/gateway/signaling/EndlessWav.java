package io.ringdown.gateway.signaling;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** WAV, 16 bit linear, whose length is not known when it begins. Stateless. */
final class EndlessWav {
    private static final int HEADER = 44;
    private static final int FORMAT_LENGTH = 16;
    private static final short PCM = 1;

    // What sox and ffmpeg take for "until the end"; RIFF's length has no value of its own for it.
    private static final int UNKNOWN = 0x7FFF_F000;

    private EndlessWav() {}

    /** What stands before the samples. */
    static byte[] header(int sampleRate, int channels) {
        int frameBytes = channels * Short.BYTES;
        return ByteBuffer.allocate(HEADER)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(ascii("RIFF"))
                .putInt(UNKNOWN + HEADER - 8)
                .put(ascii("WAVEfmt "))
                .putInt(FORMAT_LENGTH)
                .putShort(PCM)
                .putShort((short) channels)
                .putInt(sampleRate)
                .putInt(sampleRate * frameBytes)
                .putShort((short) frameBytes)
                .putShort((short) Short.SIZE)
                .put(ascii("data"))
                .putInt(UNKNOWN)
                .array();
    }

    /** Writes samples, channels in turns; answers how many bytes they are. */
    static int samples(short[] from, byte[] to, int at) {
        for (int i = 0; i < from.length; i++) {
            to[at + 2 * i] = (byte) from[i];
            to[at + 2 * i + 1] = (byte) (from[i] >> 8);
        }
        return from.length * Short.BYTES;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
