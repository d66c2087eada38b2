package io.ringdown.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class UfragTableTest {

    @Test
    void itAnswersAsAMapDoesWhateverComesAndGoes() {
        long seed = 3;
        Random random = new Random(seed);
        UfragTable<String> table = new UfragTable<>();
        Map<Long, String> map = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            long key = random.nextInt(2_000) * 0x100000001L; // many collide
            switch (random.nextInt(3)) {
                case 0 -> {
                    table.put(key, "call " + i);
                    map.put(key, "call " + i);
                }
                case 1 -> {
                    table.remove(key);
                    map.remove(key);
                }
                default -> assertThat(table.get(key)).as("seed %d", seed).isEqualTo(map.get(key));
            }
            assertThat(table.size()).isEqualTo(map.size());
        }
    }
}
