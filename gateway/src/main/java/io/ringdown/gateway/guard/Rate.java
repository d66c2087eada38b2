package io.ringdown.gateway.guard;

import io.ringdown.gateway.routing.Prefix;
import java.math.BigInteger;
import java.time.Duration;

/**
 * What calls to numbers with one beginning cost.
 *
 * @param prefix the beginning, in the form of E.164
 * @param price of a minute
 * @param fee of an answered call, however short
 * @param first what is charged at least
 * @param next the steps in which is charged after that
 */
public record Rate(Prefix prefix, Money price, Money fee, Duration first, Duration next) {
    private static final long MILLIS_OF_MINUTE = 60_000;
    private static final Duration LONGEST_STEP = Duration.ofHours(1);

    public Rate {
        check("first", first);
        check("next", next);
    }

    /** Nothing, by the minute. */
    public static Rate defaults() {
        return new Rate(Prefix.parse("any"), Money.NONE, Money.NONE, Duration.ofSeconds(60), Duration.ofSeconds(60));
    }

    /** What so much talk costs; nothing where nobody answered. */
    Money price(Duration talked) {
        if (talked.isZero() || talked.isNegative()) {
            return Money.NONE;
        }
        long beyond = Math.max(0, talked.toMillis() - first.toMillis());
        long steps = Math.ceilDiv(beyond, next.toMillis());
        long charged = first.toMillis() + steps * next.toMillis();
        // Up, so that what was reserved is never less than what is owed. The dearest minute times a week does not fit a
        // long.
        BigInteger talk = BigInteger.valueOf(price.micros())
                .multiply(BigInteger.valueOf(charged))
                .add(BigInteger.valueOf(MILLIS_OF_MINUTE - 1))
                .divide(BigInteger.valueOf(MILLIS_OF_MINUTE));
        return new Money(talk.add(BigInteger.valueOf(fee.micros()))
                .min(BigInteger.valueOf(Money.UNCOUNTABLE))
                .longValueExact());
    }

    private static void check(String key, Duration step) {
        if (step.compareTo(Duration.ofSeconds(1)) < 0 || step.compareTo(LONGEST_STEP) > 0) {
            throw new IllegalArgumentException(key + ": " + step.toMillis() + "ms is out of range; write 1s to 1h");
        }
    }
}
