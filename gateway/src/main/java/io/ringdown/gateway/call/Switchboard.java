package io.ringdown.gateway.call;

import io.ringdown.gateway.guard.Guard;
import io.ringdown.gateway.routing.EmergencySettings;
import io.ringdown.gateway.routing.Extensions;
import io.ringdown.gateway.routing.InboundRules;
import io.ringdown.gateway.routing.NumberPlan;
import io.ringdown.gateway.routing.NumberSettings;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.Prefix;
import io.ringdown.gateway.routing.Routes;
import io.ringdown.gateway.routing.Routing;
import io.ringdown.gateway.routing.TrunkLimits;
import io.ringdown.gateway.routing.TrunkLines;
import io.ringdown.gateway.routing.TrunkLoads;
import io.ringdown.gateway.routing.Users;
import io.ringdown.sip.RedirectJudge;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What decides where calls go.
 *
 * @param routing the way of calls out
 * @param lines how each trunk is spoken to
 * @param loads what each trunk has to do
 * @param inbound whom calls in ring
 * @param users who there is
 * @param time the time of day
 * @param guard which calls out may be made
 * @param extensions which numbers stay in the house
 */
public record Switchboard(
        Routing routing,
        TrunkLines lines,
        TrunkLoads loads,
        InboundRules inbound,
        Users users,
        InstantSource time,
        Guard guard,
        Extensions extensions) {

    /** Where nobody has an extension. */
    public Switchboard(
            Routing routing,
            TrunkLines lines,
            TrunkLoads loads,
            InboundRules inbound,
            Users users,
            InstantSource time,
            Guard guard) {
        this(routing, lines, loads, inbound, users, time, guard, Extensions.NONE);
    }

    /**
     * Says whether a call of this user may be redirected by this trunk to a number: as if they had dialled it, and were sent
     * there.
     */
    public RedirectJudge redirects(String trunk, Optional<String> user) {
        return number -> redirected(trunk, number, user).isPresent();
    }

    /** The same of a call that the guard has let through, who has to agree to the other number. */
    RedirectJudge redirects(String trunk, Reserved call) {
        return number -> redirected(trunk, number, Optional.of(call.wish().subject()))
                .filter(to -> guard.mayRedirect(call.hold(), call.wish().withTo(to)))
                .isPresent();
    }

    /** Whether a call to this stays in the house; one for help never does. */
    boolean isWithin(PhoneNumber dialled) {
        return extensions.has(dialled) && !routing.isEmergency(dialled);
    }

    private Optional<PhoneNumber> redirected(String trunk, String number, Optional<String> user) {
        return lines.redirected(trunk, number)
                .flatMap(to -> routing.allowed(to, user, trunk, time.instant().atZone(ZoneOffset.UTC)));
    }

    /** Trunks by prefix, and nothing else: no limits, no rules, no users, and a guard that lets most through. */
    public static Switchboard byPrefix(SequencedMap<String, List<Prefix>> prefixes) {
        NumberSettings numbers = NumberSettings.defaults();
        EmergencySettings help = EmergencySettings.defaults();
        Routing routing = new Routing(numbers, help, List.of(), new Routes(prefixes), noUsers(numbers));
        Map<String, TrunkLimits> limits = new LinkedHashMap<>();
        prefixes.keySet().forEach(trunk -> limits.put(trunk, TrunkLimits.defaults()));
        return new Switchboard(
                routing,
                new TrunkLines(Map.of(), routing.plan(), help),
                new TrunkLoads(limits, 0),
                new InboundRules(List.of(), routing.plan(), noUsers(numbers)),
                noUsers(numbers),
                InstantSource.system(),
                Guard.lenient(routing.plan(), noUsers(numbers), InstantSource.system(), System::nanoTime),
                Extensions.NONE);
    }

    private static Users noUsers(NumberSettings numbers) {
        return new Users(Map.of(), new NumberPlan(numbers.country()));
    }
}
