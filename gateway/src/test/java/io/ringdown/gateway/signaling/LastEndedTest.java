package io.ringdown.gateway.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.gateway.call.CallId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LastEndedTest {

    @Test
    void theOldestMakesRoom() {
        LastEnded last = new LastEnded(3);
        List<CallId> ids = IntStream.range(0, 10)
                .mapToObj(i -> CallId.of("%032x".formatted(i)).orElseThrow())
                .toList();
        List<CallId> forgotten = new ArrayList<>();
        ids.forEach(id -> last.add(id).ifPresent(forgotten::add));
        assertThat(forgotten).isEqualTo(ids.subList(0, 7));
    }
}
