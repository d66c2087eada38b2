package io.ringdown.gateway.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * That a call went to somebody else in the house.
 *
 * @param to the user who has had it from then on
 * @param after how long after its first event
 */
public record HandedOver(String to, Duration after) {
    private static final int MOST = 16;

    /** These, and this one; of too many the latest. */
    static List<HandedOver> with(List<HandedOver> before, HandedOver last) {
        List<HandedOver> all = new ArrayList<>(before);
        all.add(last);
        return List.copyOf(all.subList(Math.max(0, all.size() - MOST), all.size()));
    }
}
