package io.ringdown.gateway.guard;

import io.ringdown.gateway.routing.Country;
import io.ringdown.gateway.routing.NumberType;
import io.ringdown.gateway.routing.Prefix;
import io.ringdown.gateway.routing.Zone;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which calls out may be made, and how many.
 *
 * @param countries which may be called; none is that of {@code numbers.country}, and nowhere without that
 * @param allow beginnings that may be called whatever country and type they are; {@code any} opens every country, but no refused
 *     type, and with {@code numbers.country} short numbers
 * @param deny beginnings that may not; of both lists the longest match counts, and of equal ones this
 * @param refuseTypes kinds of lines that may not
 * @param rangesFile beginnings known for fraud, one a line, with a remark behind a comma; read again when it changes
 * @param callerIds beginnings of numbers that everybody may show; absent for any, except that users who have numbers show these
 * @param longest how long a call out may last from its answer
 * @param zone whose midnight begins a day
 * @param rates what calls cost
 * @param classes tariffs that tokens can be bound to, by name
 * @param limits the caps
 * @param alarm what is unusual
 */
public record GuardSettings(
        List<Country> countries,
        List<Prefix> allow,
        List<Prefix> deny,
        Set<NumberType> refuseTypes,
        Optional<Path> rangesFile,
        Optional<List<Prefix>> callerIds,
        Duration longest,
        Zone zone,
        RateSettings rates,
        Map<String, CostClass> classes,
        List<Limit> limits,
        Alarm alarm) {
    /**
     * Far above what people do by hand. None counts calls of strangers together, for then one of them could shut out the others; those
     * of one user may be many people's, so one address has a part of them only.
     */
    private static final List<Limit> USUAL = List.of(
            Limit.of(new Per(Per.What.ADDRESS, 0))
                    .named("one address")
                    .withAtOnce(50)
                    .withPerHour(300),
            Limit.of(new Per(Per.What.USER, 0)).named("one user").withAtOnce(200));

    /**
     * What calls cost.
     *
     * @param currency its name, for people only
     * @param file a table in lines of {@code prefix,price,fee,first,next}
     * @param table the same, here
     */
    public record RateSettings(String currency, Optional<Path> file, List<Rate> table) {
        public RateSettings {
            table = List.copyOf(table);
        }

        /** Nothing is known. */
        public static RateSettings defaults() {
            return new RateSettings("EUR", Optional.empty(), List.of());
        }
    }

    /**
     * What is unusual: in ten minutes, of one user or to one country, more than {@code calls} and more than {@code times} as many
     * as usual.
     *
     * @param calls below this nothing is unusual; absent for no alarm
     * @param times above what is usual; what has no history has 0 as usual
     * @param block for how long that user's calls, or those to that country, are then refused; zero for not at all
     */
    public record Alarm(OptionalInt calls, int times, Duration block) {
        public Alarm {
            if (calls.isPresent() && calls.getAsInt() < 1) {
                throw new IllegalArgumentException("calls: " + calls.getAsInt() + " is out of range; write 1 or more");
            }
            if (times < 1) {
                throw new IllegalArgumentException("times: " + times + " is out of range; write 1 or more");
            }
            if (block.isNegative() || block.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException("block: is out of range; write 0s to 24h");
            }
        }

        /** A hundred calls, five times the usual, are told and not stopped. */
        public static Alarm defaults() {
            return new Alarm(OptionalInt.of(100), 5, Duration.ZERO);
        }
    }

    public GuardSettings {
        countries = List.copyOf(countries);
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
        refuseTypes = Set.copyOf(refuseTypes);
        callerIds = callerIds.map(List::copyOf);
        classes = Collections.unmodifiableMap(new LinkedHashMap<>(classes));
        limits = List.copyOf(limits);
        if (longest.compareTo(Duration.ofSeconds(1)) < 0 || longest.compareTo(Duration.ofDays(7)) > 0) {
            throw new IllegalArgumentException(
                    "longest: " + longest.toMillis() + "ms is out of range; write 1s to 168h");
        }
        for (Limit limit : limits) {
            for (String name : limit.where().classes()) {
                if (!classes.containsKey(name)) {
                    throw new IllegalArgumentException(
                            "limits: no class is named " + name + "; add it to guard.classes");
                }
            }
        }
        boolean hasRates = rates.file().isPresent() || !rates.table().isEmpty();
        if (!hasRates && limits.stream().anyMatch(limit -> limit.spendPerDay().isPresent())) {
            throw new IllegalArgumentException(
                    "limits: spend-per-day needs to know what calls cost; add guard.rates.file or .table");
        }
    }

    /** The home country, no lines that cost more than usual, four hours a call, caps far above what people do. */
    public static GuardSettings defaults() {
        return new GuardSettings(
                List.of(),
                List.of(),
                List.of(),
                Set.of(NumberType.PREMIUM, NumberType.SHARED_COST, NumberType.PERSONAL),
                Optional.empty(),
                Optional.empty(),
                Duration.ofHours(4),
                Zone.parse("UTC"),
                RateSettings.defaults(),
                Map.of(),
                USUAL,
                Alarm.defaults());
    }

    /** As the default, with these beginnings allowed. */
    public static GuardSettings allowing(List<Prefix> prefixes) {
        GuardSettings usual = defaults();
        return new GuardSettings(
                usual.countries,
                prefixes,
                usual.deny,
                usual.refuseTypes,
                usual.rangesFile,
                usual.callerIds,
                usual.longest,
                usual.zone,
                usual.rates,
                usual.classes,
                usual.limits,
                usual.alarm);
    }

    /** Every number, whoever shows what, without a cap. */
    static GuardSettings everything() {
        return allowing(Stream.of("any", "+", "*", "#", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9")
                        .map(Prefix::parse)
                        .toList())
                .with(Optional.of(List.of(Prefix.parse("any"))), List.of());
    }

    /** As this, with other caps. */
    public GuardSettings withLimits(List<Limit> other) {
        return with(callerIds, other);
    }

    private GuardSettings with(Optional<List<Prefix>> shown, List<Limit> other) {
        return new GuardSettings(
                countries, allow, deny, refuseTypes, rangesFile, shown, longest, zone, rates, classes, other, alarm);
    }
}
