package io.ringdown.gateway.guard;

import io.ringdown.gateway.routing.Country;
import io.ringdown.gateway.routing.NumberPlan;
import io.ringdown.gateway.routing.NumberType;
import io.ringdown.gateway.routing.PhoneNumber;
import java.util.Optional;

/**
 * What is known of a number that is called.
 *
 * @param number in the form of E.164 where it is one of the world
 * @param country empty for satellites, numbers without a country, and all local ones
 * @param type of its line; of a number that its plan does not have, what it would be with some digits more or less
 * @param isExact whether it leaves as it is judged: no plan had to take a zero out of it
 */
record Destination(PhoneNumber number, Optional<Country> country, NumberType type, boolean isExact) {
    // Switches route by the first digits: what is behind a complete number, or missing, does not change where it goes.
    private static final int LEAST_DIGITS = 5;
    private static final int MOST_DIGITS = 16; // one more than ITU-T E.164 6 has

    static Destination of(PhoneNumber to, NumberPlan plan) {
        PhoneNumber number = plan.worldly(to);
        return new Destination(number, plan.country(number), type(number, plan), number.equals(to));
    }

    boolean isOfTheWorld() {
        return number.digits().startsWith("+");
    }

    private static NumberType type(PhoneNumber number, NumberPlan plan) {
        NumberType type = plan.type(number);
        if (type != NumberType.UNKNOWN || !number.digits().startsWith("+")) {
            return type;
        }
        String digits = number.digits();
        for (int length = digits.length() - 1; length > LEAST_DIGITS && type == NumberType.UNKNOWN; length--) {
            type = typeAsItStands(digits.substring(0, length), plan);
        }
        for (String longer = digits + "0";
                longer.length() <= MOST_DIGITS && type == NumberType.UNKNOWN;
                longer += "0") {
            type = typeAsItStands(longer, plan);
        }
        return type;
    }

    /** What is a number only once a zero is taken out of it, which the plans do of themselves, is another one. */
    private static NumberType typeAsItStands(String digits, NumberPlan plan) {
        PhoneNumber number = new PhoneNumber(digits);
        return plan.worldly(number).equals(number) ? plan.type(number) : NumberType.UNKNOWN;
    }
}
