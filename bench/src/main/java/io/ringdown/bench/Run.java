package io.ringdown.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one run found out. One thread. */
final class Run {
    /** The name of a figure's only value. */
    static final String ALONE = "";

    private final Map<Figure, Map<String, Double>> figures = new EnumMap<>(Figure.class);
    private final Map<String, String> notes = new LinkedHashMap<>();
    private final List<String> voids = new ArrayList<>();
    private final List<String> disturbances = new ArrayList<>();
    private final List<Plot.Panel> panels = new ArrayList<>();
    private boolean good = true;

    void put(Figure figure, double value) {
        if (Double.isFinite(value)) {
            figures.put(figure, Map.of(ALONE, value));
        }
    }

    void put(Figure figure, long value) {
        put(figure, (double) value);
    }

    /** Its median and its tail, in milliseconds; nothing of nothing. */
    void put(Figure figure, Histogram histogram) {
        if (histogram.count() == 0) {
            return;
        }
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("p50", histogram.percentileMillis(50));
        values.put("p95", histogram.percentileMillis(95));
        values.put("p99", histogram.percentileMillis(99));
        values.put("p99.9", histogram.percentileMillis(99.9));
        values.put("max", histogram.percentileMillis(100));
        values.put("count", (double) histogram.count());
        figures.put(figure, values);
    }

    void note(String name, Object value) {
        notes.put(name, String.valueOf(value));
    }

    /** A claim that must hold for the run to be good. */
    void require(String claim, boolean holds) {
        note(claim, holds ? "yes" : "NO");
        good &= holds;
    }

    /** The figures mean nothing, for this reason. */
    void isVoid(String why) {
        voids.add(why);
    }

    /** The figures mean less than they should, for this reason. */
    void isDisturbed(String why) {
        disturbances.add(why);
    }

    void draw(Plot.Panel panel) {
        panels.add(panel);
    }

    Map<Figure, Map<String, Double>> figures() {
        return figures;
    }

    Map<String, String> notes() {
        return notes;
    }

    List<String> voids() {
        return voids;
    }

    List<String> disturbances() {
        return disturbances;
    }

    List<Plot.Panel> panels() {
        return panels;
    }

    boolean isGood() {
        return good;
    }
}
