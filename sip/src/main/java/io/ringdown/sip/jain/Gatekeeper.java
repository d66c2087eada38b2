package io.ringdown.sip.jain;

import io.ringdown.sip.dialog.MessageGuard;
import io.ringdown.sip.dialog.SourceRate;
import io.ringdown.sip.jain.Counters.Counter;
import java.net.InetAddress;
import java.util.function.Predicate;

/** Decides before the stack sees a byte whether a message may come in. Safe for all threads. */
final class Gatekeeper {
    private final Predicate<InetAddress> known;
    private final SourceRate rate;
    private final int maxConnectionsPerSource;
    private final Counters counters;

    Gatekeeper(Predicate<InetAddress> known, int perSecond, int maxConnectionsPerSource, Counters counters) {
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

    /** Whether one whole message of a known source may be parsed. */
    boolean admits(InetAddress source, byte[] bytes, int offset, int length) {
        if (!rate.pass(source, System.nanoTime())) {
            counters.count(Counter.DROPPED_RATE);
            return false;
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
        return counter == Counter.MESSAGES_IN;
    }
}
