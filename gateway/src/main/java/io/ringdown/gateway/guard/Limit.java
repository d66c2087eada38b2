package io.ringdown.gateway.guard;

import io.ringdown.gateway.routing.Country;
import io.ringdown.gateway.routing.NumberType;
import io.ringdown.gateway.routing.Prefix;
import io.ringdown.gateway.routing.Users;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A cap on calls out. Of what is set here none is ever exceeded.
 *
 * @param name what the log calls it
 * @param per which calls are counted together
 * @param where which calls are counted at all
 * @param atOnce calls that are being set up or talked
 * @param perMinute calls begun in any 60 s
 * @param perHour calls begun in any hour
 * @param perDay calls begun in a day of {@link GuardSettings#zone}
 * @param minutesPerDay talked in a day
 * @param spendPerDay what those cost by {@link GuardSettings#rates}; numbers without a rate are not called then
 */
public record Limit(
        Optional<String> name,
        Per per,
        Where where,
        OptionalInt atOnce,
        OptionalInt perMinute,
        OptionalInt perHour,
        OptionalInt perDay,
        OptionalInt minutesPerDay,
        Optional<Money> spendPerDay) {
    private static final int MOST = 1_000_000;

    /**
     * Which calls: those that fit each of the conditions that there are; of a list, one is enough.
     *
     * @param users who calls
     * @param groups that the caller belongs to
     * @param countries of the number
     * @param prefixes of the number
     * @param types of the number
     * @param classes of the caller's token
     */
    public record Where(
            List<String> users,
            List<String> groups,
            Set<Country> countries,
            List<Prefix> prefixes,
            Set<NumberType> types,
            List<String> classes) {
        public Where {
            users = List.copyOf(users);
            groups = List.copyOf(groups);
            countries = Set.copyOf(countries);
            prefixes = List.copyOf(prefixes);
            types = Set.copyOf(types);
            classes = List.copyOf(classes);
        }

        /** Every call. */
        public static Where defaults() {
            return new Where(List.of(), List.of(), Set.of(), List.of(), Set.of(), List.of());
        }

        boolean fits(Wish wish, Destination to, Users all) {
            return (users.isEmpty() || users.contains(wish.subject()))
                    && (groups.isEmpty() || all.isIn(Optional.of(wish.subject()), groups))
                    && (countries.isEmpty()
                            || to.country().filter(countries::contains).isPresent())
                    && (prefixes.isEmpty() || prefixes.stream().anyMatch(prefix -> prefix.matches(to.number())))
                    && (types.isEmpty() || types.stream().anyMatch(to.type()::fits))
                    && (classes.isEmpty()
                            || wish.grant()
                                    .costClass()
                                    .filter(classes::contains)
                                    .isPresent());
        }
    }

    public Limit {
        Map.of(
                        "at-once", atOnce,
                        "per-minute", perMinute,
                        "per-hour", perHour,
                        "per-day", perDay,
                        "minutes-per-day", minutesPerDay)
                .forEach((key, most) -> {
                    if (most.isPresent() && (most.getAsInt() < 0 || most.getAsInt() > MOST)) {
                        throw new IllegalArgumentException(
                                key + ": " + most.getAsInt() + " is out of range; write 0 to " + MOST);
                    }
                });
    }

    /** No cap at all, on all calls together. */
    public static Limit defaults() {
        return of(new Per(Per.What.TOTAL, 0));
    }

    /** Calls by what they have in common, without a cap yet. */
    static Limit of(Per per) {
        return new Limit(
                Optional.empty(),
                per,
                Where.defaults(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.empty());
    }

    Limit named(String other) {
        return new Limit(
                Optional.of(other), per, where, atOnce, perMinute, perHour, perDay, minutesPerDay, spendPerDay);
    }

    Limit withAtOnce(int most) {
        return new Limit(
                name, per, where, OptionalInt.of(most), perMinute, perHour, perDay, minutesPerDay, spendPerDay);
    }

    Limit withPerHour(int most) {
        return new Limit(name, per, where, atOnce, perMinute, OptionalInt.of(most), perDay, minutesPerDay, spendPerDay);
    }

    /** Whether talk counts, which only who ends calls can bound. */
    boolean isMetered() {
        return minutesPerDay.isPresent() || spendPerDay.isPresent();
    }

    /** Whether it bounds how often one visitor may call, whomever, and no talk. */
    boolean isOfVisitors() {
        return (per.what() == Per.What.ADDRESS || per.what() == Per.What.TOKEN) && !isMetered();
    }

    /** Whether what was before today counts. */
    boolean isDaily() {
        return perDay.isPresent() || isMetered();
    }

    /** For the log, and for people. */
    String title() {
        return name.orElse("per " + per);
    }
}
