package io.ringdown.sip;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Which headers a configuration may add, and what they may hold. */
final class HeaderRules {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9.!%*_+`'~-]{1,64}"); // RFC 3261 25.1 token
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
            "session-expires",
            "x",
            "min-se",
            "p-early-media",
            "p-asserted-identity",
            "user-agent",
            "reason");

    private HeaderRules() {}

    static void requireSettable(String name, String value) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("headers: '" + name + "' is not a header name; letters, digits and -");
        }
        if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("headers: " + name + " is set by the gateway itself; leave it out");
        }
        if (value.length() > 256 || !value.chars().allMatch(c -> c >= 0x20 && c != 0x7f)) {
            throw new IllegalArgumentException(
                    "headers: the value of " + name + " is too long or has control characters; 256 printable ones");
        }
    }
}
