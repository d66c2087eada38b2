package io.ringdown.gateway.routing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/** In which order the trunks of a rule are tried: by cost where asked, by order, and by chance where both are equal. */
final class TrunkOrder {
    private record Place(TrunkChoice choice, double cost, int order) {}

    private TrunkOrder() {}

    static List<String> of(RouteRule rule, RandomGenerator random) {
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < rule.trunks().size(); i++) {
            TrunkChoice choice = rule.trunks().get(i);
            double cost = rule.cheapestFirst() ? choice.cost().orElse(Double.MAX_VALUE) : 0;
            places.add(new Place(choice, cost, choice.order().orElse(i)));
        }
        Comparator<Place> byPlace = Comparator.comparingDouble(Place::cost).thenComparingInt(Place::order);
        places.sort(byPlace);
        List<String> trunks = new ArrayList<>();
        for (int begin = 0; begin < places.size(); ) {
            int end = begin + 1;
            while (end < places.size() && byPlace.compare(places.get(begin), places.get(end)) == 0) {
                end++;
            }
            draw(new ArrayList<>(places.subList(begin, end)), random, trunks);
            begin = end;
        }
        return trunks;
    }

    /** One after the other, each as likely as its weight among those left (as RFC 2782 does). */
    private static void draw(List<Place> equals, RandomGenerator random, List<String> into) {
        while (!equals.isEmpty()) {
            int all = equals.stream().mapToInt(place -> place.choice.weight()).sum();
            int drawn = equals.size() == 1 ? 0 : random.nextInt(all);
            int index = 0;
            while (drawn >= equals.get(index).choice.weight()) {
                drawn -= equals.get(index).choice.weight();
                index++;
            }
            into.add(equals.remove(index).choice.trunk());
        }
    }
}
