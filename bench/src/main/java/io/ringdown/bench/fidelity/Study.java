package io.ringdown.bench.fidelity;

import io.ringdown.bench.fidelity.Setup.Browser;
import io.ringdown.bench.fidelity.Setup.Gateway;
import io.ringdown.bench.fidelity.Setup.Missing;
import io.ringdown.bench.fidelity.Setup.Road;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows and columns of one table.
 *
 * @param title what it is about
 * @param setups its rows
 * @param patterns its columns
 */
record Study(String title, List<Setup> setups, List<Pattern> patterns) {

    /** Each repair off and on, a table for each road. */
    static List<Study> repairs(List<Pattern> patterns) {
        Map<Road, List<Setup>> byRoad = new LinkedHashMap<>();
        for (Setup setup : switches()) {
            byRoad.computeIfAbsent(setup.road(), road -> new ArrayList<>()).add(setup);
        }
        return byRoad.entrySet().stream()
                .map(entry -> new Study(entry.getKey().toString(), entry.getValue(), patterns))
                .toList();
    }

    /** A new repair is one line here. */
    private static List<Setup> switches() {
        Browser browser = Browser.usual();
        Gateway gateway = Gateway.usual();
        Gateway silence = gateway.withMissing(Missing.SILENCE);
        Gateway gap = gateway.withMissing(Missing.GAP);
        Gateway noFec = gateway.withoutFec();
        return List.of(
                new Setup("nothing", Road.WEB_TO_TRUNK, browser.withoutFec(), silence.withoutFec()),
                new Setup("Opus PLC", Road.WEB_TO_TRUNK, browser.withoutFec(), noFec),
                new Setup("FEC", Road.WEB_TO_TRUNK, browser, silence),
                new Setup("FEC, Opus PLC", Road.WEB_TO_TRUNK, browser, gateway),
                new Setup("RED", Road.WEB_TO_TRUNK, browser.withoutFec().withRed(), silence.withoutFec()),
                new Setup(
                        "RED, Opus PLC", Road.WEB_TO_TRUNK, browser.withoutFec().withRed(), noFec),
                new Setup("RED, FEC, Opus PLC", Road.WEB_TO_TRUNK, browser.withRed(), gateway),
                new Setup("nothing", Road.G711_TO_TRUNK, browser, silence),
                new Setup("concealment", Road.G711_TO_TRUNK, browser, gateway),
                new Setup("silence encoded", Road.TRUNK_TO_WEB, browser, silence),
                new Setup("gap left to the browser", Road.TRUNK_TO_WEB, browser, gap),
                new Setup("concealment", Road.TRUNK_TO_WEB, browser, gateway),
                new Setup("browser's PLC only", Road.TRUNK_TO_LOSSY_WEB, browser.withoutFec(), noFec),
                new Setup("FEC by reports", Road.TRUNK_TO_LOSSY_WEB, browser, gateway),
                new Setup("RED and FEC by reports", Road.TRUNK_TO_LOSSY_WEB, browser.withRed(), gateway));
    }

    /** What our answer could ask of the browser's encoder. */
    static Study answers() {
        List<Setup> rows = new ArrayList<>();
        for (int bitrate : List.of(32_000, 24_000, 20_000)) {
            rows.add(answer("maxplaybackrate=16000", Browser.WIDEBAND, bitrate));
        }
        for (int bitrate : List.of(32_000, 24_000, 20_000, 12_000)) {
            rows.add(answer("maxplaybackrate=8000", Browser.NARROWBAND, bitrate));
        }
        for (int bitrate : List.of(32_000, 24_000, 20_000)) {
            rows.add(answer("no maxplaybackrate", Browser.FULLBAND, bitrate));
        }
        return new Study(
                "What our answer asks for: Opus from the browser, FEC and PLC on, heard at the trunk",
                rows,
                Pattern.parse("none,random-3,random-5,random-10,burst-10"));
    }

    /** How we encode towards the browser. */
    static Study encoders() {
        List<Setup> rows = new ArrayList<>();
        for (boolean dtx : new boolean[] {false, true}) {
            for (int bitrate : List.of(16_000, 20_000, 24_000, 32_000)) {
                for (int complexity : List.of(0, 2, 5, 8, 10)) {
                    rows.add(new Setup(
                            "%d kbit/s, complexity %d%s".formatted(bitrate / 1_000, complexity, dtx ? ", DTX" : ""),
                            Road.TRUNK_TO_LOSSY_WEB,
                            Browser.usual(),
                            Gateway.usual().withEncoder(bitrate, complexity, dtx)));
                }
            }
        }
        return new Study(
                "How we encode: G.711 from the trunk, heard in the browser as Opus, FEC by reports",
                rows,
                Pattern.parse("none,random-5"));
    }

    private static Setup answer(String rate, int maxBandwidth, int bitrate) {
        return new Setup(
                rate + ", " + bitrate / 1_000 + " kbit/s",
                Road.WEB_TO_TRUNK,
                new Browser(maxBandwidth, bitrate, true, false),
                Gateway.usual());
    }

    /** Measures every cell; each pattern is the same in every row, take by take. */
    List<Row> measure(Speech speech, BrowserMouth mouth, int takes, long seed) {
        List<Row> rows = new ArrayList<>();
        for (Setup setup : setups) {
            Map<Pattern, Score> scores = new LinkedHashMap<>();
            for (Pattern pattern : patterns) {
                List<Score> each = new ArrayList<>();
                for (int take = 0; take < takes; take++) {
                    each.add(Score.of(speech, BridgedCall.run(setup, mouth, pattern, seed + take)));
                }
                scores.put(pattern, Score.mean(each));
            }
            rows.add(new Row(setup, scores));
        }
        return rows;
    }

    /** What came of one setup, by pattern. */
    record Row(Setup setup, Map<Pattern, Score> scores) {}
}
