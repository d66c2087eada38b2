package io.ringdown.gateway.tokens;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long addresses that have shown many bad tokens are held off: not for the first ten, then a second, twice as long with
 * each further one, five minutes at most; forgotten after ten quiet minutes. Of IPv6 a whole /64 is one, for that is what one
 * subscriber has. Thread-safe; remembers the latest addresses, and no more of them than it may.
 */
final class FailedTokens {
    private static final int FREE = 10;
    private static final int MOST = 20_000;
    private static final long FIRST_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST_NANOS = Duration.ofMinutes(5).toNanos();
    private static final long QUIET_NANOS = Duration.ofMinutes(10).toNanos();

    private final int most;
    private final LinkedHashMap<Long, Failures> byAddress = new LinkedHashMap<>(16, 0.75f, true);

    FailedTokens() {
        this(MOST);
    }

    FailedTokens(int most) {
        this.most = most;
    }

    /** Of one address. */
    private record Failures(int count, long latestNanos) {
        long untilNanos() {
            int above = count - FREE;
            // 2^9 s is more than the longest.
            return above <= 0
                    ? latestNanos
                    : latestNanos + Math.min(LONGEST_NANOS, FIRST_NANOS << Math.min(9, above - 1));
        }
    }

    /** One more bad token from there. */
    synchronized void on(InetAddress from, long now) {
        long key = key(from);
        @Nullable Failures before = byAddress.get(key);
        int count =
                before == null || now - before.latestNanos() >= QUIET_NANOS ? 1 : Math.min(before.count() + 1, 1_000);
        byAddress.put(key, new Failures(count, now));
        if (byAddress.size() > most) {
            Iterator<Map.Entry<Long, Failures>> eldest = byAddress.entrySet().iterator();
            eldest.next();
            eldest.remove();
        }
    }

    /** For how long it is held off still, if it is. */
    synchronized Optional<Duration> wait(InetAddress from, long now) {
        return Optional.ofNullable(byAddress.get(key(from)))
                .map(failures -> Duration.ofNanos(failures.untilNanos() - now))
                .filter(Duration::isPositive);
    }

    /** How many addresses are remembered. */
    synchronized int size() {
        return byAddress.size();
    }

    /** IPv4 whole, IPv6 its first 64 bits. No unicast address of IPv6 begins with 32 zero bits but what IPv4 is mapped to. */
    private static long key(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet6Address ? bytes.getLong() : bytes.getInt() & 0xffff_ffffL;
    }
}
