package io.ringdown.gateway.routing;

import java.time.ZonedDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which calls go to which trunks. A call fits where all of the conditions that there are hold; of a list, one is enough.
 *
 * @param name what logs and {@code check} call it
 * @param prefixes beginnings of the number
 * @param countries of the number
 * @param types of the number
 * @param users who calls
 * @param groups that the caller belongs to
 * @param days of the week, in {@code zone}
 * @param hours of the day, in {@code zone}
 * @param zone the time zone of days and hours; UTC where absent
 * @param trunks where it goes; none refuses it as {@code forbidden}
 * @param cheapestFirst by cost, and by order only where costs are equal; trunks without a cost are last
 * @param retryOn statuses of a trunk's refusal, of 400 to 499, after which the next one is tried too
 */
public record RouteRule(
        Optional<String> name,
        List<Prefix> prefixes,
        Set<Country> countries,
        Set<NumberType> types,
        List<String> users,
        List<String> groups,
        Set<Day> days,
        Optional<TimeOfDay> hours,
        Optional<Zone> zone,
        List<TrunkChoice> trunks,
        boolean cheapestFirst,
        Set<Integer> retryOn) {
    // The called's own word, or ours, or what would be the same everywhere.
    private static final Set<Integer> NEVER_RETRIED = Set.of(401, 407, 486, 487, 491);

    public RouteRule {
        prefixes = List.copyOf(prefixes);
        countries = Set.copyOf(countries);
        types = Set.copyOf(types);
        users = List.copyOf(users);
        groups = List.copyOf(groups);
        days = Set.copyOf(days);
        trunks = List.copyOf(trunks);
        retryOn = Set.copyOf(retryOn);
        Set<String> seen = new HashSet<>();
        for (TrunkChoice choice : trunks) {
            if (!seen.add(choice.trunk())) {
                throw new IllegalArgumentException("trunks: " + choice.trunk() + " is there twice; keep one of them");
            }
        }
        for (int status : retryOn) {
            if (status < 400 || status > 499 || NEVER_RETRIED.contains(status)) {
                throw new IllegalArgumentException("retry-on: after " + status
                        + " no other trunk is tried by a rule; write such as 403 or 404 (408 and 5xx need none)");
            }
        }
    }

    /** Every call, and nowhere to go. */
    public static RouteRule defaults() {
        return new RouteRule(
                Optional.empty(),
                List.of(),
                Set.of(),
                Set.of(),
                List.of(),
                List.of(),
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                false,
                Set.of());
    }

    boolean fits(PhoneNumber number, Optional<String> user, ZonedDateTime at, NumberPlan plan, Users all) {
        return fitsNumber(number, plan) && fitsCaller(user, all) && fitsTime(at);
    }

    private boolean fitsNumber(PhoneNumber number, NumberPlan plan) {
        return (prefixes.isEmpty() || prefixes.stream().anyMatch(prefix -> prefix.matches(number)))
                && (countries.isEmpty()
                        || plan.country(number).filter(countries::contains).isPresent())
                && (types.isEmpty() || types.stream().anyMatch(plan.type(number)::fits));
    }

    private boolean fitsCaller(Optional<String> user, Users all) {
        return (users.isEmpty() || user.filter(users::contains).isPresent())
                && (groups.isEmpty() || all.isIn(user, groups));
    }

    private boolean fitsTime(ZonedDateTime at) {
        ZonedDateTime there = zone.map(own -> at.withZoneSameInstant(own.id())).orElse(at);
        return (days.isEmpty() || days.stream().anyMatch(day -> day.is(there.getDayOfWeek())))
                && hours.map(span -> span.holds(there.toLocalTime())).orElse(true);
    }
}
