package io.ringdown.bench.fidelity;

import java.util.Arrays;
import java.util.List;

/**
 * What is to be said of one setup under one pattern, the mean of all takes and talkers.
 *
 * @param estoi the score
 * @param lowestEstoi of one talker in one take
 * @param delayMillis from mouth to ear by cross-correlation, less the networks and the far end's jitter buffer: 20 ms of
 *     packet, and what codecs and gateway add to the fastest packet
 * @param delaySpreadMillis between the talkers of a take: above 0 the delay has moved within the call
 * @param latePercent of the packets that reached the far end, those that missed its jitter buffer
 * @param gainDb level out against level in
 * @param snrDb waveform against waveform; says nothing once anything is lost or Opus is in the path
 * @param cpuMillis of the gateway's part, per second of call
 * @param kbps of payload on the web leg, in the direction heard
 */
record Score(
        double estoi,
        double lowestEstoi,
        double delayMillis,
        double delaySpreadMillis,
        double latePercent,
        double gainDb,
        double snrDb,
        double cpuMillis,
        double kbps) {

    private static final int SEARCHED_BEFORE = Speech.TELEPHONE_RATE / 5; // samples: 200 ms
    private static final int SEARCHED_AFTER = Speech.TELEPHONE_RATE * 2 / 5;
    private static final int ALIGNED_BY = Speech.TELEPHONE_RATE * 3; // the middle of each piece

    /** Scores one take. */
    static Score of(Speech speech, Heard heard) {
        List<Speech.Piece> pieces = speech.pieces();
        double estoi = 0;
        double lowest = 1;
        double[] delays = new double[pieces.size()];
        double in = 0;
        double out = 0;
        double wrong = 0;
        double networks = 2 * BridgedCall.NETWORK_NANOS / 1e6;
        for (int i = 0; i < delays.length; i++) {
            Speech.Piece piece = pieces.get(i);
            double at = piece.from() - heard.firstMillis() * Speech.TELEPHONE_RATE / 1_000; // if there were no delay
            double lag = lag(piece, heard.samples(), at);
            delays[i] = lag * 1_000 / Speech.TELEPHONE_RATE - networks;
            double[] samples = Alignment.cut(heard.samples(), at + lag, piece.samples().length);
            double one = piece.estoi().score(Resampler.resample(samples, Speech.TELEPHONE_RATE, Estoi.RATE));
            estoi += one / delays.length;
            lowest = Math.min(lowest, one);
            for (int n = 0; n < samples.length; n++) {
                double difference = samples[n] - piece.samples()[n];
                in += piece.samples()[n] * piece.samples()[n];
                out += samples[n] * samples[n];
                wrong += difference * difference;
            }
        }
        double seconds = heard.callNanos() / 1e9;
        double speechSeconds = speech.frames() / 50.0;
        return new Score(
                estoi,
                lowest,
                Arrays.stream(delays).average().orElse(0),
                Arrays.stream(delays).max().orElse(0)
                        - Arrays.stream(delays).min().orElse(0),
                100.0 * heard.arrivals().late() / heard.arrivals().packets(),
                10 * Math.log10(out / in),
                10 * Math.log10(in / wrong),
                heard.cpuNanos() / 1e6 / seconds,
                heard.octets() * 8 / 1e3 / speechSeconds);
    }

    /** Of several takes. */
    static Score mean(List<Score> takes) {
        return new Score(
                takes.stream().mapToDouble(Score::estoi).average().orElseThrow(),
                takes.stream().mapToDouble(Score::lowestEstoi).min().orElseThrow(),
                takes.stream().mapToDouble(Score::delayMillis).average().orElseThrow(),
                takes.stream().mapToDouble(Score::delaySpreadMillis).max().orElseThrow(),
                takes.stream().mapToDouble(Score::latePercent).average().orElseThrow(),
                takes.stream().mapToDouble(Score::gainDb).average().orElseThrow(),
                takes.stream().mapToDouble(Score::snrDb).average().orElseThrow(),
                takes.stream().mapToDouble(Score::cpuMillis).min().orElseThrow(), // others' work only adds
                takes.stream().mapToDouble(Score::kbps).average().orElseThrow());
    }

    private static double lag(Speech.Piece piece, double[] heard, double at) {
        int length = Math.min(ALIGNED_BY, piece.samples().length);
        int from = (piece.samples().length - length) / 2;
        double[] middle = Arrays.copyOfRange(piece.samples(), from, from + length);
        int first = (int) Math.floor(at) + from - SEARCHED_BEFORE;
        double[] around = Alignment.cut(heard, first, SEARCHED_BEFORE + length + SEARCHED_AFTER);
        return Alignment.find(middle, around, SEARCHED_BEFORE).lagSamples() + Math.floor(at) - at;
    }
}
