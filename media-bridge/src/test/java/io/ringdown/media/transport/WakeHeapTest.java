package io.ringdown.media.transport;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class WakeHeapTest {

    @Test
    void theFirstIsAlwaysTheEarliestWhateverIsMovedAndRemoved() {
        long seed = 11;
        Random random = new Random(seed);
        WakeHeap<Integer> heap = new WakeHeap<>();
        List<WakeHeap.Entry<Integer>> present = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            int action = random.nextInt(10);
            if (present.isEmpty() || (action < 2 && present.size() < 200)) {
                WakeHeap.Entry<Integer> entry = new WakeHeap.Entry<>(i);
                present.add(entry);
                heap.update(entry, random.nextInt(1_000));
            } else if (action < 9) {
                heap.update(present.get(random.nextInt(present.size())), random.nextInt(1_000));
            } else {
                heap.remove(present.remove(random.nextInt(present.size())));
            }
            if (present.isEmpty()) {
                assertThat(heap.first()).isNull();
            } else {
                long earliest = present.stream()
                        .mapToLong(WakeHeap.Entry::wakeNanos)
                        .min()
                        .orElseThrow();
                assertThat(requireNonNull(heap.first()).wakeNanos())
                        .as("seed %d", seed)
                        .isEqualTo(earliest);
                assertThat(present).contains(requireNonNull(heap.first()));
            }
        }
    }

    @Test
    void removingTwiceDoesNothing() {
        WakeHeap<Integer> heap = new WakeHeap<>();
        WakeHeap.Entry<Integer> one = new WakeHeap.Entry<>(1);
        WakeHeap.Entry<Integer> two = new WakeHeap.Entry<>(2);
        heap.update(one, 1);
        heap.update(two, 2);
        heap.remove(one);
        heap.remove(one);
        assertThat(heap.first()).isEqualTo(two);
    }
}
