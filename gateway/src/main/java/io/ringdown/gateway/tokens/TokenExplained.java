package io.ringdown.gateway.tokens;

import io.ringdown.gateway.routing.Destinations;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.User;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** What a token opens at a gateway, or why it does not: {@code ringdown token --explain}. */
public final class TokenExplained {
    private TokenExplained() {}

    /**
     * The answer.
     *
     * @param opens whether the gateway would take it, from the pages and as often as it says
     * @param lines for people
     */
    public record Answer(boolean opens, List<String> lines) {
        public Answer {
            lines = List.copyOf(lines);
        }
    }

    /** As a gateway with these settings judges it now; keys that are published elsewhere are fetched for it. */
    public static Answer of(
            String token, TokenSettings settings, Map<String, User> users, Instant now, LongSupplier clock)
            throws UnfitKeyException {
        try (KeyRing ring = KeyRing.open(settings, clock)) {
            return switch (new TokenRules(settings).judge(token, ring.keys(), now)) {
                case Verdict.Bad bad -> new Answer(false, List.of(refused(bad)));
                case Verdict.Good good ->
                    KnownUsers.of(users)
                            .identity(good)
                            .map(who -> new Answer(true, opens(good, who, users.containsKey(who.subject()))))
                            .orElseGet(() -> new Answer(false, List.of(refused(Verdict.Bad.of(Refusal.USER)))));
            };
        }
    }

    private static String refused(Verdict.Bad bad) {
        return "It opens nothing (" + bad.why().code() + "): " + bad.why().text()
                + (bad.detail().equals(bad.why().text()) ? "." : ": " + bad.detail() + ".");
    }

    private static List<String> opens(Verdict.Good good, Identity who, boolean isUser) {
        Grant grant = good.grant();
        List<String> lines = new ArrayList<>();
        lines.add("It opens, until " + grant.expires().orElseThrow() + " with the skew that clocks may have:");
        lines.add("  subject: " + good.subject()
                + (isUser ? ", as the user " + who.subject() + " of the configuration" : ""));
        lines.add("  destinations: "
                + grant.destinations().map(TokenExplained::places).orElse("wherever the gateway lets it"));
        lines.add("  caller ids: "
                + grant.callerIds()
                        .map(ids -> ids.isEmpty() ? "none" : numbers(ids))
                        .orElse("any that the gateway lets it show"));
        lines.add("  calls: "
                + (grant.once() ? "one in all" : "any number")
                + (grant.calls().isPresent() ? ", " + grant.calls().getAsInt() + " at once" : "")
                + grant.longest()
                        .map(longest -> ", each of " + longest.toSeconds() + " s at most")
                        .orElse(""));
        grant.costClass().ifPresent(name -> lines.add("  cost class: " + name));
        lines.add("  pages: "
                + good.origins()
                        .map(origins -> String.join(", ", origins))
                        .orElse("any of web.origins, and clients that are no browsers"));
        return lines;
    }

    private static String places(Destinations to) {
        List<String> places = new ArrayList<>();
        Optional.of(to.numbers()).filter(list -> !list.isEmpty()).ifPresent(list -> places.add(numbers(list)));
        to.prefixes().forEach(prefix -> places.add(prefix + "…"));
        to.countries().stream().map(Object::toString).sorted().forEach(places::add);
        return places.isEmpty() ? "none" : String.join(", ", places);
    }

    private static String numbers(List<PhoneNumber> numbers) {
        return numbers.stream().map(PhoneNumber::digits).collect(Collectors.joining(", "));
    }
}
