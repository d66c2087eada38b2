package io.ringdown.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.SequencedMap;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RoutingTest {
    private static final ZonedDateTime THURSDAY_TEN = ZonedDateTime.of(2026, 11, 26, 10, 0, 0, 0, ZoneOffset.UTC);
    private static final NumberSettings GERMANY = new NumberSettings(Optional.of(new Country("DE")), false);
    private static final EmergencySettings NO_HELP = EmergencySettings.defaults();
    private static final EmergencySettings HELP = new EmergencySettings(
            List.of("help", "spare"), List.of(), Optional.empty(), Optional.empty(), Optional.empty(), false);

    private final Random random = new Random(1);

    @Test
    void firstRuleThatFitsDecides() {
        Routing routing = routing(
                NO_HELP,
                rule("a").types(NumberType.MOBILE).to("mobile"),
                rule("b").prefixes("+4930").to("berlin"),
                rule("c").countries("DE").to("germany"));
        assertThat(trunks(routing, "+4915112345678")).containsExactly("mobile");
        assertThat(trunks(routing, "030 123456")).containsExactly("berlin");
        assertThat(trunks(routing, "089 123456")).containsExactly("germany");
    }

    @Test
    void allConditionsOfARuleMustHold() {
        Routing routing = routing(
                NO_HELP, rule("a").types(NumberType.MOBILE).countries("GB").to("uk"));
        assertThat(trunks(routing, "+447400123456")).containsExactly("uk");
        assertThat(trunks(routing, "+4915112345678")).containsExactly("rest");
        assertThat(trunks(routing, "+442079460000")).containsExactly("rest");
    }

    @Test
    void prefixesOfTrunksTakeWhatNoRuleTakes() {
        Routing routing = routing(NO_HELP, rule("a").countries("GB").to("uk"));
        assertThat(decide(routing, "030 123456", Optional.empty(), THURSDAY_TEN))
                .isEqualTo(new Decision.Out(
                        new PhoneNumber("+4930123456"), List.of("rest"), Set.of(), "the prefixes of the trunks"));
    }

    @Test
    void northAmericanNumbersAreFixedAndMobileAtOnce() {
        Routing routing = routing(NO_HELP, rule("a").types(NumberType.MOBILE).to("mobile"));
        assertThat(trunks(routing, "+12025550100")).containsExactly("mobile");
    }

    @ParameterizedTest
    @CsvSource({
        "030 123456, berlin, true",
        "+4930123456, berlin, true",
        "+4930123456, spare, true",
        "+4930123456, rest, false", // a call to it would go elsewhere
        "+442079460000, rest, true",
        "+442079460000, berlin, false",
        "+4990012345678, rest, false", // forbidden
        "+999123, rest, false",
        "112, rest, false", // for help
        "+49112, rest, false",
        "110, help, false",
    })
    void whereATrunkRedirectsToIsHeldAgainstTheRulesOfADial(String number, String trunk, boolean allowed) {
        Routing routing = routing(
                HELP,
                rule("a").prefixes("+49900").to(),
                rule("b").prefixes("+4930").choices(choice("berlin", 1, 1, -1), choice("spare", 1, 1, -1)));
        assertThat(routing.allowed(PhoneNumber.of(number).orElseThrow(), Optional.empty(), trunk, THURSDAY_TEN)
                        .isPresent())
                .isEqualTo(allowed);
    }

    @Test
    void whereATrunkRedirectsToIsHeldAgainstTheRulesOfItsCaller() {
        Routing routing = routing(NO_HELP, rule("a").users("bob").to());
        PhoneNumber number = new PhoneNumber("+442079460000");
        assertThat(routing.allowed(number, Optional.of("alice"), "rest", THURSDAY_TEN))
                .isPresent();
        assertThat(routing.allowed(number, Optional.of("bob"), "rest", THURSDAY_TEN))
                .isEmpty();
    }

    @Test
    void rulesOfUsersAndGroupsAreForThem() {
        Routing routing = routing(
                NO_HELP,
                rule("a").users("bob").to("bobs"),
                rule("b").groups("sales").to("sales"));
        assertThat(trunks(routing, "+442079460000", "bob")).containsExactly("bobs");
        assertThat(trunks(routing, "+442079460000", "alice")).containsExactly("sales");
        assertThat(trunks(routing, "+442079460000", "nobody")).containsExactly("rest");
        assertThat(trunks(routing, "+442079460000")).containsExactly("rest");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-26T06:59:59Z, rest", // 07:59:59 in Berlin
        "2026-11-26T07:00:00Z, day",
        "2026-11-26T16:59:59Z, day",
        "2026-11-26T17:00:00Z, rest",
        "2026-11-28T10:00:00Z, rest", // a Saturday
        "2026-07-23T06:00:00Z, day", // summer time
    })
    void timeIsThatOfTheRulesZone(ZonedDateTime at, String trunk) {
        Routing routing = routing(
                NO_HELP,
                rule("a")
                        .days(Day.MON, Day.TUE, Day.WED, Day.THU, Day.FRI)
                        .hours("08:00-18:00")
                        .zone("Europe/Berlin")
                        .to("day"));
        assertThat(trunks(decide(routing, "+442079460000", Optional.empty(), at)))
                .containsExactly(trunk);
    }

    @ParameterizedTest
    @CsvSource({"21:59, false", "22:00, true", "23:59, true", "00:00, true", "05:59, true", "06:00, false"})
    void hoursMayGoOverMidnight(java.time.LocalTime time, boolean held) {
        assertThat(TimeOfDay.parse("22:00-06:00").holds(time)).isEqualTo(held);
    }

    @Test
    void ruleWithoutTrunksForbids() {
        Routing routing =
                routing(NO_HELP, rule("no premium").types(NumberType.PREMIUM).to());
        assertThat(decide(routing, "0900 1234567", Optional.empty(), THURSDAY_TEN))
                .isEqualTo(new Decision.Forbidden(new PhoneNumber("+499001234567"), "no premium"));
    }

    @Test
    void trunksOfTheSameOrderShareByWeightAndHigherOrdersComeLast() {
        RouteRule rule =
                rule("a").choices(choice("last", 2, 1, -1), choice("three", 1, 3, -1), choice("one", 1, 1, -1));
        long seed = Long.getLong("seed", new Random().nextLong());
        Random chance = new Random(seed);
        int first = 0;
        for (int i = 0; i < 20_000; i++) {
            List<String> order = TrunkOrder.of(rule, chance);
            assertThat(order).containsExactlyInAnyOrder("three", "one", "last").endsWith("last");
            first += order.getFirst().equals("three") ? 1 : 0;
        }
        // Five standard deviations of a binomial distribution.
        assertThat(first / 20_000.0).as("-Dseed=%d", seed).isCloseTo(0.75, within(0.0155));
    }

    @Test
    void cheapestComesFirstWhereAskedAndThenTheOrder() {
        List<TrunkChoice> choices = List.of(
                choice("free", 0, 1, -1),
                choice("dear", 1, 1, 0.05),
                choice("cheap", 3, 1, 0.01),
                choice("cheap2", 2, 1, 0.01));
        TrunkChoice[] all = choices.toArray(TrunkChoice[]::new);
        assertThat(TrunkOrder.of(rule("a").cheapest().choices(all), random))
                .containsExactly("cheap2", "cheap", "dear", "free");
        assertThat(TrunkOrder.of(rule("a").choices(all), random)).containsExactly("free", "dear", "cheap2", "cheap");
    }

    @ParameterizedTest
    @ValueSource(strings = {"112", "110", "+112", "+110", "+49112", "0049110", "1 1 2", "+49-110"})
    void callsForHelpAreKnownHoweverTheyAreDialled(String dialled) {
        String number = dialled.replace(" ", "").endsWith("2") ? "112" : "110";
        Routing routing = routing(HELP, rule("everything else is forbidden").to());
        assertThat(decide(routing, dialled, Optional.empty(), THURSDAY_TEN))
                .isEqualTo(new Decision.Emergency(new PhoneNumber(number), List.of("help", "spare")));
        assertThat(decide(routing(NO_HELP), dialled, Optional.empty(), THURSDAY_TEN))
                .isEqualTo(new Decision.NoEmergency(new PhoneNumber(number)));
    }

    @Test
    void callsForHelpAreThoseOfTheHomeCountryAndOfTheConfiguration() {
        EmergencySettings more = new EmergencySettings(
                List.of("help"),
                List.of(new PhoneNumber("933")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
        NumberSettings anywhere = NumberSettings.defaults();
        for (String number : List.of("112", "911", "933")) {
            assertThat(routing(anywhere, more).isEmergency(new PhoneNumber(number)))
                    .isTrue();
        }
        Routing german = routing(GERMANY, more);
        assertThat(german.isEmergency(new PhoneNumber("933"))).isTrue();
        assertThat(german.isEmergency(new PhoneNumber("911"))).isFalse();
        assertThat(routing(new NumberSettings(Optional.of(new Country("US")), true), more)
                        .isEmergency(new PhoneNumber("911")))
                .isTrue();
    }

    @Test
    void numbersThatOnlyBeginLikeOneAreNoCallsForHelp() {
        Routing routing = routing(HELP);
        for (String number : List.of("1120", "11", "1101", "0112", "+491120", "+493011234")) {
            assertThat(routing.isEmergency(new PhoneNumber(number))).as(number).isFalse();
        }
    }

    @Test
    void everyNumberHasADecisionAndNoCallForHelpIsEverLostInOthers() {
        long seed = Long.getLong("seed", new Random().nextLong());
        Random chance = new Random(seed);
        Routing routing = routing(HELP, rule("a").countries("DE").to("germany"));
        for (int i = 0; i < 5_000; i++) {
            PhoneNumber number = NumberPlanTest.anyNumber(chance);
            Decision decision = routing.decide(number, Optional.empty(), THURSDAY_TEN, chance);
            assertThat(decision instanceof Decision.Emergency)
                    .as("-Dseed=%d: %s", seed, number.digits())
                    .isEqualTo(number.digits().matches("(\\+|\\+49|0049)?(110|112)"));
        }
    }

    @Test
    void mistakesInRulesAreToldWithTheirKeys() {
        assertThatThrownBy(() -> rule("a").retry(486).to("x")).hasMessageContaining("retry-on: after 486");
        assertThatThrownBy(() -> rule("a").retry(603).to("x")).hasMessageContaining("retry-on: after 603");
        assertThatThrownBy(() -> rule("a").to("x", "x")).hasMessageContaining("trunks: x is there twice");
        assertThatThrownBy(() -> choice("x", 1, 0, -1)).hasMessageContaining("weight: 0");
        assertThatThrownBy(() -> TimeOfDay.parse("8-18")).hasMessageContaining("08:00-18:00");
        assertThatThrownBy(() -> Zone.parse("Mars/Olympus")).hasMessageContaining("Europe/Berlin");
        assertThatThrownBy(() -> new NumberSettings(Optional.empty(), true)).hasMessageContaining("strict: ");
    }

    // ---- a rule in the making

    private static Building rule(String name) {
        return new Building(name);
    }

    private static final class Building {
        private final String name;
        private List<Prefix> prefixes = List.of();
        private Set<Country> countries = Set.of();
        private Set<NumberType> types = Set.of();
        private List<String> users = List.of();
        private List<String> groups = List.of();
        private Set<Day> days = Set.of();
        private Optional<TimeOfDay> hours = Optional.empty();
        private Optional<Zone> zone = Optional.empty();
        private boolean cheapest;
        private Set<Integer> retry = Set.of();

        Building(String name) {
            this.name = name;
        }

        Building prefixes(String prefix) {
            prefixes = List.of(Prefix.parse(prefix));
            return this;
        }

        Building countries(String country) {
            countries = Set.of(new Country(country));
            return this;
        }

        Building types(NumberType type) {
            types = Set.of(type);
            return this;
        }

        Building users(String user) {
            users = List.of(user);
            return this;
        }

        Building groups(String group) {
            groups = List.of(group);
            return this;
        }

        Building days(Day... these) {
            days = Set.of(these);
            return this;
        }

        Building hours(String span) {
            hours = Optional.of(TimeOfDay.parse(span));
            return this;
        }

        Building zone(String id) {
            zone = Optional.of(Zone.parse(id));
            return this;
        }

        Building cheapest() {
            cheapest = true;
            return this;
        }

        Building retry(int status) {
            retry = Set.of(status);
            return this;
        }

        RouteRule to(String... trunks) {
            List<TrunkChoice> choices = new ArrayList<>();
            for (String trunk : trunks) {
                choices.add(TrunkChoice.parse(trunk));
            }
            return choices(choices.toArray(TrunkChoice[]::new));
        }

        RouteRule choices(TrunkChoice... choices) {
            return new RouteRule(
                    Optional.of(name),
                    prefixes,
                    countries,
                    types,
                    users,
                    groups,
                    days,
                    hours,
                    zone,
                    List.of(choices),
                    cheapest,
                    retry);
        }
    }

    private static TrunkChoice choice(String trunk, int order, int weight, double cost) {
        return new TrunkChoice(
                trunk, OptionalInt.of(order), weight, cost < 0 ? OptionalDouble.empty() : OptionalDouble.of(cost));
    }

    private static Routing routing(EmergencySettings help, RouteRule... rules) {
        return routing(GERMANY, help, rules);
    }

    private static Routing routing(NumberSettings numbers, EmergencySettings help, RouteRule... rules) {
        SequencedMap<String, List<Prefix>> prefixes = new LinkedHashMap<>();
        prefixes.put("rest", List.of(Prefix.parse("any")));
        User alice = new User(Optional.empty(), List.of(), Optional.empty(), List.of("sales"));
        Users users = new Users(Map.of("alice", alice), new NumberPlan(numbers.country()));
        return new Routing(numbers, help, List.of(rules), new Routes(prefixes), users);
    }

    private Decision decide(Routing routing, String dialled, Optional<String> user, ZonedDateTime at) {
        return routing.decide(PhoneNumber.of(dialled).orElseThrow(), user, at, random);
    }

    private List<String> trunks(Routing routing, String dialled) {
        return trunks(decide(routing, dialled, Optional.empty(), THURSDAY_TEN));
    }

    private List<String> trunks(Routing routing, String dialled, String user) {
        return trunks(decide(routing, dialled, Optional.of(user), THURSDAY_TEN));
    }

    private static List<String> trunks(Decision decision) {
        assertThat(decision).isInstanceOf(Decision.Out.class);
        return ((Decision.Out) decision).trunks();
    }
}
