package io.ringdown.gateway.softphones;

import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.sip.InboundInvite;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** As whom a phone wants to be shown, by its INVITE: what a {@code start} of our own protocol says in words. Pure. */
final class PhoneCaller {
    private static final String PREFERRED = "P-Preferred-Identity"; // RFC 3325 §9.2
    private static final String PRIVACY = "Privacy"; // RFC 3323 §4.2
    private static final Pattern SEPARATOR = Pattern.compile(";");
    private static final Pattern USER_PART = Pattern.compile("(?i)(?:sips?|tel):([^@;>?]{1,64})");

    private PhoneCaller() {}

    /**
     * The number of P-Preferred-Identity, or else of From, but where that is just the phone's own name; {@code isItself} knows that. A
     * phone that asks for privacy is anonymous.
     */
    static Caller of(InboundInvite invite, Predicate<String> isItself) {
        Predicate<String> isOther = isItself.negate();
        Optional<PhoneNumber> preferred = Optional.ofNullable(invite.headers().get(PREFERRED))
                .flatMap(PhoneCaller::userIn)
                .filter(isOther)
                .flatMap(PhoneNumber::of);
        Optional<PhoneNumber> said = invite.callerNumber().filter(isOther).flatMap(PhoneNumber::of);
        Caller caller = Caller.of(preferred.or(() -> said), invite.callerName());
        return new Caller(caller.number(), caller.name(), isPrivate(invite), caller.headers());
    }

    private static Optional<String> userIn(String header) {
        Matcher matcher = USER_PART.matcher(header);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static boolean isPrivate(InboundInvite invite) {
        boolean asked = Stream.ofNullable(invite.headers().get(PRIVACY))
                .flatMap(SEPARATOR::splitAsStream)
                .map(value -> value.strip().toLowerCase(Locale.ROOT))
                .anyMatch(value -> value.equals("id") || value.equals("user"));
        return asked
                || invite.callerNumber()
                        .filter(Caller.ANONYMOUS::equalsIgnoreCase)
                        .isPresent();
    }
}
