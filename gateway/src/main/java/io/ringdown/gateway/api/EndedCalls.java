package io.ringdown.gateway.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringdown.gateway.call.CallBook;
import io.ringdown.gateway.call.CallRecord;
import io.ringdown.gateway.journal.RecordLine;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The records of calls that have ended lately, for who began one and asks what became of it. Thread-safe. */
public final class EndedCalls implements CallBook {
    private static final int MOST = 10_000;
    private static final long KEPT = Duration.ofMinutes(10).toNanos();

    private final LongSupplier clock;
    private final LinkedHashMap<String, Ended> byId = new LinkedHashMap<>();

    private record Ended(long at, ObjectNode record) {}

    /** By this clock: nanoseconds, steady. */
    public EndedCalls(LongSupplier clock) {
        this.clock = clock;
    }

    @Override
    public void accept(CallRecord record) {
        Ended ended = new Ended(clock.getAsLong(), RecordLine.of(record).object());
        synchronized (byId) {
            byId.put(record.id().hex(), ended);
            Iterator<Ended> all = byId.values().iterator();
            while (all.hasNext()) {
                Ended oldest = all.next();
                if (byId.size() <= MOST && ended.at() - oldest.at() < KEPT) {
                    return;
                }
                all.remove();
            }
        }
    }

    /** The record of the call of this id; empty if it has not ended, or longer ago. */
    Optional<ObjectNode> record(String id) {
        synchronized (byId) {
            return Optional.ofNullable(byId.get(id))
                    .filter(ended -> clock.getAsLong() - ended.at() < KEPT)
                    .map(Ended::record);
        }
    }
}
