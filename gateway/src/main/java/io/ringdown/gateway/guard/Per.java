package io.ringdown.gateway.guard;

import io.ringdown.gateway.routing.Country;
import io.ringdown.gateway.routing.PhoneNumber;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * What calls are counted together by.
 *
 * @param what calls have in common
 * @param digits with {@link What#PREFIX}, how many of the number's are the same
 */
public record Per(What what, int digits) {
    private static final String PREFIX = "prefix:";
    private static final int MOST_DIGITS = 15; // ITU-T E.164 6

    /** What calls can have in common. */
    public enum What {
        /** That they are calls. */
        TOTAL,
        /** The token itself (RFC 7519 4.1.7), or the user where it has no name. */
        TOKEN,
        /** Who calls. */
        USER,
        /** The number called. */
        DESTINATION,
        PREFIX,
        /** The country of the number called. */
        COUNTRY,
        /** The network address of the client; the first 64 bits of one of IPv6, which is what one customer has (RFC 6177). */
        ADDRESS
    }

    /** For the configuration: {@code user}, or {@code prefix:5}. */
    public static Per parse(String text) {
        if (text.startsWith(PREFIX)) {
            return new Per(What.PREFIX, digits(text.substring(PREFIX.length())));
        }
        return Arrays.stream(What.values())
                .filter(what -> what != What.PREFIX && code(what).equals(text))
                .map(what -> new Per(what, 0))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException(
                                "is none of total, token, user, destination, prefix:DIGITS, country, address; write such as user"));
    }

    private static int digits(String text) {
        try {
            int digits = Integer.parseInt(text);
            if (digits >= 1 && digits <= MOST_DIGITS) {
                return digits;
            }
        } catch (NumberFormatException unfit) {
            // Said below, as is a number out of range.
        }
        throw new IllegalArgumentException("names no number of digits; write such as prefix:5");
    }

    private static String code(What what) {
        return what.name().toLowerCase(Locale.ROOT);
    }

    /** What a call is counted under; empty where it has no such thing. */
    Optional<String> key(Wish wish, Destination to) {
        return switch (what) {
            case TOTAL -> Optional.of("");
            case TOKEN -> Optional.of(wish.tokenOrSubject());
            case USER -> Optional.of(wish.subject());
            case DESTINATION -> Optional.of(to.number().digits());
            case PREFIX -> Optional.of(first(to.number()));
            case COUNTRY -> to.country().map(Country::code);
            case ADDRESS -> Optional.of(network(wish.from()));
        };
    }

    private String first(PhoneNumber number) {
        int plus = number.digits().startsWith("+") ? 1 : 0;
        return number.digits().substring(0, Math.min(number.digits().length(), digits + plus));
    }

    /** The network of a client that is one customer's. */
    static String network(InetAddress address) {
        return address instanceof Inet6Address six
                ? HexFormat.of().formatHex(six.getAddress(), 0, 8) + "/64"
                : address.getHostAddress();
    }

    @Override
    public String toString() {
        return what == What.PREFIX ? PREFIX + digits : code(what);
    }
}
