package io.ringdown.media.hold;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** WAV files for tests. */
public final class Wav {
    private Wav() {}

    /** A tone of 10000, as music that has gone through a file. */
    public static HoldMusic music(double hertz) {
        try {
            Path file = Files.createTempFile("music", ".wav");
            try {
                Files.write(file, tone(hertz, 16_000, 1, 1));
                return HoldMusic.load(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException | HoldMusicException broken) {
            throw new AssertionError(broken);
        }
    }

    static byte[] tone(double hertz, int rate, int channels, double seconds) {
        int samples = (int) Math.round(seconds * rate);
        short[] pcm = new short[samples * channels];
        for (int i = 0; i < samples; i++) {
            short sample = (short) Math.round(10_000 * Math.sin(2 * Math.PI * hertz * i / rate));
            Arrays.fill(pcm, i * channels, (i + 1) * channels, sample);
        }
        return of(1, rate, channels, 16, pcm);
    }

    static byte[] of(int format, int rate, int channels, int bits, short... pcm) {
        ByteBuffer file = ByteBuffer.allocate(44 + 2 * pcm.length).order(ByteOrder.LITTLE_ENDIAN);
        file.put(name("RIFF")).putInt(36 + 2 * pcm.length).put(name("WAVE"));
        file.put(name("fmt ")).putInt(16).putShort((short) format).putShort((short) channels);
        file.putInt(rate).putInt(rate * channels * bits / 8);
        file.putShort((short) (channels * bits / 8)).putShort((short) bits);
        file.put(name("data")).putInt(2 * pcm.length);
        for (short sample : pcm) {
            file.putShort(sample);
        }
        return file.array();
    }

    private static byte[] name(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
