package io.ringdown.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.gateway.guard.Guard;
import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.Country;
import io.ringdown.gateway.routing.EmergencySettings;
import io.ringdown.gateway.routing.Extensions;
import io.ringdown.gateway.routing.InboundRules;
import io.ringdown.gateway.routing.NumberPlan;
import io.ringdown.gateway.routing.NumberSettings;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.Prefix;
import io.ringdown.gateway.routing.Routes;
import io.ringdown.gateway.routing.Routing;
import io.ringdown.gateway.routing.TrunkLines;
import io.ringdown.gateway.routing.TrunkLoads;
import io.ringdown.gateway.routing.Users;
import io.ringdown.gateway.tokens.Grant;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody is transferred to where help is called, though calls for help have a trunk. */
final class TransferRulesTest {
    private static final Asker ALICE = new Asker("alice", Grant.ALL, InetAddress.getLoopbackAddress());
    private final TransferRules rules = rules();

    @ParameterizedTest
    @ValueSource(strings = {"112", "110", "+49112", "0049110"})
    void emergencyNumbersAreNoTargetsWhoeverAsks(String number) {
        assertThat(rules.target(new PhoneNumber(number), ALICE, "carrier").target())
                .isEqualTo(new TransferTarget.Refused(EndCause.FORBIDDEN));
        assertThat(referral(new CallAction.RouteReferral("carrier", number, false), _ -> true))
                .isEqualTo(new CallEvent.ReferralRefused(403));
        assertThat(referral(new CallAction.RouteReferral("carrier", number, true), _ -> true))
                .isEqualTo(new CallEvent.ReferralRefused(403));
    }

    @Test
    void othersGoWhereACallWouldGo() {
        assertThat(rules.target(new PhoneNumber("030123456"), ALICE, "second").target())
                .isEqualTo(new TransferTarget.Dialled(new PhoneNumber("+4930123456")));
        assertThat(referral(new CallAction.RouteReferral("carrier", "030123456", false), _ -> true))
                .isEqualTo(new CallEvent.ReferralRouted(
                        new PhoneNumber("+4930123456"), route(List.of("carrier", "second"))));
        assertThat(referral(
                        new CallAction.RouteReferral("carrier", "030123456", false), trunk -> !trunk.equals("carrier")))
                .as("a trunk that is down comes last")
                .isEqualTo(new CallEvent.ReferralRouted(
                        new PhoneNumber("+4930123456"), route(List.of("second", "carrier"))));
        assertThat(referral(new CallAction.RouteReferral("second", "030123456", true), _ -> true))
                .isEqualTo(new CallEvent.ReferralRouted(new PhoneNumber("+4930123456"), route(List.of("second"))));
    }

    @Test
    void aTrunkThatCallsToTheNumberWouldNotGoToIsNotAskedToCallIt() {
        assertThat(rules.target(new PhoneNumber("030123456"), ALICE, "inbound only")
                        .target())
                .isEqualTo(new TransferTarget.Refused(EndCause.NO_ROUTE));
    }

    @Test
    void aCallForHelpGoesWhereItIsSentUncountedAndUnbound() {
        TransferRules.Answer answer = rules.referralOfHelp(
                new CallAction.RouteReferral("carrier", "030123456", false), Optional.of(ALICE), _ -> true);
        assertThat(answer.reserved()).isEmpty();
        assertThat(answer.event())
                .isEqualTo(new CallEvent.ReferralRouted(
                        new PhoneNumber("+4930123456"),
                        new CallRoute(
                                List.of("carrier", "second"), Set.of(), Optional.of(ALICE), true, Optional.empty())));
    }

    private CallEvent referral(CallAction.RouteReferral wish, Predicate<String> isReachable) {
        TransferRules.Answer answer = rules.referral(wish, Optional.of(ALICE), Caller.UNSAID, isReachable);
        assertThat(answer.reserved().isPresent()).isEqualTo(answer.event() instanceof CallEvent.ReferralRouted);
        return answer.event();
    }

    private static CallRoute route(List<String> trunks) {
        return new CallRoute(trunks, Set.of(), Optional.of(ALICE), false, Optional.of(Duration.ofHours(4)));
    }

    private static TransferRules rules() {
        NumberSettings numbers = new NumberSettings(Optional.of(new Country("DE")), false);
        NumberPlan plan = new NumberPlan(numbers.country());
        Users nobody = new Users(Map.of(), plan);
        EmergencySettings help = new EmergencySettings(
                List.of("carrier"), List.of(), Optional.empty(), Optional.empty(), Optional.empty(), false);
        LinkedHashMap<String, List<Prefix>> prefixes = new LinkedHashMap<>();
        prefixes.put("carrier", List.of(Prefix.parse("+")));
        prefixes.put("second", List.of(Prefix.parse("+")));
        Guard guard = Guard.lenient(plan, nobody, InstantSource.system(), System::nanoTime);
        return new TransferRules(
                new Switchboard(
                        new Routing(numbers, help, List.of(), new Routes(prefixes), nobody),
                        new TrunkLines(Map.of(), plan, help),
                        new TrunkLoads(Map.of(), 0),
                        new InboundRules(List.of(), plan, nobody),
                        nobody,
                        InstantSource.system(),
                        guard,
                        Extensions.NONE),
                new Random(1));
    }
}
