package io.ringdown.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What a change did: the figures of an earlier file beside those of a later one, and which differences are more than noise. */
record Comparison(Reading before, Reading now) {
    private static final double WORTH_TELLING = 0.01; // of the value: less is nobody's concern

    /** What a file of figures says. */
    record Reading(
            String command,
            String at,
            Map<String, String> machine,
            boolean isVoid,
            Map<Figure, Map<String, Spread>> figures) {

        static Reading of(Path file) throws IOException {
            JsonNode json = new ObjectMapper().readTree(file.toFile());
            if (json == null || !json.path("figures").isObject()) {
                throw new IOException(file + " holds no figures; bench writes such files with --json");
            }
            Map<Figure, Map<String, Spread>> figures = new LinkedHashMap<>();
            for (Figure figure : Figure.values()) {
                JsonNode values = json.path("figures").path(figure.key()).path("values");
                Map<String, Spread> named = new LinkedHashMap<>();
                values.properties()
                        .forEach(value -> named.put(
                                value.getKey(),
                                new Spread(
                                        value.getValue().path("median").asDouble(),
                                        value.getValue().path("min").asDouble(),
                                        value.getValue().path("max").asDouble(),
                                        value.getValue().path("runs").asInt())));
                if (!named.isEmpty()) {
                    figures.put(figure, named);
                }
            }
            Map<String, String> machine = new LinkedHashMap<>();
            json.path("machine")
                    .properties()
                    .forEach(entry ->
                            machine.put(entry.getKey(), entry.getValue().asText()));
            return new Reading(
                    json.path("command").asText(),
                    json.path("at").asText(),
                    machine,
                    json.path("void").asBoolean(),
                    figures);
        }

        static Reading of(Report report) {
            return new Reading(
                    report.command(), report.at().toString(), report.machine(), report.isVoid(), report.spreads());
        }
    }

    /** What is to be said of a difference. */
    enum Verdict {
        BETTER("better"),
        WORSE("WORSE"),
        OTHER("other"),
        NOISE("within the noise"),
        UNKNOWN("too few runs to tell");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }
    }

    String text() {
        StringBuilder text = new StringBuilder();
        add(text, "before: %s (%s)%s%n", before.command(), before.at(), before.isVoid() ? "  VOID" : "");
        add(text, "now:    %s (%s)%s%n", now.command(), now.at(), now.isVoid() ? "  VOID" : "");
        before.machine().forEach((name, value) -> {
            String other = now.machine().getOrDefault(name, "");
            if (!value.equals(other)) {
                add(text, "other %s: %s, now %s%n", name, value, other);
            }
        });
        add(text, "%n%-52s %22s %22s %9s%n", "median (half the spread)", "before", "now", "change");
        for (Figure figure : Figure.values()) {
            Map<String, Spread> earlier = before.figures().getOrDefault(figure, Map.of());
            Map<String, Spread> later = now.figures().getOrDefault(figure, Map.of());
            earlier.forEach((name, spread) -> {
                Spread other = later.get(name);
                if (other != null && !name.equals("count")) {
                    row(text, figure, name, spread, other);
                }
            });
        }
        return text.toString();
    }

    private static void row(StringBuilder text, Figure figure, String name, Spread before, Spread now) {
        String label = figure.label()
                + (name.isEmpty() ? "" : " " + name)
                + (figure.unit().isEmpty() ? "" : ", " + figure.unit());
        double change = (now.median() - before.median()) / Math.abs(before.median()) * 100;
        add(
                text,
                "%-52s %22s %22s %9s  %s%n",
                label,
                shown(before),
                shown(now),
                Double.isFinite(change) ? String.format(Locale.ROOT, "%+.1f %%", change) : "",
                verdict(figure.better(), before, now).words);
    }

    /** More than noise is what lies apart even by its extremes. */
    static Verdict verdict(Figure.Better better, Spread before, Spread now) {
        double difference = now.median() - before.median();
        if (Math.abs(difference) <= WORTH_TELLING * Math.abs(before.median())) {
            return Verdict.NOISE;
        }
        if (before.runs() < 3 || now.runs() < 3) {
            return Verdict.UNKNOWN;
        }
        if (!before.isApartFrom(now)) {
            return Verdict.NOISE;
        }
        return switch (better) {
            case NEITHER -> Verdict.OTHER;
            case LESS -> difference < 0 ? Verdict.BETTER : Verdict.WORSE;
            case MORE -> difference > 0 ? Verdict.BETTER : Verdict.WORSE;
        };
    }

    private static String shown(Spread spread) {
        return Report.number(spread.median())
                + (spread.runs() == 1 ? "" : " (±" + Report.number((spread.max() - spread.min()) / 2) + ")");
    }

    @SuppressWarnings("AnnotateFormatMethod") // its annotation would be a dependency
    private static void add(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values));
    }
}
