package io.ringdown.bench;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioDecoder;
import io.ringdown.media.codec.AudioEncoder;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.codec.OpusSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Objects;

/**
 * What is spoken: 20 s of synthetic speech, over and over, with a mark once a second by which a listener knows the frame: one
 * frame of 1 kHz between silence. Encoded once beforehand; immutable.
 */
final class Speech {
    /** A frame is 20 ms. */
    static final int FRAMES_PER_SECOND = 50;

    static final long FRAME_NANOS = 20_000_000;
    static final int MARK_EVERY = FRAMES_PER_SECOND;
    static final double MARK_HERTZ = 1_000;

    /** Samples a second of the recording: wideband is the most that is spoken. */
    static final int RATE = 16_000;

    private static final int FRAME = RATE / FRAMES_PER_SECOND;
    private static final int MARK_AMPLITUDE = 12_000;
    private static final int SILENT_AROUND = 2; // frames on each side of a mark
    private static final int BROWSER_COMPLEXITY = 9;

    private final byte[][] packets;

    private Speech(byte[][] packets) {
        this.packets = packets;
    }

    /** As a browser's Opus encoder sends it that is asked for this. */
    static Speech of(OpusAsked asked) {
        OpusSettings settings = new OpusSettings(asked.bitrate(), BROWSER_COMPLEXITY, OpusSettings.Engine.AUTO);
        return encoded(Codecs.load(settings), AudioCodec.OPUS, asked.sampleRate());
    }

    /** In this format, as a browser or a telephone sends it; Opus as it is asked for where the far end is a telephone. */
    static Speech of(Format format) {
        return format == Format.OPUS
                ? of(OpusAsked.TELEPHONE)
                : encoded(Codecs.load(OpusSettings.defaults()), format.codec(), format.pcmRate());
    }

    private static Speech encoded(Codecs codecs, AudioCodec codec, int rate) {
        short[] pcm = marked();
        int every = RATE / rate;
        byte[][] packets = new byte[pcm.length / FRAME][];
        try (AudioEncoder encoder = codecs.encoder(codec, rate)) {
            short[] frame = new short[FRAME / every];
            byte[] packet = new byte[400];
            for (int i = 0; i < packets.length; i++) {
                for (int k = 0; k < frame.length; k++) {
                    int at = i * FRAME + every * k;
                    frame[k] = (short) ((pcm[at] + pcm[at + every - 1]) / 2);
                }
                int length = encoder.encode(frame, frame.length, packet, 0, packet.length);
                packets[i] = Arrays.copyOf(packet, length);
            }
        }
        return new Speech(packets);
    }

    /** The packet of the frame with this number; goes round. Not to be changed. */
    byte[] packet(long frame) {
        return packets[(int) (frame % packets.length)];
    }

    static boolean isMark(long frame) {
        return frame % MARK_EVERY == MARK_EVERY / 2;
    }

    private static short[] marked() {
        short[] pcm = recorded();
        for (int frame = 0; frame < pcm.length / FRAME; frame++) {
            if (isMark(frame)) {
                int from = Math.max(0, frame - SILENT_AROUND) * FRAME;
                int to = Math.min(pcm.length, (frame + SILENT_AROUND + 1) * FRAME);
                Arrays.fill(pcm, from, to, (short) 0);
                for (int i = 0; i < FRAME; i++) {
                    pcm[frame * FRAME + i] = (short) (MARK_AMPLITUDE * Math.sin(2 * Math.PI * MARK_HERTZ * i / RATE));
                }
            }
        }
        return pcm;
    }

    private static short[] recorded() {
        try (InputStream in = Speech.class.getResourceAsStream("speech.ul");
                AudioDecoder decoder = Codecs.load(OpusSettings.defaults()).decoder(AudioCodec.PCMU, 8_000)) {
            byte[] law = Objects.requireNonNull(in, "speech.ul").readAllBytes();
            int whole = law.length / (FRAME * MARK_EVERY) * FRAME * MARK_EVERY;
            short[] pcm = new short[whole];
            decoder.decode(law, 0, whole, pcm);
            return pcm;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
