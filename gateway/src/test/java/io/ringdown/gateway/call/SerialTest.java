package io.ringdown.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SerialTest {

    @Test
    void aStepThatFailsDoesNotStopThoseBehindIt() {
        List<String> done = new ArrayList<>();
        Serial serial = new Serial(Runnable::run);
        serial.execute(() -> {
            serial.execute(() -> done.add("behind it"));
            throw new IllegalStateException("broken on purpose");
        });
        serial.execute(() -> done.add("later"));
        assertThat(done).containsExactly("behind it", "later");
        assertThat(serial.depth()).isZero();
    }
}
