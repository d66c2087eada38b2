package io.ringdown.conf;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads a value of one type from what was written. What does not fit is an {@link IllegalArgumentException} with the message
 * {@code what is wrong; what would be right}. Pure.
 *
 * @param example what to write, for a key that is missing
 */
record TextReader(Function<String, Object> function, String example) {
    private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]*)");
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,12}(ms|s|m|h|d))+");
    private static final Pattern DURATION_PART = Pattern.compile("([0-9]+)(ms|s|m|h|d)");
    private static final Pattern DOTTED = Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
    private static final Pattern SOCKET = Pattern.compile("(?:\\[([^\\]]+)\\]|([^:\\[\\]]+)):([0-9]{1,5})");

    private static final Map<Class<?>, TextReader> KNOWN = Map.ofEntries(
            Map.entry(String.class, new TextReader(text -> text, "some text")),
            Map.entry(int.class, new TextReader(TextReader::intOf, "a whole number, as in 8")),
            Map.entry(Integer.class, new TextReader(TextReader::intOf, "a whole number, as in 8")),
            Map.entry(long.class, new TextReader(TextReader::longOf, "a whole number, as in 8")),
            Map.entry(Long.class, new TextReader(TextReader::longOf, "a whole number, as in 8")),
            Map.entry(double.class, new TextReader(TextReader::doubleOf, "a number, as in 0.5")),
            Map.entry(Double.class, new TextReader(TextReader::doubleOf, "a number, as in 0.5")),
            Map.entry(boolean.class, new TextReader(TextReader::booleanOf, "true or false")),
            Map.entry(Boolean.class, new TextReader(TextReader::booleanOf, "true or false")),
            Map.entry(Duration.class, new TextReader(TextReader::durationOf, "a duration, as in 4s or 500ms")),
            Map.entry(
                    InetAddress.class,
                    new TextReader(TextReader::addressOf, "an address, as in 192.0.2.1 or 2001:db8::1")),
            Map.entry(
                    InetSocketAddress.class,
                    new TextReader(TextReader::socketOf, "an address and port, as in 127.0.0.1:8080 or [::1]:8080")),
            Map.entry(Path.class, new TextReader(TextReader::pathOf, "a path of a file")),
            Map.entry(URI.class, new TextReader(TextReader::uriOf, "a URI, as in https://example.net/")));

    /** The reader for {@code type}: its own {@code public static parse(String)}, or one that is known here. */
    static Optional<TextReader> of(Class<?> type) {
        Optional<TextReader> own =
                parse(type).map(method -> new TextReader(text -> call(method, text), "a " + words(type)));
        if (own.isPresent()) {
            return own;
        }
        return type.isEnum() ? Optional.of(enumeration(type)) : Optional.ofNullable(KNOWN.get(type));
    }

    Object read(String text) {
        return function.apply(text);
    }

    private static Optional<Method> parse(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> method.getName().equals("parse")
                        && Modifier.isStatic(method.getModifiers())
                        && Modifier.isPublic(method.getModifiers())
                        && method.getReturnType() == type
                        && Arrays.equals(method.getParameterTypes(), new Class<?>[] {String.class}))
                .findFirst()
                .map(method -> {
                    method.setAccessible(true);
                    return method;
                });
    }

    private static Object call(Method parse, String text) {
        try {
            return parse.invoke(null, text);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException unfit && !(unfit instanceof NumberFormatException)) {
                throw unfit;
            }
            // Whatever else a parser throws at odd text, the text is to blame; its message may be anything, so it is
            // not shown.
            throw new IllegalArgumentException(
                    "is no " + words(parse.getDeclaringClass()) + "; see the sample file", e);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String words(Class<?> type) {
        return Shape.key(type.getSimpleName()).replace('-', ' ');
    }

    private static TextReader enumeration(Class<?> type) {
        Map<String, Object> constants = Arrays.stream(type.getEnumConstants())
                .collect(Collectors.toMap(
                        constant -> ((Enum<?>) constant)
                                .name()
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '-'),
                        constant -> (Object) constant,
                        (one, other) -> one,
                        java.util.LinkedHashMap::new));
        String names = String.join(", ", constants.keySet());
        return new TextReader(
                text -> {
                    Object constant = constants.get(text);
                    if (constant != null) {
                        return constant;
                    }
                    String hint = Nearest.to(text, constants.keySet())
                            .map(name -> "did you mean " + name + "? ")
                            .orElse("");
                    throw new IllegalArgumentException("is not one of the choices; " + hint + "write one of " + names);
                },
                "one of " + names);
    }

    private static Integer intOf(String text) {
        return (int) whole(text, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    private static Long longOf(String text) {
        return whole(text, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    private static long whole(String text, long least, long most) {
        if (!WHOLE.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "is not a whole number; write digits only, without a leading 0, as in 8");
        }
        boolean fits = text.length() <= 20
                && new BigInteger(text).compareTo(BigInteger.valueOf(least)) >= 0
                && new BigInteger(text).compareTo(BigInteger.valueOf(most)) <= 0;
        if (!fits) {
            throw new IllegalArgumentException("is too large; write a number of at most " + most);
        }
        return Long.parseLong(text);
    }

    private static Double doubleOf(String text) {
        if (!NUMBER.matcher(text).matches() || text.length() > 40) {
            throw new IllegalArgumentException("is not a number; write digits with a point, as in 0.5");
        }
        return Double.parseDouble(text);
    }

    private static Boolean booleanOf(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on" -> Boolean.TRUE;
            case "false", "no", "off" -> Boolean.FALSE;
            default -> throw new IllegalArgumentException("is neither true nor false; write true or false");
        };
    }

    private static Duration durationOf(String text) {
        if (!DURATION.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "is not a duration; write a number with ms, s, m, h or d, as in 4s or 500ms");
        }
        Duration sum = Duration.ZERO;
        Matcher part = DURATION_PART.matcher(text);
        while (part.find()) {
            long number = Long.parseLong(part.group(1));
            sum = sum.plus(
                    switch (part.group(2)) {
                        case "ms" -> Duration.ofMillis(number);
                        case "s" -> Duration.ofSeconds(number);
                        case "m" -> Duration.ofMinutes(number);
                        case "h" -> Duration.ofHours(number);
                        default -> Duration.ofDays(number);
                    });
        }
        // Nanoseconds in a long end at 292 years; whoever counts in them must not meet an overflow.
        if (sum.compareTo(Duration.ofDays(36_500)) > 0) {
            throw new IllegalArgumentException("is longer than a century; write a shorter duration, as in 4s");
        }
        return sum;
    }

    private static InetAddress addressOf(String text) {
        if (text.contains(":") || DOTTED.matcher(text).matches()) {
            try {
                return InetAddress.ofLiteral(text);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("is not an address; write one as in 192.0.2.1 or 2001:db8::1", e);
            }
        }
        throw new IllegalArgumentException(
                "is not an address; write the address itself, not a name, as in 192.0.2.1 or 2001:db8::1");
    }

    private static InetSocketAddress socketOf(String text) {
        Matcher parts = SOCKET.matcher(text);
        if (!parts.matches() || Integer.parseInt(parts.group(3)) > 65_535) {
            throw new IllegalArgumentException(
                    "is not an address with a port; write both, as in 127.0.0.1:8080 or [::1]:8080");
        }
        String address = parts.group(1) != null ? parts.group(1) : parts.group(2);
        return new InetSocketAddress(addressOf(address), Integer.parseInt(parts.group(3)));
    }

    private static Path pathOf(String text) {
        try {
            if (!text.isBlank()) {
                return Path.of(text);
            }
        } catch (InvalidPathException e) {
            // Told below like the empty one.
        }
        throw new IllegalArgumentException("is not a path; write the path of a file");
    }

    private static URI uriOf(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is not a URI; write one as in https://example.net/", e);
        }
    }
}
