package io.ringdown.sip.locate;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.SipTransport;
import io.ringdown.sip.locate.Location.Place;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The draw of RFC 2782. */
final class LocationTest {

    private static Place place(int priority, int weight, int port) {
        return new Place(0, priority, weight, "h", port, SipTransport.UDP, List.of(InetAddress.ofLiteral("192.0.2.1")));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void equalPrioritiesShareByWeight(long seed) {
        int[] weights = {60, 30, 10};
        Location location = new Location(List.of(place(1, 60, 1), place(1, 30, 2), place(1, 10, 3), place(2, 99, 4)));
        Map<Integer, Integer> first = new HashMap<>();
        Random random = new Random(seed);
        int calls = 20_000;
        for (int i = 0; i < calls; i++) {
            first.merge(location.order(random).getFirst().port(), 1, Integer::sum);
        }
        double chiSquare = 0;
        for (int i = 0; i < weights.length; i++) {
            double expected = calls * weights[i] / 100.0;
            double off = first.getOrDefault(i + 1, 0) - expected;
            chiSquare += off * off / expected;
        }
        // RFC 2782 draws from 0 to the sum inclusive, which favours the first by less than a percent: hence not 5.99.
        assertThat(chiSquare).as("chi-square of %s, seed %d", first, seed).isLessThan(20);
        assertThat(first).doesNotContainKey(4);
    }

    @Test
    void everyPlaceIsThereOnceAndPrioritiesRise() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            List<Place> places = new ArrayList<>();
            int size = 1 + random.nextInt(12);
            for (int i = 0; i < size; i++) {
                places.add(place(random.nextInt(3), random.nextInt(4) * random.nextInt(65_536) / 3, i + 1));
            }
            List<Target> order = new Location(places).order(random);
            assertThat(order).as("seed %d", seed).doesNotHaveDuplicates().hasSize(size);
            List<Integer> priorities = order.stream()
                    .map(target -> places.get(target.port() - 1).priority())
                    .toList();
            assertThat(priorities).as("seed %d", seed).isSorted();
        }
    }

    @Test
    void placesWithoutWeightAreDrawnToo() {
        Location location = new Location(List.of(place(1, 0, 1), place(1, 0, 2)));
        assertThat(location.order(new Random(1))).hasSize(2);
    }
}
