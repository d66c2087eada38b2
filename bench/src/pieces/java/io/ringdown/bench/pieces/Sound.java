package io.ringdown.bench.pieces;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioDecoder;
import io.ringdown.media.codec.AudioEncoder;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.codec.OpusSettings;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;

/** The kit's speech, at 8 kHz and encoded in frames of 20 ms. */
final class Sound {
    static final int FRAME = 160;

    private static final Codecs CODECS = Codecs.load(OpusSettings.defaults());

    private Sound() {}

    static Codecs codecs() {
        return CODECS;
    }

    static short[][] frames() {
        try (InputStream in = Objects.requireNonNull(
                        Sound.class.getResourceAsStream("/io/ringdown/bench/speech.ul"), "speech.ul");
                AudioDecoder decoder = CODECS.decoder(AudioCodec.PCMU, 8_000)) {
            byte[] law = in.readAllBytes(); // 16 kHz
            short[] wide = new short[law.length];
            decoder.decode(law, 0, law.length, wide);
            short[][] frames = new short[law.length / (2 * FRAME)][FRAME];
            for (int i = 0; i < frames.length; i++) {
                for (int k = 0; k < FRAME; k++) {
                    int at = 2 * (i * FRAME + k);
                    frames[i][k] = (short) ((wide[at] + wide[at + 1]) / 2);
                }
            }
            return frames;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[][] encoded(AudioCodec codec) {
        short[][] frames = frames();
        byte[][] packets = new byte[frames.length][];
        byte[] packet = new byte[400];
        try (AudioEncoder encoder = CODECS.encoder(codec, 8_000)) {
            for (int i = 0; i < frames.length; i++) {
                packets[i] = Arrays.copyOf(packet, encoder.encode(frames[i], FRAME, packet, 0, packet.length));
            }
        }
        return packets;
    }
}
