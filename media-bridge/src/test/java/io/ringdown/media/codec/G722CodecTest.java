package io.ringdown.media.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class G722CodecTest {
    private static final int RATE = 16_000;
    private static final int FRAME = 320;
    private static final int DELAY = 22; // of the two filter banks together

    private final Codecs codecs = Codecs.load(OpusSettings.defaults());

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        " 300, 10000, 30",
        "1000, 10000, 30",
        "1000,   300, 20",
        "3000, 10000, 25",
        "4000, 10000, 15",
        "5000, 10000, 10",
        "6500, 10000, 10",
        "1000, 32000, 30"
    })
    void aToneComesThroughWithItsFrequencyItsLevelAndLittleNoise(int hertz, int amplitude, int decibels) {
        short[] tone = Tones.tone(hertz, RATE, 50 * FRAME, amplitude);
        short[] heard = through(tone);
        int from = 5 * FRAME;
        int length = 40 * FRAME;
        assertThat(snr(tone, heard, from, length, DELAY)).isGreaterThan(decibels);
        assertThat(20 * Math.log10(Tones.rms(heard, from, length) / Tones.rms(tone, from, length)))
                .isBetween(-0.4, 0.4);
    }

    @Test
    void silenceStaysSilenceAndFollowsSoundAtOnce() {
        assertThat(peak(through(new short[50 * FRAME]), 0, 50 * FRAME)).isLessThan(20);
        short[] stopping = Tones.tone(1_000, RATE, 20 * FRAME, 20_000);
        Arrays.fill(stopping, 10 * FRAME, 20 * FRAME, (short) 0);
        short[] heard = through(stopping);
        assertThat(Tones.rms(heard, 11 * FRAME, FRAME)).isLessThan(60);
        assertThat(Tones.rms(heard, 15 * FRAME, FRAME)).isLessThan(20);
    }

    @Test
    void whatIsTooLoudIsClippedAndNeverTurnsOver() {
        short[] square = new short[50 * FRAME];
        for (int i = 0; i < square.length; i++) {
            square[i] = i / 20 % 2 == 0 ? Short.MAX_VALUE : Short.MIN_VALUE;
        }
        short[] heard = through(square);
        for (int i = 5 * FRAME; i < square.length; i++) {
            int position = (i - DELAY) % 20;
            if (position > 5 && position < 15) { // away from the edges the sign is the square's
                assertThat(Integer.signum(heard[i])).as("sample " + i).isEqualTo(Integer.signum(square[i - DELAY]));
            }
        }
    }

    @Test
    void noiseAtFullScaleAndAnyBytesAreSurvived() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        short[] noise = new short[200 * FRAME];
        byte[] bytes = new byte[200 * FRAME / 2];
        random.nextBytes(bytes);
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (short) random.nextInt();
        }
        assertThat(snr(noise, through(noise), FRAME, 100 * FRAME, DELAY))
                .as("seed " + seed)
                .isGreaterThan(3);
        short[] pcm = new short[2 * bytes.length];
        assertThat(codecs.decoder(AudioCodec.G722, RATE).decode(bytes, 0, bytes.length, pcm))
                .isEqualTo(pcm.length);
    }

    @Test
    void eachEncoderAndDecoderBeginsAnew() {
        short[] tone = Tones.tone(700, RATE, 10 * FRAME, 12_000);
        byte[] first = encoded(tone);
        byte[] second = encoded(tone);
        assertThat(second).isEqualTo(first);
        short[] once = decoded(first);
        assertThat(decoded(first)).isEqualTo(once);
    }

    @Test
    void framesOfAnyLengthAreOneStream() {
        short[] tone = Tones.tone(700, RATE, 12 * FRAME, 12_000);
        byte[] whole = encoded(tone);
        byte[] pieces = new byte[whole.length];
        short[] piece = new short[960];
        AudioEncoder encoder = codecs.encoder(AudioCodec.G722, RATE);
        for (int at = 0; at < tone.length; at += piece.length) {
            System.arraycopy(tone, at, piece, 0, piece.length);
            assertThat(encoder.encode(piece, piece.length, pieces, at / 2, piece.length / 2))
                    .isEqualTo(piece.length / 2);
        }
        assertThat(pieces).isEqualTo(whole);
    }

    /** The same bits and the same samples as an implementation that is not ours, in every sample of half a minute. */
    @Test
    void ffmpegEncodesAndDecodesTheSame() throws Exception {
        short[] sound = soundOfManyKinds();
        ByteBuffer raw = ByteBuffer.allocate(2 * sound.length).order(ByteOrder.LITTLE_ENDIAN);
        raw.asShortBuffer().put(sound);
        Path pcm = Files.write(folder.resolve("sound.s16"), raw.array());
        Path theirs = folder.resolve("theirs.g722");
        ffmpeg(
                "-f",
                "s16le",
                "-ar",
                "16000",
                "-ac",
                "1",
                "-i",
                pcm.toString(),
                "-c:a",
                "g722",
                "-f",
                "g722",
                theirs.toString());
        byte[] ours = encoded(sound);
        byte[] expected = Files.readAllBytes(theirs);
        assertThat(Arrays.copyOf(expected, ours.length)).isEqualTo(ours);
        Path bytes = Files.write(folder.resolve("ours.g722"), ours);
        Path heard = folder.resolve("heard.s16");
        ffmpeg("-f", "g722", "-i", bytes.toString(), "-f", "s16le", heard.toString());
        ShortBuffer samples = ByteBuffer.wrap(Files.readAllBytes(heard))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asShortBuffer();
        short[] decoded = decoded(ours);
        short[] other = new short[decoded.length];
        samples.get(other);
        assertThat(other).isEqualTo(decoded);
    }

    @Test
    void aGapIsFilledWithTheVoicesPeriodThenFades() {
        AudioDecoder decoder = codecs.decoder(AudioCodec.G722, RATE);
        byte[] bytes = encoded(Tones.tone(125, RATE, 6 * FRAME, 10_000));
        decoder.decode(bytes, 0, bytes.length, new short[6 * FRAME]);
        short[] made = new short[FRAME];
        assertThat(decoder.conceal(made, FRAME)).isEqualTo(FRAME);
        assertThat(Tones.share(made, 0, FRAME / 2, 125, RATE)).isGreaterThan(0.9);
        assertThat(Tones.rms(made, 0, FRAME / 2)).isGreaterThan(6_000);
        for (int i = 0; i < 3; i++) {
            decoder.conceal(made, FRAME);
        }
        assertThat(made).containsOnly((short) 0);
    }

    @Test
    void whatCannotBeIsRefused() {
        AudioDecoder decoder = codecs.decoder(AudioCodec.G722, RATE);
        assertThat(decoder.decode(new byte[1], 0, 0, new short[2])).isNegative();
        assertThat(decoder.decode(new byte[9], 0, 9, new short[17])).isNegative();
        assertThat(decoder.decodeFec(new byte[1], 0, 1, new short[2], 2)).isNegative();
        assertThat(decoder.samplesOf(new byte[160], 0, 160)).isEqualTo(320);
        AudioEncoder encoder = codecs.encoder(AudioCodec.G722, RATE);
        assertThat(encoder.encode(new short[3], 3, new byte[9], 0, 9)).isNegative();
        assertThat(encoder.encode(new short[4], 4, new byte[1], 0, 1)).isNegative();
        encoder.close();
        decoder.close();
        assertThatIllegalStateException().isThrownBy(() -> encoder.encode(new short[2], 2, new byte[1], 0, 1));
        assertThatIllegalStateException().isThrownBy(() -> decoder.decode(new byte[1], 0, 1, new short[2]));
        assertThatIllegalArgumentException().isThrownBy(() -> codecs.decoder(AudioCodec.G722, 8_000));
    }

    private byte[] encoded(short[] pcm) {
        byte[] bytes = new byte[pcm.length / 2];
        assertThat(codecs.encoder(AudioCodec.G722, RATE).encode(pcm, pcm.length, bytes, 0, bytes.length))
                .isEqualTo(bytes.length);
        return bytes;
    }

    private short[] decoded(byte[] bytes) {
        short[] pcm = new short[2 * bytes.length];
        assertThat(codecs.decoder(AudioCodec.G722, RATE).decode(bytes, 0, bytes.length, pcm))
                .isEqualTo(pcm.length);
        return pcm;
    }

    private short[] through(short[] pcm) {
        return decoded(encoded(pcm));
    }

    /** Tones, sweeps, noise, bursts and silence, up to where the filter bank would clip. */
    private static short[] soundOfManyKinds() {
        Random random = new Random(722);
        short[] sound = new short[30 * RATE];
        double phase = 0;
        for (int i = 0; i < sound.length; i++) {
            int second = i / RATE;
            double loud = Math.pow(10, -(second % 6) / 2.0) * 28_000;
            phase += 2 * Math.PI * (50 + 7_900.0 * (i % RATE) / RATE) / RATE;
            double sample = switch (second % 5) {
                case 0 -> loud * Math.sin(phase);
                case 1 -> loud * Math.sin(2 * Math.PI * 440 * i / RATE);
                case 2 -> loud / 4 * random.nextGaussian();
                case 3 -> i / 800 % 3 == 0 ? loud * Math.sin(2 * Math.PI * 150 * i / RATE) : 0;
                default -> 0;
            };
            sound[i] = (short) Math.clamp(sample, -28_000, 28_000);
        }
        return sound;
    }

    private void ffmpeg(String... arguments) throws IOException, InterruptedException {
        java.util.List<String> command =
                new java.util.ArrayList<>(java.util.List.of("ffmpeg", "-nostdin", "-y", "-v", "error"));
        command.addAll(java.util.List.of(arguments));
        Path log = folder.resolve("ffmpeg.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    }

    private static int peak(short[] pcm, int from, int length) {
        int peak = 0;
        for (int i = from; i < from + length; i++) {
            peak = Math.max(peak, Math.abs(pcm[i]));
        }
        return peak;
    }

    private static double snr(short[] sent, short[] heard, int from, int length, int delay) {
        double signal = 0;
        double noise = 1e-9;
        for (int i = from; i < from + length; i++) {
            double wanted = sent[i - delay];
            signal += wanted * wanted;
            noise += (heard[i] - wanted) * (heard[i] - wanted);
        }
        return 10 * Math.log10(signal / noise);
    }
}
