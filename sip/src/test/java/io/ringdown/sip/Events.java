package io.ringdown.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a call's listener was told, in order. */
final class Events implements TrunkListener {
    private final BlockingQueue<TrunkEvent> queue = new LinkedBlockingQueue<>();
    private final List<TrunkEvent> seen = new ArrayList<>();

    @Override
    public void onEvent(TrunkEvent event) {
        queue.add(event);
    }

    /** The next event, which must be of this type; waits as long as any timer of SIP may take. */
    <T extends TrunkEvent> T next(Class<T> type) {
        try {
            TrunkEvent event = queue.poll(45, TimeUnit.SECONDS);
            if (event == null) {
                return fail("no " + type.getSimpleName() + " came after " + seen);
            }
            seen.add(event);
            assertThat(event).as("after %s", seen).isInstanceOf(type);
            return type.cast(event);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The next event of this type; others before it are passed over, unless they are final. */
    <T extends TrunkEvent> T until(Class<T> type) {
        while (true) {
            TrunkEvent event = next(TrunkEvent.class);
            if (type.isInstance(event)) {
                return type.cast(event);
            }
            assertThat(event)
                    .as("waiting for %s", type.getSimpleName())
                    .isNotInstanceOfAny(TrunkEvent.Failed.class, TrunkEvent.Ended.class);
        }
    }

    void assertNothingMore() {
        assertThat(queue).isEmpty();
    }
}
