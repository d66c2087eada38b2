package io.ringdown.bench.fidelity;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a browser sends of one speech, encoded once for each way of encoding it. One thread. */
final class BrowserMouth {
    private static final int COMPLEXITY = 9; // of Chromium on a desktop
    private static final int MOST_EXPECTED = 20; // percent; Chromium expects no more
    private static final int FRAME = Speech.BROWSER_RATE / 50;

    private final Speech speech;
    private final Map<Manner, List<byte[]>> spoken = new HashMap<>();

    /** What decides how packets look. */
    private record Manner(int maxBandwidth, int bitrate, int expectedLoss) {}

    BrowserMouth(Speech speech) {
        this.speech = speech;
    }

    /** A packet per 20 ms, of a browser that has learnt from our reports what gets lost. Not to be changed. */
    List<byte[]> opus(Setup.Browser browser, int lossPercent) {
        int expected = browser.fec() ? Math.min(MOST_EXPECTED, lossPercent) : 0;
        return spoken.computeIfAbsent(new Manner(browser.maxBandwidth(), browser.bitrate(), expected), this::encoded);
    }

    /** The same as G.711 µ-law, by a telephone or a browser. */
    List<byte[]> g711() {
        List<byte[]> packets = new ArrayList<>();
        int frame = Speech.TELEPHONE_RATE / 50;
        for (int i = 0; i < speech.frames(); i++) {
            byte[] codes = new byte[frame];
            for (int k = 0; k < frame; k++) {
                codes[k] = MuLaw.encode(speech.narrow()[i * frame + k]);
            }
            packets.add(codes);
        }
        return packets;
    }

    private List<byte[]> encoded(Manner manner) {
        OpusEncoder encoder = new OpusEncoder(Speech.BROWSER_RATE, manner.bitrate(), COMPLEXITY);
        encoder.set(OpusFunctions.SET_MAX_BANDWIDTH, manner.maxBandwidth());
        encoder.expect(manner.expectedLoss());
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < speech.frames(); i++) {
            packets.add(encoder.encode(speech.wide(), i * FRAME));
        }
        return packets;
    }
}
