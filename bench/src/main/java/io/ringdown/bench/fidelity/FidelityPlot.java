package io.ringdown.bench.fidelity;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** ESTOI over loss as SVG: a panel per study, a colour per setup, random losses as a line and bursts broken. Stateless. */
final class FidelityPlot {
    private static final int WIDTH = 500;
    private static final int HEIGHT = 330;
    private static final int LEFT = 44;
    private static final int TOP = 34;
    private static final int PLOT_WIDTH = WIDTH - LEFT - 16;
    private static final int PLOT_HEIGHT = HEIGHT - TOP - 44;
    private static final List<String> COLOURS =
            List.of("#b3261e", "#1f6feb", "#1a7f37", "#9a6700", "#8250df", "#57606a", "#bf3989", "#0a7ea4");

    private FidelityPlot() {}

    static String svg(Map<Study, List<Study.Row>> tables) {
        int most = tables.keySet().stream()
                .flatMap(study -> study.patterns().stream())
                .mapToInt(Pattern::loss)
                .max()
                .orElse(0);
        double least = tables.values().stream()
                .flatMap(List::stream)
                .flatMap(row -> row.scores().values().stream())
                .mapToDouble(Score::estoi)
                .min()
                .orElse(0);
        Axes axes = new Axes(Math.max(1, most), Math.max(0, Math.floor(least * 10) / 10));
        int lines = (tables.size() + 1) / 2;
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"11\">%n",
                2 * WIDTH,
                lines * HEIGHT));
        svg.append(String.format(
                Locale.ROOT, "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>%n", 2 * WIDTH, lines * HEIGHT));
        int number = 0;
        for (Map.Entry<Study, List<Study.Row>> table : tables.entrySet()) {
            svg.append(String.format(
                    Locale.ROOT, "<g transform=\"translate(%d,%d)\">%n", number % 2 * WIDTH, number / 2 * HEIGHT));
            axes.draw(svg, table.getKey().title());
            for (int i = 0; i < table.getValue().size(); i++) {
                Study.Row row = table.getValue().get(i);
                String colour = COLOURS.get(i % COLOURS.size());
                axes.line(svg, row, false, colour);
                axes.line(svg, row, true, colour);
                int y = TOP + PLOT_HEIGHT - 8 - 14 * (table.getValue().size() - 1 - i);
                svg.append(String.format(
                        Locale.ROOT,
                        "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>%n",
                        LEFT + 8,
                        y,
                        colour,
                        row.setup().name()));
            }
            svg.append("</g>\n");
            number++;
        }
        return svg.append("</svg>\n").toString();
    }

    /** What both directions of a panel mean. */
    private record Axes(int mostLoss, double leastEstoi) {
        void draw(StringBuilder svg, String title) {
            svg.append(
                    String.format(Locale.ROOT, "<text x=\"%d\" y=\"18\" font-weight=\"bold\">%s</text>%n", 10, title));
            for (int i = 0; i <= 10; i++) {
                double estoi = i / 10.0;
                if (estoi >= leastEstoi - 1e-9) {
                    svg.append(String.format(
                            Locale.ROOT,
                            "<path d=\"M%d %.1fh%d\" stroke=\"#d0d7de\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.1f</text>%n",
                            LEFT,
                            y(estoi),
                            PLOT_WIDTH,
                            LEFT - 6,
                            y(estoi) + 4,
                            estoi));
                }
            }
            for (int loss : List.of(0, 1, 3, 5, 10, 20, 30, 40, 50)) {
                if (loss <= mostLoss) {
                    svg.append(String.format(
                            Locale.ROOT,
                            "<path d=\"M%.1f %dv4\" stroke=\"#57606a\"/><text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>%n",
                            x(loss),
                            TOP + PLOT_HEIGHT,
                            x(loss),
                            TOP + PLOT_HEIGHT + 16,
                            loss));
                }
            }
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
                    LEFT + PLOT_WIDTH / 2,
                    TOP + PLOT_HEIGHT + 32,
                    "ESTOI over % of packets lost: at random (line), in bursts (broken)"));
        }

        void line(StringBuilder svg, Study.Row row, boolean bursts, String colour) {
            StringBuilder path = new StringBuilder();
            row.scores().forEach((pattern, score) -> {
                boolean isLossless = pattern.equals(new Pattern.Random(0));
                boolean belongs = switch (pattern) {
                    case Pattern.Random _ -> !bursts || isLossless;
                    case Pattern.Burst _ -> bursts;
                    case Pattern.Jitter _, Pattern.Reorder _ -> false;
                };
                if (belongs) {
                    path.append(String.format(
                            Locale.ROOT,
                            "%s%.1f %.1f",
                            path.isEmpty() ? "M" : "L",
                            x(pattern.loss()),
                            y(score.estoi())));
                }
            });
            svg.append(String.format(
                    Locale.ROOT,
                    "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.8\"%s/>%n",
                    path,
                    colour,
                    bursts ? " stroke-dasharray=\"5 3\"" : ""));
        }

        private double x(int loss) {
            return LEFT + (double) PLOT_WIDTH * loss / mostLoss;
        }

        private double y(double estoi) {
            return TOP + PLOT_HEIGHT * (1 - estoi) / (1 - leastEstoi);
        }
    }
}
