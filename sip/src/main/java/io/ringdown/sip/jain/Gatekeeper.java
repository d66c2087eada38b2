package io.ringdown.sip.jain;

import io.ringdown.sip.SipTransport;
import io.ringdown.sip.dialog.MessageGuard;
import io.ringdown.sip.dialog.MessageHead;
import io.ringdown.sip.dialog.SourceRate;
import io.ringdown.sip.jain.Counters.Counter;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Decides before the stack sees a byte whether a message may come in. Safe for all threads. */
final class Gatekeeper {
    private final Predicate<InetAddress> known;
    private final SourceRate rate;
    private final int maxConnectionsPerSource;
    private final Counters counters;
    private final Supplier<String> tags;

    /**
     * Makes it.
     *
     * @param tags gives unguessable tags
     */
    Gatekeeper(
            Predicate<InetAddress> known,
            int perSecond,
            int maxConnectionsPerSource,
            Counters counters,
            Supplier<String> tags) {
        this.tags = tags;
        this.known = known;
        this.rate = new SourceRate(perSecond);
        this.maxConnectionsPerSource = maxConnectionsPerSource;
        this.counters = counters;
    }

    Counters counters() {
        return counters;
    }

    int maxConnectionsPerSource() {
        return maxConnectionsPerSource;
    }

    boolean isKnown(InetAddress source) {
        if (known.test(source)) {
            return true;
        }
        counters.count(Counter.DROPPED_UNKNOWN_SOURCE);
        return false;
    }

    /**
     * Judges one whole message of a known source.
     *
     * @param transport which it came over
     */
    Judgement judge(InetAddress source, byte[] bytes, int offset, int length, SipTransport transport) {
        if (!rate.pass(source, System.nanoTime())) {
            counters.count(Counter.DROPPED_RATE);
            return Judgement.DROPPED;
        }
        Counter counter = switch (MessageGuard.judge(bytes, offset, length)) {
            case PASS -> Counter.MESSAGES_IN;
            case KEEP_ALIVE -> Counter.KEEP_ALIVES;
            case TOO_LARGE -> Counter.DROPPED_TOO_LARGE;
            case CONTROL_CHARACTER -> Counter.DROPPED_CONTROL_CHARACTER;
            case TOO_MANY_HEADERS -> Counter.DROPPED_TOO_MANY_HEADERS;
            case NOT_SIP -> Counter.DROPPED_NOT_SIP;
        };
        counters.count(counter);
        return switch (counter) {
            case KEEP_ALIVES, DROPPED_TOO_LARGE -> Judgement.DROPPED;
            case MESSAGES_IN -> {
                MessageHead head = MessageHead.of(bytes, offset, length);
                OptionalInt fault = head.fault(transport.name());
                if (fault.isEmpty()) {
                    yield Judgement.ADMITTED;
                }
                counters.count(Counter.MALFORMED);
                yield refused(head, fault.getAsInt());
            }
            default -> refused(MessageHead.of(bytes, offset, length), 400);
        };
    }

    /** What is said to a request that cannot be read; nothing to a response or ACK. */
    Judgement refused(MessageHead head, int status) {
        return head.isAnswerable()
                ? new Judgement(false, Optional.of(head.refusal(status, tags.get())))
                : Judgement.DROPPED;
    }

    /**
     * What becomes of a message.
     *
     * @param admitted whether the stack may have it
     * @param answer what goes back instead
     */
    record Judgement(boolean admitted, Optional<byte[]> answer) {
        static final Judgement ADMITTED = new Judgement(true, Optional.empty());
        static final Judgement DROPPED = new Judgement(false, Optional.empty());
    }
}
