package io.ringdown.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.gateway.routing.Country;
import io.ringdown.gateway.routing.EmergencySettings;
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
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody is transferred to where help is called, though calls for help have a trunk. */
final class TransferRulesTest {
    private final TransferRules rules = rules();

    @ParameterizedTest
    @ValueSource(strings = {"112", "110", "+49112", "0049110"})
    void emergencyNumbersAreNoTargetsWhoeverAsks(String number) {
        assertThat(rules.target(new PhoneNumber(number), Optional.empty(), "carrier"))
                .isEqualTo(new TransferTarget.Refused(EndCause.FORBIDDEN));
        assertThat(rules.referral(new CallAction.RouteReferral("carrier", number, false), Optional.empty(), _ -> true))
                .isEqualTo(new CallEvent.ReferralRefused(403));
        assertThat(rules.referral(new CallAction.RouteReferral("carrier", number, true), Optional.empty(), _ -> true))
                .isEqualTo(new CallEvent.ReferralRefused(403));
    }

    @Test
    void othersGoWhereACallWouldGo() {
        assertThat(rules.target(new PhoneNumber("030123456"), Optional.empty(), "second"))
                .isEqualTo(new TransferTarget.Dialled(new PhoneNumber("+4930123456")));
        assertThat(rules.referral(
                        new CallAction.RouteReferral("carrier", "030123456", false), Optional.empty(), _ -> true))
                .isEqualTo(new CallEvent.ReferralRouted(
                        new PhoneNumber("+4930123456"), CallRoute.over(List.of("carrier", "second"))));
        assertThat(rules.referral(
                        new CallAction.RouteReferral("carrier", "030123456", false),
                        Optional.empty(),
                        trunk -> !trunk.equals("carrier")))
                .as("a trunk that is down comes last")
                .isEqualTo(new CallEvent.ReferralRouted(
                        new PhoneNumber("+4930123456"), CallRoute.over(List.of("second", "carrier"))));
        assertThat(rules.referral(
                        new CallAction.RouteReferral("second", "030123456", true), Optional.empty(), _ -> true))
                .isEqualTo(new CallEvent.ReferralRouted(
                        new PhoneNumber("+4930123456"), CallRoute.over(List.of("second"))));
    }

    @Test
    void aTrunkThatCallsToTheNumberWouldNotGoToIsNotAskedToCallIt() {
        assertThat(rules.target(new PhoneNumber("030123456"), Optional.empty(), "inbound only"))
                .isEqualTo(new TransferTarget.Refused(EndCause.NO_ROUTE));
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
        return new TransferRules(
                new Switchboard(
                        new Routing(numbers, help, List.of(), new Routes(prefixes), nobody),
                        new TrunkLines(Map.of(), plan, help),
                        new TrunkLoads(Map.of(), 0),
                        new InboundRules(List.of(), plan, nobody),
                        nobody,
                        InstantSource.system()),
                new Random(1));
    }
}
