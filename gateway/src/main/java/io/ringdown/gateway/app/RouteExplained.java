package io.ringdown.gateway.app;

import io.ringdown.gateway.call.Switchboard;
import io.ringdown.gateway.guard.Guard;
import io.ringdown.gateway.guard.GuardException;
import io.ringdown.gateway.guard.Wish;
import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.Decision;
import io.ringdown.gateway.routing.EmergencySettings;
import io.ringdown.gateway.routing.NumberPlan;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.TrunkLines;
import io.ringdown.gateway.tokens.Grant;
import io.ringdown.gateway.tokens.UsedTokens;
import java.net.InetAddress;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code check --route}: what would become of one call. */
final class RouteExplained {
    private final Switchboard switchboard;
    private final Guard guard;
    private final List<String> lines = new ArrayList<>();

    private RouteExplained(Switchboard switchboard, Guard guard) {
        this.switchboard = switchboard;
        this.guard = guard;
    }

    /**
     * A call to {@code written}, in lines for people. IllegalArgumentException where that is no number.
     *
     * @param at local time of {@code zone}; now, if absent
     */
    static List<String> of(
            RingdownSettings settings, String written, Optional<String> user, Optional<String> at, ZoneId zone) {
        PhoneNumber number = PhoneNumber.of(written)
                .orElseThrow(() -> new IllegalArgumentException(
                        "option --route is '" + written + "', no number; write digits, with + and the country code"));
        ZonedDateTime time = at.map(text -> time(text, zone)).orElseGet(() -> ZonedDateTime.now(zone));
        RouteExplained explained = new RouteExplained(Gateway.switchboard(settings, 0), guard(settings));
        explained.explain(number, user, time);
        return explained.lines;
    }

    private static Guard guard(RingdownSettings settings) {
        try {
            return Gateway.guard(settings, new UsedTokens());
        } catch (GuardException unfit) {
            throw new IllegalArgumentException("guard: " + unfit.getMessage(), unfit);
        }
    }

    private static ZonedDateTime time(String text, ZoneId zone) {
        try {
            return LocalDateTime.parse(text).atZone(zone);
        } catch (DateTimeException wrong) {
            throw new IllegalArgumentException(
                    "option --at is '" + text + "', no time; write one as 2026-11-26T10:00", wrong);
        }
    }

    private void explain(PhoneNumber dialled, Optional<String> user, ZonedDateTime at) {
        Decision decision = switchboard.routing().decide(dialled, user, at, new Random());
        lines.add("A call to " + dialled.digits()
                + user.map(name -> " by " + name).orElse("") + " at "
                + at.toLocalDateTime().withNano(0) + " " + at.getZone() + ":");
        switch (decision) {
            case Decision.Out out -> {
                read(dialled, out.to());
                lines.add("  Decided by: " + out.rule() + ".");
                lines.add("  By the guard it is "
                        + guard.explain(new Wish(
                                user.orElse("nobody in particular"),
                                Grant.ALL,
                                InetAddress.getLoopbackAddress(),
                                out.to(),
                                Caller.UNSAID))
                        + ".");
                trunks(new TrunkLines.Leaving(out.to(), Caller.UNSAID, false), out.trunks());
                retries(out.retryOn());
            }
            case Decision.Emergency help -> {
                lines.add("  This is an EMERGENCY call. No limit holds it up; every refusal leads to the next trunk.");
                trunks(new TrunkLines.Leaving(help.to(), Caller.UNSAID, true), help.trunks());
                place(switchboard.routing().help());
            }
            case Decision.NoEmergency _ ->
                lines.add("  This is an EMERGENCY call, and it is refused at once (emergency-not-available): add trunks"
                        + " to emergency.route, or tell your users to take another phone.");
            case Decision.Forbidden forbidden -> {
                read(dialled, forbidden.to());
                lines.add("  Decided by: " + forbidden.rule() + ". It has no trunks: the call is forbidden.");
            }
            case Decision.BadNumber _ ->
                lines.add("  No country's plan has such a number: the call is refused (bad-number).");
        }
    }

    private void read(PhoneNumber dialled, PhoneNumber to) {
        NumberPlan plan = switchboard.routing().plan();
        lines.add("  Read as " + to.digits()
                + (dialled.equals(to) ? "" : " (dialled " + dialled.digits() + ")") + ", "
                + plan.country(to).map(country -> "of " + country + ", ").orElse("")
                + plan.type(to).name().toLowerCase(Locale.ROOT).replace('_', '-') + ".");
    }

    private void trunks(TrunkLines.Leaving call, List<String> trunks) {
        if (trunks.isEmpty()) {
            lines.add("  No trunk takes it: no-route.");
        }
        for (int i = 0; i < trunks.size(); i++) {
            lines.add("  " + (i + 1) + ". " + trunks.get(i) + ", which is sent "
                    + switchboard.lines().called(trunks.get(i), call).digits());
        }
    }

    private void retries(Set<Integer> retryOn) {
        if (!retryOn.isEmpty()) {
            lines.add("  The next trunk is tried after "
                    + retryOn.stream().sorted().map(String::valueOf).collect(Collectors.joining(", ")) + " too.");
        }
    }

    private void place(EmergencySettings help) {
        List<String> places = Stream.concat(help.locationFile().stream(), help.location().stream())
                .map(Object::toString)
                .toList();
        lines.add("  Location: " + (places.isEmpty() ? "none is told" : String.join(", ", places)) + ". Called back: "
                + help.callback().map(PhoneNumber::digits).orElse("whoever calls") + ".");
    }
}
