package io.ringdown.gateway.guard;

import io.ringdown.gateway.routing.Country;
import io.ringdown.gateway.routing.NumberType;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.Prefix;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Which numbers may be called at all. What nothing allows is refused. Immutable and pure. */
final class DestinationRules {
    private static final Pattern SHORT = Pattern.compile("[1-9][0-9]{0,5}");

    private final GuardSettings settings;
    private final Set<Country> countries;
    private final boolean isAnyCountry;
    private final boolean hasHome;
    private final LongestMatch<Boolean> allow;
    private final LongestMatch<Boolean> deny;
    private final LongestMatch<String> ranges;

    /** {@code ranges} are beginnings known for fraud, with a remark. */
    DestinationRules(GuardSettings settings, Optional<Country> home, Map<String, String> ranges) {
        this.settings = settings;
        this.countries = new HashSet<>(settings.countries());
        if (settings.countries().isEmpty()) {
            home.ifPresent(countries::add);
        }
        this.hasHome = home.isPresent();
        this.isAnyCountry = settings.allow().stream().anyMatch(DestinationRules::isAny);
        this.allow =
                match(settings.allow().stream().filter(prefix -> !isAny(prefix)).toList());
        this.deny = match(settings.deny());
        this.ranges = new LongestMatch<>(ranges);
    }

    private static boolean isAny(Prefix prefix) {
        return prefix.digits().isEmpty();
    }

    private static LongestMatch<Boolean> match(List<Prefix> prefixes) {
        Map<String, Boolean> all = new HashMap<>();
        prefixes.forEach(prefix -> all.put(prefix.digits(), true));
        return new LongestMatch<>(all);
    }

    /** Whether any number can be called. */
    boolean isOpen() {
        return isAnyCountry || !countries.isEmpty() || !allow.byDigits().isEmpty();
    }

    Set<Country> countries() {
        return Set.copyOf(countries);
    }

    /** Why this number may not be called. */
    Optional<Refusal> refusal(Destination to) {
        int allowed =
                allow.of(to.number()).map(match -> match.digits().length()).orElse(-1);
        Optional<LongestMatch.Match<Boolean>> denied =
                deny.of(to.number()).filter(match -> match.digits().length() >= allowed);
        if (denied.isPresent()) {
            return refusal(
                    Refusal.Reason.DENIED_PREFIX,
                    "guard.deny " + shown(denied.get().digits()));
        }
        Optional<LongestMatch.Match<String>> known =
                ranges.of(to.number()).filter(match -> match.digits().length() >= allowed);
        if (known.isPresent()) {
            return refusal(
                    Refusal.Reason.KNOWN_RANGE,
                    "guard.ranges-file " + known.get().digits() + ": "
                            + known.get().said());
        }
        return allowed >= 0 ? Optional.empty() : refusalByPlan(to);
    }

    private Optional<Refusal> refusalByPlan(Destination to) {
        if (!to.isOfTheWorld()) {
            return isAnyCountry && mayBeShort(to.number())
                    ? Optional.empty()
                    : refusal(
                            Refusal.Reason.LOCAL_NUMBER,
                            "no number of the world; guard.allow would have to name its beginning");
        }
        if (to.country().isEmpty()) {
            return refusal(
                    Refusal.Reason.NO_COUNTRY,
                    "it is of no country, as satellites are; guard.allow would have to name its beginning");
        }
        if (settings.refuseTypes().stream().anyMatch(to.type()::fits)) {
            return refusal(
                    Refusal.Reason.NUMBER_TYPE,
                    "guard.refuse-types "
                            + to.type().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        if (!isAnyCountry && to.country().filter(countries::contains).isEmpty()) {
            return refusal(
                    Refusal.Reason.COUNTRY,
                    countries.isEmpty()
                            ? "no country may be called: set guard.countries, or numbers.country"
                            : "guard.countries has no " + to.country().orElseThrow());
        }
        return to.type() == NumberType.UNKNOWN || !to.isExact()
                ? refusal(
                        Refusal.Reason.NOT_IN_PLAN,
                        "its country has no such number; guard.allow would have to name its beginning")
                : Optional.empty();
    }

    /** Too short to lead out of the country by whatever prefix; without a home country nobody knows what is short there. */
    private boolean mayBeShort(PhoneNumber local) {
        return hasHome && SHORT.matcher(local.digits()).matches();
    }

    private static String shown(String digits) {
        return digits.isEmpty() ? "any" : digits;
    }

    private static Optional<Refusal> refusal(Refusal.Reason reason, String rule) {
        return Optional.of(new Refusal(reason, rule));
    }
}
