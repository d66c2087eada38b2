package io.ringdown.sip.locate;

import io.ringdown.sip.SipTransport;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Where a trunk is: what the DNS said, before it is drawn from.
 *
 * @param places in no particular order
 */
public record Location(List<Place> places) {
    /** Nobody knows where. */
    public static final Location UNKNOWN = new Location(List.of());

    /**
     * One server.
     *
     * @param tier of the transport: the order of NAPTR, or ours
     * @param priority of SRV: lower ones first
     * @param weight of SRV: its share among those of its priority
     * @param host its name, for the debug state
     * @param port its port
     * @param transport what it speaks
     * @param addresses its addresses, the preferred first
     */
    public record Place(
            int tier,
            int priority,
            int weight,
            String host,
            int port,
            SipTransport transport,
            List<InetAddress> addresses) {
        public Place {
            addresses = List.copyOf(addresses);
        }
    }

    public Location {
        places = places.stream().filter(p -> !p.addresses().isEmpty()).toList();
    }

    /** The targets in the order in which one request tries them: by transport, priority, and drawn by weight (RFC 2782). */
    public List<Target> order(RandomGenerator random) {
        List<Place> left = new ArrayList<>(places);
        left.sort(Comparator.comparingInt(Place::tier).thenComparingInt(Place::priority));
        Set<Target> ordered = new LinkedHashSet<>();
        while (!left.isEmpty()) {
            Place first = left.getFirst();
            List<Place> equals = left.stream()
                    .filter(p -> p.tier() == first.tier() && p.priority() == first.priority())
                    .toList();
            Place drawn = draw(equals, random);
            left.remove(drawn);
            drawn.addresses().forEach(a -> ordered.add(new Target(a, drawn.port(), drawn.transport())));
        }
        return List.copyOf(ordered);
    }

    // RFC 2782: those of weight 0 stand first, a number from 0 to the sum inclusive is drawn, and the first whose
    // running
    // sum reaches it is taken. So weight 0 has a small chance beside others.
    private static Place draw(List<Place> equals, RandomGenerator random) {
        List<Place> lightFirst = new ArrayList<>(equals);
        lightFirst.sort(Comparator.comparingInt(p -> p.weight() == 0 ? 0 : 1));
        int sum = equals.stream().mapToInt(Place::weight).sum();
        int drawn = random.nextInt(sum + 1);
        int running = 0;
        for (Place place : lightFirst) {
            running += place.weight();
            if (running >= drawn) {
                return place;
            }
        }
        throw new IllegalStateException("a draw beyond the sum");
    }

    /** Every address there is. */
    public Set<InetAddress> addresses() {
        Set<InetAddress> all = new LinkedHashSet<>();
        places.forEach(place -> all.addAll(place.addresses()));
        return all;
    }

    /** Whether one of the targets is this address and port, whatever carries it. */
    public boolean has(InetAddress address, int port) {
        return places.stream()
                .anyMatch(place -> place.port() == port && place.addresses().contains(address));
    }
}
