package io.ringdown.bench;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The median of some runs, with the least and the most. */
record Spread(double median, double min, double max, int runs) {

    static Spread of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return new Spread(
                sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2,
                sorted[0],
                sorted[sorted.length - 1],
                sorted.length);
    }

    /** Of every value that each of the runs has. */
    static Map<Figure, Map<String, Spread>> of(List<Run> runs) {
        Map<Figure, Map<String, Spread>> spreads = new EnumMap<>(Figure.class);
        for (Figure figure : Figure.values()) {
            if (runs.isEmpty() || !runs.stream().allMatch(run -> run.figures().containsKey(figure))) {
                continue;
            }
            Map<String, Spread> named = new LinkedHashMap<>();
            for (String name :
                    runs.getFirst().figures().getOrDefault(figure, Map.of()).keySet()) {
                named.put(
                        name,
                        of(runs.stream()
                                .mapToDouble(run -> run.figures()
                                        .getOrDefault(figure, Map.of())
                                        .getOrDefault(name, Double.NaN))
                                .toArray()));
            }
            spreads.put(figure, named);
        }
        return spreads;
    }

    /** Whether both lie apart even by their extremes, of three runs or more each. */
    boolean isApartFrom(Spread other) {
        return runs >= 3 && other.runs >= 3 && (min > other.max || max < other.min);
    }
}
