package io.ringdown.bench.digits;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioEncoder;
import io.ringdown.media.codec.Codecs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What is heard between presses: a second of a hum that swells and fades, over and over. */
final class Sound {
    private static final int RATE = 8_000;
    private static final int FRAMES = 50;
    private static final int LONGEST = 400;
    private static final double HERTZ = 150;
    private static final double AMPLITUDE = 3_000;

    private Sound() {}

    /** The payloads of a road's near leg, one a frame. */
    static List<byte[]> of(Road road, Codecs codecs) {
        AudioCodec codec = switch (road) {
            case PCMU -> AudioCodec.PCMU;
            case OPUS -> AudioCodec.OPUS;
        };
        List<byte[]> payloads = new ArrayList<>();
        short[] pcm = new short[RATE / FRAMES];
        byte[] packet = new byte[LONGEST];
        try (AudioEncoder encoder = codecs.encoder(codec, RATE)) {
            for (int i = 0; i < FRAMES; i++) {
                for (int k = 0; k < pcm.length; k++) {
                    double seconds = (i * pcm.length + k) / (double) RATE;
                    double swell = 1 - Math.cos(2 * Math.PI * seconds);
                    double hum = Math.sin(2 * Math.PI * HERTZ * seconds) + Math.sin(6 * Math.PI * HERTZ * seconds) / 3;
                    pcm[k] = (short) (AMPLITUDE * swell * hum);
                }
                payloads.add(Arrays.copyOf(packet, encoder.encode(pcm, pcm.length, packet, 0, packet.length)));
            }
        }
        return payloads;
    }
}
