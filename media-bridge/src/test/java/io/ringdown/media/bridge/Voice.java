package io.ringdown.media.bridge;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioEncoder;
import java.util.Arrays;

/** An end that speaks a tone, frame by frame, in any codec. */
final class Voice {
    private final AudioEncoder encoder;
    private final int sampleRate;
    private final int frameSamples;
    private final int frameTicks;
    private final byte[] packet = new byte[1_500];
    private long spoken;

    /** {@code other} is what the sound will become. */
    Voice(AudioCodec codec, AudioCodec other) {
        this(codec, other, 20);
    }

    Voice(AudioCodec codec, AudioCodec other, int ptimeMillis) {
        this.sampleRate = codec.sampleRate(other);
        this.encoder = Call.codecs().encoder(codec, sampleRate);
        this.frameSamples = sampleRate / 1_000 * ptimeMillis;
        this.frameTicks = codec.clockRate() / 1_000 * ptimeMillis;
    }

    /** Goes on with the same tone in another codec, begun anew. */
    Voice goneOverTo(AudioCodec next) {
        Voice voice = new Voice(next, AudioCodec.G722);
        voice.spoken = spoken * voice.sampleRate / sampleRate;
        return voice;
    }

    /** Of the frame with this number. */
    int timestamp(int frame) {
        return frame * frameTicks;
    }

    /** The next frame of the tone. */
    byte[] frame(double hertz, int amplitude) {
        short[] pcm = new short[frameSamples];
        for (int i = 0; i < pcm.length; i++) {
            pcm[i] = (short) Math.round(amplitude * Math.sin(2 * Math.PI * hertz * (spoken + i) / sampleRate));
        }
        spoken += pcm.length;
        int length = encoder.encode(pcm, pcm.length, packet, 0, packet.length);
        return Arrays.copyOf(packet, length);
    }
}
