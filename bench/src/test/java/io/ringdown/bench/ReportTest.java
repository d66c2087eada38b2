package io.ringdown.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

final class ReportTest {
    @TempDir
    private Path directory;

    @Test
    void oneRunIsShownAsItIs() {
        String text = report(run(4.5, 10)).text();
        assertThat(text).contains("calls ok                                     40\n");
        assertThat(text).contains("gateway: CPU per call-second                 4.50 ms\n");
        assertThat(text).containsPattern("added delay, browser to trunk +p50 10 +p95 10 +p99 10 .* max 10 ms +\\(1\\)");
    }

    @Test
    void moreRunsAreShownAsTheirMedianWithTheSpread() {
        String text = report(run(4.7, 1), run(4.5, 1), run(5.5, 1)).text();
        assertThat(text).contains("gateway: CPU per call-second                 4.70 (4.50 to 5.50) ms\n");
        assertThat(text).contains("medians of 3");
    }

    @Test
    void aVoidRunSaysSo() {
        Run run = run(4.5, 10);
        assertThat(report(run).isVoid()).isFalse();
        run.isVoid("the driver was late");
        assertThat(report(run).isVoid()).isTrue();
        assertThat(report(run).text()).containsPattern("VOID +the driver was late");
    }

    @Test
    void aClaimThatDoesNotHoldMakesTheReportBad() {
        Run run = run(4.5, 10);
        run.require("no call failed", false);
        assertThat(report(run).isGood()).isFalse();
        assertThat(report(run).text()).containsPattern("no call failed +NO");
    }

    @Test
    void figuresComeBackFromTheirFile() throws Exception {
        Report report = report(run(4.7, 1), run(4.5, 2), run(5.5, 3));
        Path file = directory.resolve("figures.json");
        report.writeJson(file);
        assertThat(Comparison.Reading.of(file)).isEqualTo(Comparison.Reading.of(report));
    }

    @Test
    void aFileWithoutFiguresIsRefused() throws Exception {
        Path file = Files.writeString(directory.resolve("other.json"), "{}");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Comparison.Reading.of(file))
                .withMessageContaining("--json");
    }

    @Test
    void onlyWhatLiesApartByItsExtremesIsMoreThanNoise() {
        Spread before = Spread.of(4.6, 4.5, 4.8);
        assertThat(verdict(before, Spread.of(4.4, 4.3, 4.2))).isEqualTo(Comparison.Verdict.BETTER);
        assertThat(verdict(before, Spread.of(4.9, 5.0, 5.1))).isEqualTo(Comparison.Verdict.WORSE);
        assertThat(verdict(before, Spread.of(4.5, 4.4, 4.3))).isEqualTo(Comparison.Verdict.NOISE);
        assertThat(verdict(before, Spread.of(3))).isEqualTo(Comparison.Verdict.UNKNOWN);
        assertThat(verdict(Spread.of(100, 100, 100), Spread.of(100.5, 100.5, 100.5)))
                .as("half a per cent is not worth telling")
                .isEqualTo(Comparison.Verdict.NOISE);
        assertThat(Comparison.verdict(Figure.Better.MORE, before, Spread.of(4.9, 5.0, 5.1)))
                .isEqualTo(Comparison.Verdict.BETTER);
    }

    @Test
    void aComparisonTellsChangesAndOtherMachines() {
        Comparison comparison = new Comparison(
                Comparison.Reading.of(report(run(4.5, 1), run(4.6, 1), run(4.4, 1))),
                Comparison.Reading.of(new Report(
                        "bench transcode",
                        Map.of("CPU", "another"),
                        Instant.EPOCH,
                        List.of(run(9, 1), run(9.2, 1), run(8.8, 1)))));
        assertThat(comparison.text())
                .containsPattern(
                        "gateway: CPU per call-second, ms +4.50 \\(±0.100\\) +9 \\(±0.200\\) +\\+100.0 % +WORSE")
                .contains("other CPU: this, now another");
    }

    @Test
    void aPlotIsWellFormedAndStaysWithinItsPanels() throws Exception {
        Histogram histogram = new Histogram();
        for (int i = 1; i <= 20_000; i++) {
            histogram.add(i * 1_000L);
        }
        String svg = Plot.svg(
                "bench <transcode> & more",
                "now",
                List.of(
                        new Plot.Panel("delay", "percentile", "ms", true, List.of(Plot.percentiles("a", histogram))),
                        new Plot.Panel(
                                "flat",
                                "s",
                                "MB",
                                false,
                                List.of(new Plot.Curve("b", new double[] {0, 1, 2}, new double[] {5, Double.NaN, 5}))),
                        new Plot.Panel("empty", "s", "MB", false, List.of())));
        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
        int height = Integer.parseInt(document.getDocumentElement().getAttribute("height"));
        var lines = document.getElementsByTagName("polyline");
        assertThat(lines.getLength()).isEqualTo(2);
        for (int i = 0; i < lines.getLength(); i++) {
            String points = lines.item(i).getAttributes().getNamedItem("points").getNodeValue();
            assertThat(points).isNotEmpty();
            for (String point : points.split(" ", -1)) {
                double[] xy = Arrays.stream(point.split(",", -1))
                        .mapToDouble(Double::parseDouble)
                        .toArray();
                assertThat(xy[0]).isBetween(70.0, 670.5);
                assertThat(xy[1]).isBetween(60.0, (double) height);
            }
        }
    }

    private static Comparison.Verdict verdict(Spread before, Spread now) {
        return Comparison.verdict(Figure.Better.LESS, before, now);
    }

    private static Report report(Run... runs) {
        return new Report("bench transcode", Map.of("CPU", "this"), Instant.EPOCH, List.of(runs));
    }

    private static Run run(double cpu, long delayMillis) {
        Run run = new Run();
        run.put(Figure.CALLS_OK, 40);
        run.put(Figure.CPU, cpu);
        Histogram delay = new Histogram();
        delay.add(delayMillis * 1_000_000);
        run.put(Figure.DELAY_TO_TRUNK, delay);
        return run;
    }
}
