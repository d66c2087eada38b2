package io.ringdown.gateway.signaling;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongFunction;

/**
 * What a session is told over all of its sockets: numbered from 1, and kept until it is known to have come. Bounded: what is
 * too much pushes out the oldest, and {@link #since} tells of the gap. Pure; one thread at a time.
 */
final class Replay {
    static final int MOST_MESSAGES = 256;
    static final int MOST_BYTES = 256 * 1024;

    private final ReplayBudget budget;
    private final Deque<Kept> kept = new ArrayDeque<>();
    private int bytes;
    private long last;
    // The number of the last that is kept no more; the ones before it are not either.
    private long dropped;

    private record Kept(long seq, String text, int bytes) {}

    /** What is to be said again, in order; whether something before it is kept no more. */
    record Missed(List<String> messages, boolean gap) {}

    /** {@code budget} is what all sessions together may keep. */
    Replay(ReplayBudget budget) {
        this.budget = budget;
    }

    /** Numbers a message, keeps what {@code write} makes of it with its number, and answers that. */
    String add(LongFunction<String> write) {
        long seq = ++last;
        String text = write.apply(seq);
        keep(new Kept(seq, text, text.getBytes(StandardCharsets.UTF_8).length));
        return text;
    }

    private void keep(Kept message) {
        while (!kept.isEmpty() && (kept.size() >= MOST_MESSAGES || bytes + message.bytes > MOST_BYTES)) {
            drop();
        }
        while (!budget.take(message.bytes)) {
            if (kept.isEmpty()) {
                dropped = message.seq;
                return;
            }
            drop();
        }
        kept.add(message);
        bytes += message.bytes;
    }

    private void drop() {
        Kept oldest = kept.remove();
        bytes -= oldest.bytes;
        budget.give(oldest.bytes);
        dropped = oldest.seq;
    }

    /** The client has taken everything up to this number. */
    void acknowledge(long seq) {
        while (!kept.isEmpty() && kept.element().seq <= seq) {
            drop();
        }
    }

    /** What comes after the last that the client has taken; nothing for one who does not say, and starts from how things are. */
    Missed since(OptionalLong received) {
        if (received.isEmpty()) {
            clear();
            return new Missed(List.of(), false);
        }
        acknowledge(received.getAsLong());
        return new Missed(kept.stream().map(Kept::text).toList(), dropped > received.getAsLong());
    }

    /** Nothing of it is wanted any more. */
    void clear() {
        acknowledge(last);
    }

    /** The number of the last message. */
    long last() {
        return last;
    }

    int keptMessages() {
        return kept.size();
    }

    int keptBytes() {
        return bytes;
    }
}
