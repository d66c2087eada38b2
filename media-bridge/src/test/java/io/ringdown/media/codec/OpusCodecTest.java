package io.ringdown.media.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same behaviour by the system's library and in pure Java. */
@ParameterizedClass
@EnumSource
record OpusCodecTest(OpusSettings.Engine engine) {
    private static final int RATE = 8_000;
    private static final int FRAME = RATE / 50;

    @Test
    void theEngineIsTheOneThatWasAskedFor() {
        assertThat(codecs().describe())
                .matches(engine == OpusSettings.Engine.JAVA ? "Concentus \\(pure Java\\)" : "libopus 1\\.\\d.*");
    }

    @ParameterizedTest
    @ValueSource(ints = {8_000, 16_000, 48_000})
    void aToneComesThrough(int rate) {
        int frame = rate / 50;
        short[] tone = Tones.tone(440, rate, 50 * frame, 8_000);
        short[] heard = new short[tone.length];
        short[] pcm = new short[frame];
        byte[] packet = new byte[400];
        try (AudioEncoder encoder = codecs().encoder(AudioCodec.OPUS, rate);
                AudioDecoder decoder = codecs().decoder(AudioCodec.OPUS, rate)) {
            for (int at = 0; at < tone.length; at += frame) {
                System.arraycopy(tone, at, pcm, 0, frame);
                int length = encoder.encode(pcm, frame, packet, 12, 300);
                assertThat(length).isBetween(3, 300);
                assertThat(decoder.samplesOf(packet, 12, length)).isEqualTo(frame);
                assertThat(decoder.decode(packet, 12, length, pcm)).isEqualTo(frame);
                System.arraycopy(pcm, 0, heard, at, frame);
            }
        }
        assertThat(Tones.share(heard, 10 * frame, 40 * frame, 440, rate)).isGreaterThan(0.9);
        assertThat(Tones.rms(heard, 10 * frame, 40 * frame)).isBetween(4_500.0, 6_800.0);
    }

    @Test
    void theBitRateIsNearTheOneAskedFor() {
        byte[][] packets = encoded(250, 0);
        int bytes = 0;
        for (byte[] packet : packets) {
            bytes += packet.length;
        }
        assertThat(bytes * 8 / 5).isBetween(16_000, 32_000);
    }

    @Test
    void whatProtectsIsGivenBitsOfItsOwnAndThePeersBoundIsKept() {
        OpusSettings settings = new OpusSettings(24_000, 5, OpusSettings.Engine.AUTO);
        assertThat(settings.bitrate(0, 32_000)).isEqualTo(24_000);
        assertThat(settings.bitrate(5, 32_000)).isEqualTo(30_000);
        assertThat(settings.bitrate(5, 28_000)).isEqualTo(28_000);
        assertThat(settings.bitrate(0, 1)).isEqualTo(6_000);
    }

    @Test
    void aBoundOnTheBitRateHoldsFromTheNextFrameOn() {
        short[] tone = Tones.tone(440, RATE, FRAME, 8_000);
        byte[] packet = new byte[400];
        try (AudioEncoder encoder = codecs().encoder(AudioCodec.OPUS, RATE)) {
            encoder.mostBitrate(8_000);
            int bytes = 0;
            for (int i = 0; i < 100; i++) {
                bytes += encoder.encode(tone, FRAME, packet, 0, packet.length);
            }
            assertThat(bytes * 4).isLessThan(10_000); // 2 s
        }
    }

    @Test
    void aLostFrameIsRestoredFromTheCopyInTheNext() {
        byte[][] packets = encoded(100, 20);
        short[] pcm = new short[FRAME];
        int restored = 0;
        double likeness = 0;
        try (AudioDecoder whole = codecs().decoder(AudioCodec.OPUS, RATE);
                AudioDecoder decoder = codecs().decoder(AudioCodec.OPUS, RATE)) {
            short[] right = new short[FRAME];
            for (int i = 0; i < packets.length - 1; i++) {
                whole.decode(packets[i], 0, packets[i].length, right);
                if (i % 10 == 5) {
                    int samples = decoder.decodeFec(packets[i + 1], 0, packets[i + 1].length, pcm, FRAME);
                    if (samples == FRAME) {
                        restored++;
                        likeness += correlation(right, pcm);
                    }
                } else {
                    decoder.decode(packets[i], 0, packets[i].length, pcm);
                }
            }
        }
        assertThat(restored).isGreaterThan(5);
        assertThat(likeness / restored).isGreaterThan(0.7);
    }

    @Test
    void aPacketWithoutACopyRestoresNothing() {
        byte[][] packets = encoded(20, 0);
        short[] pcm = new short[FRAME];
        try (AudioDecoder decoder = codecs().decoder(AudioCodec.OPUS, RATE)) {
            for (byte[] packet : packets) {
                assertThat(decoder.decodeFec(packet, 0, packet.length, pcm, FRAME))
                        .isNegative();
            }
        }
    }

    @Test
    void aGapIsConcealedAndAnAbsurdOneRefused() {
        byte[][] packets = encoded(20, 0);
        short[] pcm = new short[FRAME];
        try (AudioDecoder decoder = codecs().decoder(AudioCodec.OPUS, RATE)) {
            for (byte[] packet : packets) {
                decoder.decode(packet, 0, packet.length, pcm);
            }
            assertThat(decoder.conceal(pcm, FRAME)).isEqualTo(FRAME);
            assertThat(Tones.rms(pcm, 0, FRAME)).isGreaterThan(100);
            assertThat(decoder.conceal(pcm, FRAME + 1)).isNegative();
            assertThat(decoder.conceal(new short[100_000], 100_000)).isNegative();
        }
    }

