package io.ringdown.bench.fidelity;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** What is said in a call: the talkers of {@code bench/speech.sh}, one after the other. Synthetic. Immutable. */
final class Speech {
    /** What telephones carry; the sound that every score is measured against has this rate. */
    static final int TELEPHONE_RATE = 8_000;

    /** What browsers encode from and decode to. */
    static final int BROWSER_RATE = 48_000;

    private static final int RECORDED_RATE = 24_000;
    private static final List<String> TALKERS =
            List.of("english-man", "english-woman", "german-man", "french-woman", "spanish-woman", "mandarin-man");

    private final double[] narrow;
    private final short[] wide;
    private final List<Piece> pieces;

    /**
     * One talker's part.
     *
     * @param from its first sample in {@link #narrow()}
     * @param samples the clean sound at {@link #TELEPHONE_RATE}
     * @param estoi what scores what was heard of it
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared with its samples
    record Piece(String talker, int from, double[] samples, Estoi estoi) {}

    private Speech(double[] recorded, List<Integer> starts) {
        this.narrow = Resampler.resample(recorded, RECORDED_RATE, TELEPHONE_RATE);
        this.wide = rounded(Resampler.resample(recorded, RECORDED_RATE, BROWSER_RATE));
        this.pieces = new ArrayList<>();
        for (int i = 0; i < starts.size(); i++) {
            int from = (int) ((long) starts.get(i) * TELEPHONE_RATE / RECORDED_RATE);
            int to = i + 1 < starts.size()
                    ? (int) ((long) starts.get(i + 1) * TELEPHONE_RATE / RECORDED_RATE)
                    : narrow.length;
            double[] samples = Arrays.copyOfRange(narrow, from, to);
            Estoi estoi = new Estoi(Resampler.resample(samples, TELEPHONE_RATE, Estoi.RATE));
            pieces.add(new Piece(TALKERS.get(i), from, samples, estoi));
        }
    }

    /** The first {@code talkers} of them; there are six. */
    static Speech of(int talkers) {
        List<Integer> starts = new ArrayList<>();
        double[] recorded = new double[0];
        for (String talker : TALKERS.subList(0, talkers)) {
            double[] one = MuLaw.decode(recording(talker));
            starts.add(recorded.length);
            recorded = Arrays.copyOf(recorded, recorded.length + one.length);
            System.arraycopy(one, 0, recorded, recorded.length - one.length, one.length);
        }
        return new Speech(recorded, starts);
    }

    static int talkers() {
        return TALKERS.size();
    }

    /** At {@link #TELEPHONE_RATE}. Not to be changed. */
    double[] narrow() {
        return narrow;
    }

    /** At {@link #BROWSER_RATE}. Not to be changed. */
    short[] wide() {
        return wide;
    }

    List<Piece> pieces() {
        return pieces;
    }

    /** Frames of 20 ms. */
    int frames() {
        return narrow.length / (TELEPHONE_RATE / 50);
    }

    static short[] rounded(double[] samples) {
        short[] rounded = new short[samples.length];
        for (int i = 0; i < samples.length; i++) {
            rounded[i] = (short) Math.clamp(Math.round(samples[i]), Short.MIN_VALUE, Short.MAX_VALUE);
        }
        return rounded;
    }

    /** µ-law at 24 kHz. */
    static byte[] recording(String talker) {
        try (InputStream in = Speech.class.getResourceAsStream(talker + ".ul")) {
            return Objects.requireNonNull(in, talker).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
