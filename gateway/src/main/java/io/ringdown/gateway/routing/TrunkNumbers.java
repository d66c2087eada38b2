package io.ringdown.gateway.routing;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How numbers are written to, and read from, one trunk.
 *
 * @param country whose national numbers the trunk speaks of; that of {@code numbers} where absent
 * @param out how it wants them
 * @param in how it writes them
 * @param strip digits that are taken away from the front of the called number, once it is in its format, if it begins so
 * @param prefix digits that are then put in front of it
 * @param phoneContext what {@code ;phone-context} of called numbers without + is (RFC 3966 5.1.5)
 * @param userPhone whether {@code ;user=phone} stands in URIs with numbers (RFC 3261 19.1.1)
 */
public record TrunkNumbers(
        Optional<Country> country,
        OutFormat out,
        InFormat in,
        String strip,
        String prefix,
        Optional<String> phoneContext,
        boolean userPhone) {
    private static final Pattern DIGITS = Pattern.compile("\\+?[0-9*#]{0,16}");
    // RFC 3966 3: a global number's digits, or a domain name
    private static final Pattern CONTEXT =
            Pattern.compile("\\+[0-9]{1,15}|[A-Za-z0-9](?:[A-Za-z0-9.-]{0,62}[A-Za-z0-9])?");

    public TrunkNumbers {
        requireDigits("strip", strip);
        requireDigits("prefix", prefix);
        if (phoneContext.filter(text -> !CONTEXT.matcher(text).matches()).isPresent()) {
            throw new IllegalArgumentException("phone-context: " + phoneContext.get()
                    + " is neither + with a country code nor a domain; write one as +49 or example.com");
        }
    }

    /** E.164 with its +, nothing else. */
    public static TrunkNumbers defaults() {
        return new TrunkNumbers(Optional.empty(), OutFormat.PLUS, InFormat.AUTO, "", "", Optional.empty(), false);
    }

    /** The plan that this trunk's numbers are read by. */
    NumberPlan plan(NumberPlan ours) {
        return country.map(own -> new NumberPlan(Optional.of(own))).orElse(ours);
    }

    /** The called number as it is sent; as it came, where the result would be none. */
    PhoneNumber called(PhoneNumber number, NumberPlan plan) {
        String written = out.write(number, plan);
        String stripped = !strip.isEmpty() && written.startsWith(strip) ? written.substring(strip.length()) : written;
        return PhoneNumber.of(prefix + stripped).orElse(number);
    }

    /** A called number as this trunk writes it, without what {@link #called} puts in front. */
    PhoneNumber withoutPrefix(PhoneNumber written) {
        return !prefix.isEmpty() && written.digits().startsWith(prefix)
                ? PhoneNumber.of(strip + written.digits().substring(prefix.length()))
                        .orElse(written)
                : written;
    }

    /** The caller's number as it is sent. */
    PhoneNumber caller(PhoneNumber number, NumberPlan plan) {
        return new PhoneNumber(out.write(number, plan));
    }

    private static void requireDigits(String key, String text) {
        if (!DIGITS.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    key + ": " + text + " is not up to 16 digits; write 0 to 9, *, # and a leading +");
        }
    }
}
