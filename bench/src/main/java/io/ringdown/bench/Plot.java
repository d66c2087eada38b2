package io.ringdown.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Curves as SVG, one panel below the other; drawn by hand, so that a report needs nothing but a browser. */
final class Plot {
    private static final int WIDTH = 880;
    private static final int PANEL = 250;
    private static final int LEFT = 70;
    private static final int RIGHT = 210;
    private static final int TOP = 34;
    private static final int BOTTOM = 42;
    private static final int TICKS = 5;
    private static final String[] COLOURS = {"#1f5fa8", "#c4411a", "#2b8a3e", "#7a3fa0", "#8a6d00", "#00798c"};

    /** One set of points; the arrays are as long as each other. */
    @SuppressWarnings("ArrayRecordComponent") // drawn and written, never compared
    record Curve(String name, double[] xs, double[] ys) {}

    /** Curves over one pair of axes; {@code nines} draws x as percentiles, each nine as far from the one before, and y by
     * decades. */
    record Panel(String title, String x, String y, boolean nines, List<Curve> curves) {
        Panel {
            curves = List.copyOf(curves);
        }
    }

    private Plot() {}

    /** The whole picture; the subtitle says where the figures are from. */
    static String svg(String title, String subtitle, List<Panel> panels) {
        int height = 60 + panels.size() * PANEL;
        StringBuilder svg = new StringBuilder();
        add(
                svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                        + " font-family=\"sans-serif\" font-size=\"12\">",
                WIDTH,
                height,
                WIDTH,
                height);
        add(svg, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>", WIDTH, height);
        add(svg, "<text x=\"16\" y=\"24\" font-size=\"16\" font-weight=\"bold\">%s</text>", escaped(title));
        add(svg, "<text x=\"16\" y=\"44\" fill=\"#555\">%s</text>", escaped(subtitle));
        for (int i = 0; i < panels.size(); i++) {
            panel(svg, panels.get(i), 60 + i * PANEL);
        }
        return svg.append("</svg>\n").toString();
    }

    /** The delays of a histogram as a curve over percentiles. */
    static Curve percentiles(String name, Histogram histogram) {
        List<Double> at = new ArrayList<>();
        for (double nines = 0; nines <= 4.001; nines += 0.1) {
            double percent = 100 * (1 - Math.pow(10, -nines));
            if (histogram.count() * (1 - percent / 100) >= 1) {
                at.add(percent);
            }
        }
        double[] xs = at.stream().mapToDouble(Double::doubleValue).toArray();
        return new Curve(
                name, xs, Arrays.stream(xs).map(histogram::percentileMillis).toArray());
    }

    private static void panel(StringBuilder svg, Panel panel, int y) {
        Axis across = Axis.of(
                panel.curves().stream()
                        .flatMapToDouble(curve -> Arrays.stream(curve.xs()))
                        .map(x -> panel.nines() ? nines(x) : x)
                        .toArray(),
                false);
        double[] heights = panel.curves().stream()
                .flatMapToDouble(curve -> Arrays.stream(curve.ys()))
                .map(value -> panel.nines() ? decades(value) : value)
                .toArray();
        Axis up = panel.nines() ? Axis.ofDecades(heights) : Axis.of(heights, true);
        int width = WIDTH - LEFT - RIGHT;
        int height = PANEL - TOP - BOTTOM;
        int base = y + TOP + height;
        add(svg, "<text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s</text>", LEFT, y + TOP - 12, escaped(panel.title()));
        for (double tick : up.ticks()) {
            double at = base - up.share(tick) * height;
            add(svg, "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>", LEFT, LEFT + width, at, at);
            add(
                    svg,
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
                    LEFT - 6,
                    at + 4,
                    Report.number(panel.nines() ? Math.pow(10, tick) : tick));
        }
        double[] ticks = panel.nines() ? new double[] {0, 1, 2, 3, 4} : across.ticks();
        for (double tick : ticks) {
            if (tick > across.max()) {
                continue;
            }
            String label = panel.nines() ? Report.number(100 * (1 - Math.pow(10, -tick))) : Report.number(tick);
            add(
                    svg,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                    LEFT + across.share(tick) * width,
                    base + 16,
                    label);
        }
        add(svg, "<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" stroke=\"#333\"/>", LEFT, LEFT + width, base, base);
        add(
                svg,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" fill=\"#555\">%s</text>",
                LEFT + width / 2,
                base + 32,
                escaped(panel.x()));
        add(
                svg,
                "<text x=\"14\" y=\"%d\" fill=\"#555\" transform=\"rotate(-90 14 %d)\" text-anchor=\"middle\">%s</text>",
                y + TOP + height / 2,
                y + TOP + height / 2,
                escaped(panel.y()));
        for (int i = 0; i < panel.curves().size(); i++) {
            Curve curve = panel.curves().get(i);
            String colour = COLOURS[i % COLOURS.length];
            StringBuilder points = new StringBuilder();
            for (int k = 0; k < curve.xs().length; k++) {
                if (Double.isFinite(curve.ys()[k])) {
                    double x = panel.nines() ? nines(curve.xs()[k]) : curve.xs()[k];
                    add(
                            points,
                            "%.1f,%.1f ",
                            LEFT + across.share(x) * width,
                            base - up.share(panel.nines() ? decades(curve.ys()[k]) : curve.ys()[k]) * height);
                }
            }
            add(
                    svg,
                    "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.6\" points=\"%s\"/>",
                    colour,
                    points.toString().strip());
            add(
                    svg,
                    "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>",
                    LEFT + width + 14,
                    y + TOP + 12 + 18 * i,
                    colour,
                    escaped(curve.name()));
        }
    }

    private static double nines(double percent) {
        return -Math.log10(Math.max(1e-6, 1 - percent / 100));
    }

    private static double decades(double value) {
        return Math.log10(Math.max(1e-3, value));
    }

    /** From where to where, and what is written beside. */
    private record Axis(double min, double max, double step) {
        static Axis of(double[] values, boolean fromZero) {
            double min = Arrays.stream(values).filter(Double::isFinite).min().orElse(0);
            double max = Arrays.stream(values).filter(Double::isFinite).max().orElse(1);
            // a scale that begins at zero exaggerates nothing; memory that hardly changes shows nothing on one
            double from = fromZero && min < max * 0.9 ? 0 : fromZero ? min * 0.9 : min;
            double range = Math.max(max - from, 1e-9);
            double raw = range / TICKS;
            double size = Math.pow(10, Math.floor(Math.log10(raw)));
            double step = raw / size <= 1 ? size : raw / size <= 2 ? 2 * size : raw / size <= 5 ? 5 * size : 10 * size;
            return fromZero
                    ? new Axis(Math.floor(from / step) * step, Math.ceil(max / step) * step, step)
                    : new Axis(min, min + range, step);
        }

        static Axis ofDecades(double[] values) {
            double min = Arrays.stream(values).filter(Double::isFinite).min().orElse(0);
            double max = Arrays.stream(values).filter(Double::isFinite).max().orElse(1);
            return new Axis(Math.floor(min), Math.max(Math.floor(min) + 1, Math.ceil(max)), 1);
        }

        double share(double value) {
            return (value - min) / Math.max(max - min, 1e-12);
        }

        double[] ticks() {
            int first = (int) Math.ceil(min / step - 1e-9);
            int last = (int) Math.floor(max / step + 1e-9);
            double[] ticks = new double[Math.max(0, last - first + 1)];
            for (int i = 0; i < ticks.length; i++) {
                ticks[i] = Math.round((first + i) * step * 1e9) / 1e9;
            }
            return ticks;
        }
    }

    @SuppressWarnings("AnnotateFormatMethod") // its annotation would be a dependency
    private static void add(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append(format.endsWith(" ") ? "" : "\n");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
