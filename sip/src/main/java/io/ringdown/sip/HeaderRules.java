package io.ringdown.sip;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Which headers a configuration and a client may add to an INVITE, and what these may hold. */
public final class HeaderRules {
    /** The longest value that a client may give, in characters. */
    public static final int LONGEST_VALUE = 256;

    private static final int MOST_LISTED = 16;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9.!%*_+`'~-]{1,64}"); // RFC 3261 25.1 token
    // Printable ASCII: nothing that any parser could take for the end of a line.
    private static final Pattern LINE = Pattern.compile("[\\x20-\\x7e]{1," + LONGEST_VALUE + "}");
    // What routes, identifies or frames a message is ours alone, in long and compact form.
    private static final Set<String> RESERVED = Set.of(
            "via",
            "v",
            "from",
            "f",
            "to",
            "t",
            "call-id",
            "i",
            "cseq",
            "contact",
            "m",
            "route",
            "record-route",
            "max-forwards",
            "content-length",
            "l",
            "content-type",
            "c",
            "content-encoding",
            "e",
            "require",
            "proxy-require",
            "supported",
            "k",
            "allow",
            "accept",
            "recv-info",
            "info-package",
            "authorization",
            "proxy-authorization",
            "www-authenticate",
            "proxy-authenticate",
            "rack",
            "rseq",
            "replaces",
            "refer-to",
            "r",
            "referred-by",
            "b",
            "refer-sub",
            "session-expires",
            "x",
            "min-se",
            "p-early-media",
            "p-asserted-identity",
            "remote-party-id",
            "privacy",
            "user-agent",
            "reason");
    // What other settings write; a trunk's own may be read.
    private static final Set<String> WRITTEN =
            Set.of("mime-version", "geolocation", "geolocation-routing", "history-info", "diversion");
    // Private by name, or made for just this (RFC 7433): no element on the way acts on what a client writes into them.
    private static final Pattern FOR_CLIENTS = Pattern.compile("(?i)x-.+|user-to-user");

    private HeaderRules() {}

    static void requireSettable(String name, String value) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("headers: '" + name + "' is not a header name; letters, digits and -");
        }
        String plain = name.toLowerCase(Locale.ROOT);
        if (RESERVED.contains(plain) || WRITTEN.contains(plain)) {
            throw new IllegalArgumentException("headers: " + name + " is set by the gateway itself; leave it out");
        }
        if (value.length() > 256 || !value.chars().allMatch(c -> c >= 0x20 && c != 0x7f)) {
            throw new IllegalArgumentException(
                    "headers: the value of " + name + " is too long or has control characters; 256 printable ones");
        }
    }

    /** Names that clients may write: private ones. */
    static void requireWritable(String key, List<String> names) {
        requireFew(key, names);
        for (String name : names) {
            if (!isForClients(name)) {
                throw new IllegalArgumentException(
                        key + ": " + name + " is not for clients; use one that begins with X-, or User-to-User");
            }
        }
    }

    /** Names that clients are told: a few, and none that SIP itself lives by. */
    static void requireReadable(String key, List<String> names) {
        requireFew(key, names);
        for (String name : names) {
            if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException(
                        key + ": " + name + " is between the trunk and the gateway; leave it out");
            }
        }
    }

    private static void requireFew(String key, List<String> names) {
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        key + ": '" + name + "' is not a header name; write one as X-Crm-Id");
            }
            if (!seen.add(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException(key + ": " + name + " is there twice; keep one of them");
            }
        }
        if (names.size() > MOST_LISTED) {
            throw new IllegalArgumentException(
                    key + ": " + names.size() + " names; " + MOST_LISTED + " are possible, leave some out");
        }
    }

    /** Whether a client may write this header, where a trunk's list has it: a private name, and a line of printable ASCII. */
    public static boolean isClientHeader(String name, String value) {
        return isForClients(name) && isLine(value);
    }

    /** A trunk's value for a client: control characters gone, no longer than one of a client's own; empty where nothing is left. */
    public static String told(String value) {
        StringBuilder kept = new StringBuilder();
        value.codePoints()
                .filter(c -> !Character.isISOControl(c) && !isLineEnd(c))
                .limit(LONGEST_VALUE)
                .forEach(kept::appendCodePoint);
        return kept.toString().strip();
    }

    private static boolean isLineEnd(int c) {
        return c == 0x2028 || c == 0x2029 || Character.getType(c) == Character.SURROGATE;
    }

    /** Whether this is 1 to {@link #LONGEST_VALUE} characters of printable ASCII, and not only spaces. */
    private static boolean isLine(String value) {
        return LINE.matcher(value).matches() && !value.isBlank();
    }

    private static boolean isForClients(String name) {
        return NAME.matcher(name).matches() && FOR_CLIENTS.matcher(name).matches();
    }
}
