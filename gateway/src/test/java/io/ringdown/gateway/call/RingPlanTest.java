package io.ringdown.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdown.gateway.routing.Country;
import io.ringdown.gateway.routing.InboundRule;
import io.ringdown.gateway.routing.InboundRule.Ring;
import io.ringdown.gateway.routing.InboundRules;
import io.ringdown.gateway.routing.NumberPlan;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.Prefix;
import io.ringdown.gateway.routing.User;
import io.ringdown.gateway.routing.Users;
import io.ringdown.sip.Diverted;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import org.junit.jupiter.api.Test;

final class RingPlanTest {
    private static final NumberPlan GERMANY = new NumberPlan(Optional.of(new Country("DE")));
    private static final PhoneNumber MAIN = new PhoneNumber("+493012340");
    private static final ClientId DESK = client("desk");
    private static final ClientId MOBILE = client("mobile");
    private static final ClientId BOBS = client("bobs");
    private static final ClientId SHARED = client("shared");
    private static final ClientId NUMBERS_OWN = client("numbers-own");

    private final Users users = users();

    /** Alice is here by her key at a desk, and by her number at a mobile; the shared phone answers for both. */
    private final SignedIn signedIn = new SignedIn() {
        private final Map<String, List<ClientId>> byNumber = Map.of(
                "+493012341", List.of(MOBILE, SHARED),
                "42", List.of(BOBS, SHARED),
                "+493012340", List.of(NUMBERS_OWN));

        @Override
        public SequencedSet<ClientId> clientsFor(PhoneNumber number) {
            return new LinkedHashSet<>(byNumber.getOrDefault(number.digits(), List.of()));
        }

        @Override
        public Optional<Asker> askerOf(ClientId client) {
            return Optional.empty();
        }

        @Override
        public SequencedSet<ClientId> clientsOf(String user) {
            return new LinkedHashSet<>(user.equals("alice") ? List.of(DESK) : List.of());
        }
    };

    @Test
    void allOfAGroupRingTogether() {
        assertThat(plan(rule(Ring.ALL, Optional.empty(), Optional.of("sales"))).stages())
                .containsExactly(set(DESK, MOBILE, SHARED, BOBS));
    }

    @Test
    void inOrderEveryoneRingsWithAllTheirPhonesAndNoPhoneRingsTwice() {
        assertThat(plan(rule(Ring.IN_ORDER, Optional.empty(), Optional.of("sales")))
                        .stages())
                .containsExactly(set(DESK, MOBILE, SHARED), set(BOBS));
    }

    @Test
    void oneIsTheFirstWhoIsThere() {
        assertThat(plan(rule(Ring.ONE, Optional.empty(), Optional.of("sales"))).stages())
                .containsExactly(set(DESK, MOBILE, SHARED));
        assertThat(plan(rule(Ring.ONE, Optional.empty(), Optional.of("night"))).stages())
                .as("carol, who comes first, is not there")
                .containsExactly(set(BOBS, SHARED));
    }

    @Test
    void userWhoIsNotThereRingsNowhere() {
        assertThat(plan(rule(Ring.ALL, Optional.of("carol"), Optional.empty())).stages())
                .isEmpty();
    }

    @Test
    void withoutUserAndGroupTheNumberDecides() {
        assertThat(plan(rule(Ring.ALL, Optional.empty(), Optional.empty())).stages())
                .containsExactly(set(NUMBERS_OWN));
        assertThat(RingPlan.of(
                                new InboundRules(List.of(), GERMANY, users).rung("any", MAIN, Optional.empty()),
                                MAIN,
                                signedIn,
                                users)
                        .stages())
                .containsExactly(set(NUMBERS_OWN));
    }

    @Test
    void firstRuleThatFitsTrunkAndNumberDecides() {
        InboundRules rules = new InboundRules(
                List.of(
                        new InboundRule(
                                List.of("a"),
                                List.of(new PhoneNumber("03012340")),
                                List.of(),
                                List.of(),
                                Optional.of("alice"),
                                Optional.empty(),
                                Ring.ALL,
                                Duration.ofSeconds(15),
                                Optional.empty()),
                        new InboundRule(
                                List.of(),
                                List.of(),
                                List.of(Prefix.parse("+4930")),
                                List.of(),
                                Optional.of("bob"),
                                Optional.empty(),
                                Ring.ALL,
                                Duration.ofSeconds(15),
                                Optional.empty())),
                GERMANY,
                users);
        assertThat(rules.rung("a", MAIN, Optional.empty()).people()).containsExactly("alice");
        assertThat(rules.rung("b", MAIN, Optional.empty()).people()).containsExactly("bob");
        assertThat(rules.rung("a", new PhoneNumber("+493099"), Optional.empty()).people())
                .containsExactly("bob");
        assertThat(rules.rung("a", new PhoneNumber("+4940"), Optional.empty()).byNumber())
                .isTrue();
    }

    @Test
    void ruleMayBeForCallsThatCameByANumber() {
        InboundRule usual = rule(Ring.ALL, Optional.of("alice"), Optional.empty());
        InboundRules rules = new InboundRules(
                List.of(new InboundRule(
                        usual.trunks(),
                        usual.numbers(),
                        usual.prefixes(),
                        List.of(new PhoneNumber("03012349")),
                        usual.user(),
                        usual.group(),
                        usual.ring(),
                        usual.each(),
                        usual.timeout())),
                GERMANY,
                users);
        assertThat(rules.rung("a", MAIN, before("+493012349", "+4940")).people())
                .as("who sent it on last")
                .containsExactly("alice");
        assertThat(rules.rung("a", MAIN, before("+4940", "+493012349")).people())
                .as("who was called at first")
                .containsExactly("alice");
        assertThat(rules.rung("a", MAIN, before("+4940", "+4950")).byNumber()).isTrue();
        assertThat(rules.rung("a", MAIN, Optional.empty()).byNumber()).isTrue();
    }

    private static Optional<Diverted> before(String last, String first) {
        return Optional.of(new Diverted(Optional.of(last), Optional.of(first), Diverted.Why.UNKNOWN));
    }

    @Test
    void ruleIsForAUserOrAGroup() {
        assertThatThrownBy(() -> rule(Ring.ALL, Optional.of("alice"), Optional.of("sales")))
                .hasMessageContaining("group: ");
    }

    private RingPlan plan(InboundRule rule) {
        InboundRules rules = new InboundRules(List.of(rule), GERMANY, users);
        return RingPlan.of(rules.rung("any", MAIN, Optional.empty()), MAIN, signedIn, users);
    }

    private static InboundRule rule(Ring ring, Optional<String> user, Optional<String> group) {
        return new InboundRule(
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                user,
                group,
                ring,
                Duration.ofSeconds(15),
                Optional.empty());
    }

    private static Users users() {
        SequencedMap<String, User> people = new LinkedHashMap<>();
        people.put("carol", user("+493012343", "43", "night"));
        people.put("alice", user("030 12341".replace(" ", ""), "41", "sales"));
        people.put("bob", user("+493012342", "42", "sales", "night"));
        return new Users(people, GERMANY);
    }

    private static User user(String number, String extension, String... groups) {
        return new User(
                Optional.empty(),
                List.of(new PhoneNumber(number)),
                Optional.of(new PhoneNumber(extension)),
                List.of(groups));
    }

    private static ClientId client(String session) {
        return new ClientId(session, ClientId.Road.SOCKET);
    }

    private static SequencedSet<ClientId> set(ClientId... clients) {
        return new LinkedHashSet<>(List.of(clients));
    }
}
