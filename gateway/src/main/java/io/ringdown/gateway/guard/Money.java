package io.ringdown.gateway.guard;

import java.math.BigDecimal;

/**
 * An amount in the one currency of the configuration.
 *
 * @param micros millionths of its unit; not negative
 */
public record Money(long micros) implements Comparable<Money> {
    public static final Money NONE = new Money(0);

    private static final int DECIMALS = 6;
    /** More than any limit has, in micros; nothing costs more, so that sums of a few still fit a long. */
    static final long UNCOUNTABLE = 1_000_000_000_000_000_000L;

    private static final BigDecimal MOST = new BigDecimal("1000000000");

    public Money {
        if (micros < 0) {
            throw new IllegalArgumentException("is less than nothing; write an amount such as 0.02");
        }
    }

    /** For the configuration: {@code 0.0125}, with at most six decimals. */
    public static Money parse(String text) {
        try {
            BigDecimal amount = new BigDecimal(text);
            if (amount.signum() < 0 || amount.compareTo(MOST) > 0) {
                throw new IllegalArgumentException("is no amount; write one from 0 to " + MOST + ", such as 0.02");
            }
            return new Money(amount.movePointRight(DECIMALS).longValueExact());
        } catch (ArithmeticException | NumberFormatException unfit) {
            throw new IllegalArgumentException(
                    "is no amount; write it with a point and at most " + DECIMALS + " decimals, such as 0.02", unfit);
        }
    }

    /** Both. */
    public Money plus(Money more) {
        return new Money(Math.min(UNCOUNTABLE, micros + more.micros));
    }

    @Override
    public int compareTo(Money other) {
        return Long.compare(micros, other.micros);
    }

    @Override
    public String toString() {
        return BigDecimal.valueOf(micros, DECIMALS).stripTrailingZeros().toPlainString();
    }
}
