package io.ringdown.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.codec.OpusSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The figures of a run in order, as text and as JSON. One thread. */
final class Report {
    private final Map<String, Object> values = new LinkedHashMap<>();
    private boolean good = true;

    Report(String command) {
        put("command", command);
        put(
                "machine",
                cpu() + ", " + Runtime.getRuntime().availableProcessors() + " cores, " + System.getProperty("os.name")
                        + " " + System.getProperty("os.version") + ", Java " + Runtime.version());
        put("Opus", Codecs.load(OpusSettings.defaults()).describe());
    }

    void put(String name, Object value) {
        values.put(name, value);
    }

    /** The median and the tail. */
    void put(String name, Figures figures, String unit) {
        if (figures.count() == 0) {
            put(name, "none");
            return;
        }
        Map<String, Object> percentiles = new LinkedHashMap<>();
        percentiles.put("count", figures.count());
        percentiles.put("unit", unit);
        for (double percent : new double[] {50, 95, 99, 100}) {
            percentiles.put(percent == 100 ? "max" : "p" + (int) percent, rounded(figures.percentile(percent)));
        }
        values.put(name, percentiles);
    }

    /** A claim that must hold for the run to be good. */
    void require(String claim, boolean holds) {
        put(claim, holds ? "yes" : "NO");
        good &= holds;
    }

    boolean isGood() {
        return good;
    }

    static double rounded(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }

    String text() {
        StringBuilder text = new StringBuilder();
        values.forEach((name, value) -> text.append(String.format(Locale.ROOT, "%-44s %s%n", name, shown(value))));
        return text.toString();
    }

    void writeJson(Path file) throws IOException {
        Files.writeString(
                file,
                new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(values) + "\n");
    }

    private static String shown(Object value) {
        if (!(value instanceof Map<?, ?> percentiles)) {
            return String.valueOf(value);
        }
        return "p50 %s  p95 %s  p99 %s  max %s %s  (%s)"
                .formatted(
                        percentiles.get("p50"),
                        percentiles.get("p95"),
                        percentiles.get("p99"),
                        percentiles.get("max"),
                        percentiles.get("unit"),
                        percentiles.get("count"));
    }

    private static String cpu() {
        try {
            List<String> lines = Files.readAllLines(Path.of("/proc/cpuinfo"));
            return lines.stream()
                    .filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }
}
