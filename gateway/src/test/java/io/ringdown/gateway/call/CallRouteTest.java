package io.ringdown.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.gateway.tokens.Grant;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CallRouteTest {
    private static final Asker ALICE = new Asker("alice", Grant.ALL, InetAddress.getLoopbackAddress());
    private static final List<String> ALL = List.of("a", "b", "c", "d", "e");

    @Test
    void trunksThatCannotBeReachedComeLastAndNothingElseChanges() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 1000; i++) {
            List<String> order = new ArrayList<>(ALL.subList(0, 1 + random.nextInt(ALL.size())));
            Collections.shuffle(order, random);
            Set<String> reachable = new HashSet<>(ALL);
            reachable.removeIf(_ -> random.nextBoolean());
            CallRoute route = new CallRoute(
                    order, Set.of(404), Optional.of(ALICE), random.nextBoolean(), Optional.of(Duration.ofHours(1)));
            CallRoute now = route.reachableFirst(reachable::contains);
            List<String> first = order.stream().filter(reachable::contains).toList();
            List<String> last =
                    order.stream().filter(trunk -> !reachable.contains(trunk)).toList();
            assertThat(now.trunks().subList(0, first.size()))
                    .as("-Dseed=%d: %s of %s", seed, reachable, order)
                    .isEqualTo(first);
            assertThat(now.trunks().subList(first.size(), order.size()))
                    .as("-Dseed=%d: %s of %s", seed, reachable, order)
                    .isEqualTo(last);
            assertThat(now)
                    .isEqualTo(new CallRoute(
                            now.trunks(), Set.of(404), Optional.of(ALICE), route.emergency(), route.longest()));
        }
    }
}
