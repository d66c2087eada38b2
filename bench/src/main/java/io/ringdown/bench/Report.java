package io.ringdown.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.codec.OpusSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The figures of one or more runs in order, as text and as JSON. */
record Report(String command, Map<String, String> machine, Instant at, List<Run> runs) {
    Report {
        runs = List.copyOf(runs);
    }

    /** Of these runs, on this machine, now. */
    static Report of(String command, List<Run> runs) {
        return new Report(command, thisMachine(), Instant.now().truncatedTo(ChronoUnit.SECONDS), runs);
    }

    /** What figures depend on. */
    static Map<String, String> thisMachine() {
        Map<String, String> machine = new LinkedHashMap<>();
        machine.put("CPU", ProcFs.cpuModel());
        machine.put("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
        machine.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        machine.put("Java", System.getProperty("java.vm.name") + " " + Runtime.version());
        machine.put("Opus", Codecs.load(OpusSettings.defaults()).describe());
        return machine;
    }

    boolean isGood() {
        return runs.stream().allMatch(Run::isGood);
    }

    boolean isVoid() {
        return runs.stream().anyMatch(run -> !run.voids().isEmpty());
    }

    Map<Figure, Map<String, Spread>> spreads() {
        return Spread.of(runs);
    }

    String text() {
        StringBuilder text = new StringBuilder();
        line(text, "command", command);
        line(text, "at", at.toString());
        machine.forEach((name, value) -> line(text, name, value));
        if (runs.size() > 1) {
            line(text, "runs", "medians of " + runs.size() + " (least to most)");
        }
        spreads().forEach((figure, values) -> line(text, figure.label(), shown(figure, values)));
        for (int i = 0; i < runs.size(); i++) {
            String which = runs.size() > 1 ? "run " + (i + 1) + ": " : "";
            Run run = runs.get(i);
            run.notes().forEach((name, value) -> line(text, which + name, value));
            run.disturbances().forEach(why -> line(text, which + "DISTURBED", why));
            run.voids().forEach(why -> line(text, which + "VOID", why));
        }
        return text.toString();
    }

    void writeJson(Path file) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("command", command);
        json.put("at", at.toString());
        json.put("machine", machine);
        json.put("void", isVoid());
        json.put("good", isGood());
        Map<String, Object> figures = new LinkedHashMap<>();
        spreads().forEach((figure, values) -> {
            Map<String, Object> named = new LinkedHashMap<>();
            named.put("label", figure.label());
            named.put("unit", figure.unit());
            named.put("values", values);
            figures.put(figure.key(), named);
        });
        json.put("figures", figures);
        json.put(
                "runs",
                runs.stream()
                        .map(run -> {
                            Map<String, Object> one = new LinkedHashMap<>();
                            Map<String, Object> own = new LinkedHashMap<>();
                            run.figures().forEach((figure, values) -> own.put(figure.key(), values));
                            one.put("figures", own);
                            one.put("notes", run.notes());
                            one.put("disturbed", run.disturbances());
                            one.put("void", run.voids());
                            one.put("panels", run.panels());
                            return one;
                        })
                        .toList());
        Files.writeString(
                file,
                new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(json) + "\n");
    }

    /** With as many digits as one wants to read. */
    static String number(double value) {
        if (!Double.isFinite(value)) {
            return "none";
        }
        if (value == Math.rint(value) && Math.abs(value) < 1e12) {
            return String.valueOf((long) value);
        }
        double size = Math.abs(value);
        return String.format(
                Locale.ROOT, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f", value);
    }

    private static String shown(Figure figure, Map<String, Spread> values) {
        String unit = figure.unit().isEmpty() ? "" : " " + figure.unit();
        Spread alone = values.get(Run.ALONE);
        if (alone != null) {
            return shown(alone) + unit;
        }
        StringBuilder text = new StringBuilder();
        values.forEach((name, spread) -> {
            if (!name.equals("count")) {
                text.append(name).append(' ').append(shown(spread)).append("  ");
            }
        });
        Spread count = values.getOrDefault("count", Spread.of(0));
        return text.toString().strip() + unit + "  (" + number(count.median()) + ")";
    }

    private static String shown(Spread spread) {
        return spread.runs() == 1
                ? number(spread.median())
                : number(spread.median()) + " (" + number(spread.min()) + " to " + number(spread.max()) + ")";
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "%-44s %s%n", name, value));
    }
}
