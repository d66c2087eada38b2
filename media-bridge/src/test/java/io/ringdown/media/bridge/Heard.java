package io.ringdown.media.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioDecoder;
import io.ringdown.media.codec.HalfBand;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What an end hears of a stream: each packet decoded by the decoder of its payload type, as browsers do, at 16 kHz. */
final class Heard {
    static final double TELEPHONE_HZ = 1_000;
    private static final int RATE = 16_000;
    private static final int PER_MILLI = 16;
    private static final int WINDOW_MILLIS = 5;

    private final short[] pcm;

    private Heard(short[] pcm) {
        this.pcm = pcm;
    }

    static Heard of(List<Call.Sent> sent) {
        Map<AudioCodec, AudioDecoder> decoders = new EnumMap<>(AudioCodec.class);
        short[] all = new short[sent.size() * 60 * PER_MILLI];
        Map<AudioCodec, HalfBand> bands = new EnumMap<>(AudioCodec.class);
        short[] frame = new short[120 * PER_MILLI];
        short[] wide = new short[120 * PER_MILLI];
        int length = 0;
        AudioCodec last = AudioCodec.OPUS;
        for (Call.Sent packet : sent) {
            AudioCodec codec = Call.codec(packet.payloadType());
            if (codec != last) {
                decoders.remove(codec); // one that comes back begins anew
                last = codec;
            }
            int rate = codec.isG711() ? 8_000 : RATE;
            AudioDecoder decoder =
                    decoders.computeIfAbsent(codec, added -> Call.codecs().decoder(added, rate));
            int samples = decoder.decode(packet.payload(), 0, packet.payload().length, frame);
            if (rate == RATE) {
                System.arraycopy(frame, 0, all, length, samples);
                length += samples;
            } else {
                length += bands.computeIfAbsent(codec, added -> new HalfBand()).twice(frame, samples, wide);
                System.arraycopy(wide, 0, all, length - 2 * samples, 2 * samples);
            }
        }
        return new Heard(Arrays.copyOf(all, length));
    }

    /** In dB above one, of the part of the sound at this frequency. */
    double level(double hertz, int fromMillis, int toMillis) {
        return 20
                * Math.log10(
                        amplitude(hertz, fromMillis * PER_MILLI, (toMillis - fromMillis) * PER_MILLI) / Math.sqrt(2));
    }

    /** The part of the power that lies at the frequency. */
    double share(double hertz, int fromMillis, int toMillis) {
        double amplitude = amplitude(hertz, fromMillis * PER_MILLI, (toMillis - fromMillis) * PER_MILLI);
        double rms = rms(fromMillis, toMillis);
        return amplitude * amplitude / 2 / (rms * rms + 1e-9);
    }

    double rms(int fromMillis, int toMillis) {
        double power = 0;
        for (int i = fromMillis * PER_MILLI; i < toMillis * PER_MILLI; i++) {
            power += (double) pcm[i] * pcm[i];
        }
        return Math.sqrt(power / ((toMillis - fromMillis) * PER_MILLI));
    }

    int millis() {
        return pcm.length / PER_MILLI;
    }

    /** How long, in windows of 5 ms, the tone is not as it should be: a quarter louder or softer. */
    int disturbedMillis(double hertz, int amplitude, int fromMillis, int toMillis) {
        int disturbed = 0;
        for (int at = fromMillis; at + WINDOW_MILLIS <= toMillis; at += WINDOW_MILLIS) {
            double heard = amplitude(hertz, at * PER_MILLI, WINDOW_MILLIS * PER_MILLI);
            if (Math.abs(heard / amplitude - 1) > 0.25) {
                disturbed += WINDOW_MILLIS;
            }
        }
        return disturbed;
    }

    private double amplitude(double hertz, int from, int samples) {
        double real = 0;
        double imaginary = 0;
        for (int i = 0; i < samples; i++) {
            double angle = 2 * Math.PI * hertz * i / RATE;
            real += pcm[from + i] * Math.cos(angle);
            imaginary += pcm[from + i] * Math.sin(angle);
        }
        return 2 * Math.hypot(real, imaginary) / samples;
    }

    /** Sequence numbers without a hole, one SSRC, and timestamps that rise by each packet's own length. */
    static void assertWhole(List<Call.Sent> sent, int ptimeMillis) {
        for (int i = 1; i < sent.size(); i++) {
            Call.Sent before = sent.get(i - 1);
            Call.Sent packet = sent.get(i);
            assertThat(packet.sequence()).isEqualTo((before.sequence() + 1) & 0xFFFF);
            assertThat(packet.ssrc()).isEqualTo(before.ssrc());
            assertThat(packet.timestamp() - before.timestamp())
                    .isEqualTo(Call.codec(before.payloadType()).clockRate() / 1_000 * ptimeMillis);
        }
    }
}
