package io.ringdown.gateway.tokens;

import io.ringdown.gateway.routing.Country;
import io.ringdown.gateway.routing.Destinations;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.Prefix;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/**
 * The claim {@code ringdown} of a token: docs/tokens.md. A member that is not known refuses the token, for it may be a
 * restriction. Every reading throws IllegalArgumentException with a text that names the member.
 */
final class GrantClaims {
    static final String CLAIM = "ringdown";
    private static final Set<String> MEMBERS =
            Set.of("to", "from", "user", "longest", "calls", "class", "once", "origin");
    private static final Set<String> PLACES = Set.of("numbers", "prefixes", "countries");
    private static final int MOST_ITEMS = 200;
    private static final int LONGEST_TEXT = 200;
    private static final long LONGEST_SECONDS = Duration.ofDays(1).toSeconds();
    private static final int MOST_CALLS = 1_000_000;

    private final Map<?, ?> members;

    private GrantClaims(Object claim) {
        this.members = object(claim, CLAIM, MEMBERS);
    }

    /** The claim, if the token has it. */
    static GrantClaims of(Optional<Object> claim) {
        return new GrantClaims(claim.orElse(Map.of()));
    }

    Grant grant(Optional<String> jti, Instant expires) {
        boolean once = flag("once");
        if (once && jti.isEmpty()) {
            throw new IllegalArgumentException("ringdown.once needs a jti");
        }
        return new Grant(
                jti,
                once,
                Optional.of(expires),
                member("to").map(GrantClaims::destinations),
                list("from", PhoneNumber::parse),
                member("calls")
                        .map(value -> OptionalInt.of((int) whole(value, "calls", MOST_CALLS)))
                        .orElse(OptionalInt.empty()),
                member("longest").map(value -> Duration.ofSeconds(whole(value, "longest", LONGEST_SECONDS))),
                text("class"));
    }

    Optional<String> user() {
        return text("user");
    }

    Optional<List<String>> origins() {
        return list("origin", origin -> origin);
    }

    private static Destinations destinations(Object claim) {
        Map<?, ?> to = object(claim, "to", PLACES);
        return new Destinations(
                items(to, "numbers", PhoneNumber::parse),
                items(to, "prefixes", Prefix::parse),
                new LinkedHashSet<>(items(to, "countries", Country::parse)));
    }

    private static <T> List<T> items(Map<?, ?> of, String name, Function<String, T> reader) {
        return of.containsKey(name) ? read(of.get(name), "to." + name, reader) : List.of();
    }

    private <T> Optional<List<T>> list(String name, Function<String, T> reader) {
        return member(name).map(value -> read(value, name, reader));
    }

    private static <T> List<T> read(Object value, String name, Function<String, T> reader) {
        if (!(value instanceof List<?> list) || list.size() > MOST_ITEMS) {
            throw new IllegalArgumentException("ringdown." + name + " is no list of at most " + MOST_ITEMS);
        }
        List<T> read = new ArrayList<>();
        for (Object item : list) {
            try {
                read.add(reader.apply(text(item, name)));
            } catch (IllegalArgumentException unfit) {
                throw new IllegalArgumentException("ringdown." + name + " has an entry that does not fit", unfit);
            }
        }
        return read;
    }

    private Optional<Object> member(String name) {
        if (members.containsKey(name) && members.get(name) == null) {
            throw new IllegalArgumentException("ringdown." + name + " is null; leave it out");
        }
        return Optional.ofNullable(members.get(name));
    }

    private Optional<String> text(String name) {
        return member(name).map(value -> text(value, name));
    }

    private boolean flag(String name) {
        Optional<Object> value = member(name);
        if (value.isPresent() && !(value.get() instanceof Boolean)) {
            throw new IllegalArgumentException("ringdown." + name + " is neither true nor false");
        }
        return value.filter(Boolean.TRUE::equals).isPresent();
    }

    private static String text(Object value, String name) {
        if (value instanceof String text && !text.isBlank() && text.length() <= LONGEST_TEXT) {
            return text;
        }
        throw new IllegalArgumentException("ringdown." + name + " is no text of at most " + LONGEST_TEXT);
    }

    private static long whole(Object value, String name, long most) {
        boolean isWhole = value instanceof Integer || value instanceof Long;
        if (!isWhole || ((Number) value).longValue() < 1 || ((Number) value).longValue() > most) {
            throw new IllegalArgumentException("ringdown." + name + " is no whole number from 1 to " + most);
        }
        return ((Number) value).longValue();
    }

    private static Map<?, ?> object(Object value, String name, Set<String> known) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException(name + " is no object");
        }
        if (!known.containsAll(map.keySet())) {
            throw new IllegalArgumentException(name + " has a member that is not known; there are "
                    + String.join(", ", known.stream().sorted().toList()));
        }
        return map;
    }
}