    @Test
    void noPacketFromTheNetworkCausesMoreThanANegativeNumber() {
        long seed = 20_261_124L;
        Random random = new Random(seed);
        byte[][] good = encoded(60, 20);
        short[] pcm = new short[6 * FRAME];
        byte[] buffer = new byte[2_000];
        int rounds = engine == OpusSettings.Engine.JAVA ? 4_000 : 40_000;
        int refused = 0;
        try (AudioDecoder decoder = codecs().decoder(AudioCodec.OPUS, RATE)) {
            for (int i = 0; i < rounds; i++) {
                int length = mutant(random, good, buffer);
                int announced = decoder.samplesOf(buffer, 0, length);
                int decoded = decoder.decode(buffer, 0, length, pcm);
                assertThat(decoded).as("seed %d round %d", seed, i).isLessThanOrEqualTo(pcm.length);
                if (announced < 0) {
                    assertThat(decoded).as("seed %d round %d", seed, i).isNegative();
                    refused++;
                }
                assertThat(decoder.decodeFec(buffer, 0, length, pcm, FRAME)).isLessThanOrEqualTo(FRAME);
            }
            assertThat(refused).isBetween(rounds / 20, rounds * 19 / 20);
            assertThat(decoder.decode(good[0], 0, good[0].length, pcm)).isEqualTo(FRAME);
        }
    }

    @Test
    void useAfterCloseIsAnErrorAndClosingTwiceIsNone() {
        AudioEncoder encoder = codecs().encoder(AudioCodec.OPUS, RATE);
        AudioDecoder decoder = codecs().decoder(AudioCodec.OPUS, RATE);
        encoder.close();
        encoder.close();
        decoder.close();
        decoder.close();
        short[] pcm = new short[FRAME];
        assertThatIllegalStateException().isThrownBy(() -> encoder.encode(pcm, FRAME, new byte[100], 0, 100));
        assertThatIllegalStateException().isThrownBy(() -> encoder.expectedLoss(5));
        assertThatIllegalStateException().isThrownBy(() -> decoder.decode(new byte[] {8, 1}, 0, 2, pcm));
        assertThatIllegalStateException().isThrownBy(() -> decoder.decodeFec(new byte[] {8, 1}, 0, 2, pcm, FRAME));
        assertThatIllegalStateException().isThrownBy(() -> decoder.conceal(pcm, FRAME));
    }

    @Test
    void aCodecMadeAfterAnotherWasClosedKnowsNothingOfIt() {
        Codecs codecs = codecs();
        byte[][] packets = encoded(3, 0);
        short[] fresh = new short[FRAME];
        short[] later = new short[FRAME];
        for (short[] pcm : new short[][] {fresh, later}) {
            try (AudioDecoder decoder = codecs.decoder(AudioCodec.OPUS, RATE)) {
                for (byte[] packet : packets) {
                    decoder.decode(packet, 0, packet.length, pcm);
                }
            }
        }
        assertThat(later).isEqualTo(fresh);
    }

    private Codecs codecs() {
        return Codecs.load(new OpusSettings(24_000, 5, engine));
    }

    /** Something like a voice: harmonics of a gliding pitch, with syllables. */
    private byte[][] encoded(int frames, int expectedLoss) {
        byte[][] packets = new byte[frames][];
        short[] pcm = new short[FRAME];
        byte[] packet = new byte[300];
        double phase = 0;
        try (AudioEncoder encoder = codecs().encoder(AudioCodec.OPUS, RATE)) {
            encoder.expectedLoss(expectedLoss);
            for (int f = 0; f < frames; f++) {
                for (int i = 0; i < FRAME; i++) {
                    double seconds = (f * FRAME + i) / (double) RATE;
                    phase += 2 * Math.PI * (120 + 30 * Math.sin(3 * seconds)) / RATE;
                    double loudness = 2_500 * (1.2 + Math.sin(2 * Math.PI * 4 * seconds));
                    pcm[i] = (short) (loudness * (Math.sin(phase) + Math.sin(3 * phase) / 2 + Math.sin(7 * phase) / 4));
                }
                int length = encoder.encode(pcm, FRAME, packet, 0, packet.length);
                packets[f] = java.util.Arrays.copyOf(packet, length);
            }
        }
        return packets;
    }

    private static int mutant(Random random, byte[][] good, byte[] into) {
        if (random.nextInt(3) == 0) {
            random.nextBytes(into);
            return random.nextInt(random.nextBoolean() ? 20 : into.length);
        }
        byte[] origin = good[random.nextInt(good.length)];
        System.arraycopy(origin, 0, into, 0, origin.length);
        for (int flips = random.nextInt(4); flips >= 0; flips--) {
            into[random.nextInt(random.nextBoolean() ? 3 : origin.length)] = (byte) random.nextInt();
        }
        return random.nextBoolean() ? origin.length : random.nextInt(origin.length + 1);
    }

    private static double correlation(short[] a, short[] b) {
        double ab = 0;
        double aa = 1;
        double bb = 1;
        for (int i = 0; i < a.length; i++) {
            ab += (double) a[i] * b[i];
            aa += (double) a[i] * a[i];
            bb += (double) b[i] * b[i];
        }
        return ab / Math.sqrt(aa * bb);
    }
}
