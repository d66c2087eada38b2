package io.ringdown.sip.dialog;

import io.ringdown.sip.Diverted;
import io.ringdown.sip.Diverted.Why;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a call was before, by History-Info (RFC 7044, and RFC 4244 as it is still written), or by Diversion (RFC 5806) where
 * that tells nothing. Pure.
 */
public final class Diversions {
    // RFC 7044 10.1.2: each of them asks that history is not told; header and session ask for more than that (RFC 3323
    // 4.2).
    private static final Set<String> HIDING = Set.of("history", "header", "session");
    // RFC 3326 2: of the protocol SIP.
    private static final Pattern REASON =
            Pattern.compile("(?i)\\s*SIP\\s*;(?:[^,]*;)?\\s*cause\\s*=\\s*([0-9]{3})\\b.*");

    private Diversions() {}

    /**
     * What may be told; empty where a call came straight to us, or nobody may know any of the numbers.
     *
     * @param historyInfo the values of History-Info, in order
     * @param diversion those of Diversion
     * @param privacy those of Privacy
     */
    public static Optional<Diverted> of(List<String> historyInfo, List<String> diversion, List<String> privacy) {
        if (privacy.stream().anyMatch(Diversions::hides)) {
            return Optional.empty();
        }
        return byHistory(AddressValue.all(historyInfo))
                .or(() -> byDiversion(AddressValue.all(diversion)))
                .filter(diverted ->
                        diverted.last().isPresent() || diverted.first().isPresent());
    }

    private static boolean hides(String privacy) {
        for (String token : privacy.toLowerCase(Locale.ROOT).split("[;,\\s]+", 32)) {
            if (HIDING.contains(token)) {
                return true;
            }
        }
        return false;
    }

    // The latest stands first (RFC 5806 5).
    private static Optional<Diverted> byDiversion(List<AddressValue> entries) {
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        AddressValue last = entries.getFirst();
        return Optional.of(new Diverted(
                shown(last),
                shown(entries.getLast()),
                last.parameter("reason").map(Why::of).orElse(Why.UNKNOWN)));
    }

    private static Optional<String> shown(AddressValue diversion) {
        String privacy = diversion.parameter("privacy").orElse("off").toLowerCase(Locale.ROOT);
        return privacy.equals("full") || privacy.equals("uri") ? Optional.empty() : diversion.number();
    }

    /** One who sent the call on, and why. */
    private record Step(AddressValue from, Why why) {
        Optional<String> number() {
            return from.uriHeader("Privacy").filter(Diversions::hides).isPresent() ? Optional.empty() : from.number();
        }
    }

    private static Optional<Diverted> byHistory(List<AddressValue> entries) {
        List<Step> steps = new ArrayList<>();
        for (int i = 1; i < entries.size(); i++) {
            step(entries, i).ifPresent(steps::add);
        }
        return steps.isEmpty()
                ? Optional.empty()
                : Optional.of(new Diverted(
                        steps.getLast().number(),
                        steps.getFirst().number(),
                        steps.getLast().why()));
    }

    // To another target by mapping: mp names the one before (RFC 7044 8). With only a cause in the URI, or the older
    // Reason
    // of the entry before, that is the entry before. A contact (rc), or the same again (np), was no diversion.
    private static Optional<Step> step(List<AddressValue> entries, int at) {
        AddressValue entry = entries.get(at);
        AddressValue before = entries.get(at - 1);
        Optional<Why> cause = entry.uriParameter("cause").flatMap(Diversions::why);
        Optional<Why> reason = before.uriHeader("Reason").flatMap(Diversions::reason);
        Optional<String> mapped = entry.parameter("mp");
        if (mapped.isPresent()) {
            AddressValue from = entries.stream()
                    .filter(one -> one.parameter("index").equals(mapped))
                    .findFirst()
                    .orElse(before);
            return Optional.of(new Step(from, cause.or(() -> reason).orElse(Why.UNKNOWN)));
        }
        boolean sameTarget =
                entry.parameter("rc").isPresent() || entry.parameter("np").isPresent();
        return sameTarget ? Optional.empty() : cause.or(() -> reason).map(why -> new Step(before, why));
    }

    private static Optional<Why> reason(String written) {
        Matcher cause = REASON.matcher(written);
        return cause.matches() ? why(cause.group(1)) : Optional.empty();
    }

    private static Optional<Why> why(String cause) {
        return cause.matches("[0-9]{3}") ? Why.ofCause(Integer.parseInt(cause)) : Optional.empty();
    }
}
