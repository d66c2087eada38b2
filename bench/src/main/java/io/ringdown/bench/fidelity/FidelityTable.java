package io.ringdown.bench.fidelity;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A study as text and as JSON. Stateless. */
final class FidelityTable {
    private FidelityTable() {}

    /** A row per setup: its ESTOI under each pattern, and the rest as it is under the first one. */
    static String text(Study study, List<Study.Row> rows) {
        int width = Math.max(
                8,
                rows.stream().mapToInt(row -> row.setup().name().length()).max().orElse(0));
        StringBuilder text = new StringBuilder(study.title()).append('\n');
        text.append(padded("ESTOI", width));
        study.patterns().forEach(pattern -> text.append("  ").append(padded(pattern.toString(), 9)));
        text.append("  | CPU ms/s  delay ms  gain dB  SNR dB  kbit/s\n");
        for (Study.Row row : rows) {
            text.append(padded(row.setup().name(), width));
            row.scores()
                    .values()
                    .forEach(score ->
                            text.append("  ").append(padded(String.format(Locale.ROOT, "%.3f", score.estoi()), 9)));
            text.append("  | ").append(rest(row)).append('\n');
        }
        return text.toString();
    }

    private static String rest(Study.Row row) {
        Map.Entry<Pattern, Score> first = row.scores().entrySet().iterator().next();
        Score score = first.getValue();
        boolean isLossless = first.getKey().loss() == 0;
        return String.format(
                Locale.ROOT,
                "%7.2f   %7.1f  %7.2f %7s %7.1f",
                meanCpu(row),
                score.delayMillis(),
                score.gainDb(),
                isLossless ? String.format(Locale.ROOT, "%.1f", score.snrDb()) : "-",
                score.kbps());
    }

    /** Over all patterns. */
    private static double meanCpu(Study.Row row) {
        return row.scores().values().stream()
                .mapToDouble(Score::cpuMillis)
                .average()
                .orElseThrow();
    }

    static Map<String, Object> json(Study study, List<Study.Row> rows) {
        List<Object> cells = new ArrayList<>();
        for (Study.Row row : rows) {
            row.scores().forEach((pattern, score) -> cells.add(cell(row.setup(), pattern, score)));
        }
        Map<String, Object> table = new LinkedHashMap<>();
        table.put("title", study.title());
        table.put("cells", cells);
        return table;
    }

    private static Map<String, Object> cell(Setup setup, Pattern pattern, Score score) {
        Map<String, Object> cell = new LinkedHashMap<>();
        cell.put("setup", setup.name());
        cell.put("pattern", pattern.toString());
        cell.put("estoi", rounded(score.estoi()));
        cell.put("estoiOfTheWorstTalker", rounded(score.lowestEstoi()));
        cell.put("cpuMillisPerCallSecond", rounded(score.cpuMillis()));
        cell.put("delayMillis", rounded(score.delayMillis()));
        cell.put("delaySpreadMillis", rounded(score.delaySpreadMillis()));
        cell.put("latePercent", rounded(score.latePercent()));
        cell.put("webKilobitsPerSecond", rounded(score.kbps()));
        if (pattern.equals(new Pattern.Random(0))) {
            cell.put("gainDecibels", rounded(score.gainDb()));
            cell.put("snrDecibels", rounded(score.snrDb()));
        }
        return cell;
    }

    private static double rounded(double value) {
        return Math.round(value * 1e4) / 1e4;
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
