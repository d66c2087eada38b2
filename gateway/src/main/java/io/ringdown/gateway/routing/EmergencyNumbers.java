package io.ringdown.gateway.routing;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which numbers call for help: those of the home country, 112 and 911 where there is none, and what is configured. They are known
 * before anything else is done to a number, whatever was written in front of them. Immutable.
 */
final class EmergencyNumbers {
    private static final Set<String> ANYWHERE = Set.of("112", "911");

    private final NumberPlan plan;
    private final Set<String> configured = new HashSet<>();

    EmergencyNumbers(NumberPlan plan, List<PhoneNumber> more) {
        this.plan = plan;
        more.forEach(number -> configured.add(number.digits()));
    }

    /** The number itself, where this is one: plain, with a +, or behind the country code of home with + or 00. */
    Optional<PhoneNumber> find(PhoneNumber written) {
        String digits = written.digits();
        String bare = digits.startsWith("+") ? digits.substring(1) : digits;
        if (isOne(bare)) {
            return Optional.of(new PhoneNumber(bare));
        }
        return plan.homeCode()
                .flatMap(code -> behind(code, digits))
                .filter(this::isOne)
                .map(PhoneNumber::new);
    }

    private static Optional<String> behind(String code, String digits) {
        for (String front : List.of("+" + code, "00" + code)) {
            if (digits.startsWith(front) && digits.length() > front.length()) {
                return Optional.of(digits.substring(front.length()));
            }
        }
        return Optional.empty();
    }

    private boolean isOne(String digits) {
        return configured.contains(digits)
                || (plan.home().isEmpty() ? ANYWHERE.contains(digits) : plan.isEmergency(digits));
    }
}
