package io.ringdown.sip;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How we tell a trunk where we are (RFC 3261 10).
 *
 * @param uri the address of record, {@code sip:user@domain}; where absent, the username at the trunk's domain
 * @param contactUser the user of our Contact; where absent, that of the address of record
 * @param expires what we ask for; the trunk may grant less
 * @param everyAddress whether each listening address that can serve the trunk is a contact of its own, not only the first
 */
public record RegisterSettings(
        Optional<String> uri, Optional<String> contactUser, Duration expires, boolean everyAddress) {
    // RFC 3261 25.1, without what needs thought: passwords, parameters and headers have no place in an address of
    // record
    private static final Pattern URI = Pattern.compile(
            "sip:[A-Za-z0-9_.!~*'()&=+$,;?/%-]{1,64}@(?:[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])");
    private static final Pattern USER = Pattern.compile("[A-Za-z0-9_.!~*'()&=+$-]{1,64}");

    public RegisterSettings {
        if (uri.isPresent() && !URI.matcher(uri.get()).matches()) {
            throw new IllegalArgumentException(
                    "uri: '" + uri.get() + "' is no address of record; write one as in sip:alice@sip.example.net");
        }
        if (contactUser.isPresent() && !USER.matcher(contactUser.get()).matches()) {
            throw new IllegalArgumentException("contact-user: '" + contactUser.get()
                    + "' has characters that a user cannot have; letters, digits, -");
        }
        if (expires.compareTo(Duration.ofMinutes(1)) < 0 || expires.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("expires: " + expires.toSeconds() + " s is out of range; 60s to 24h");
        }
    }

    /** The trunk's own user, for an hour, at one address. */
    public static RegisterSettings defaults() {
        return new RegisterSettings(Optional.empty(), Optional.empty(), Duration.ofHours(1), false);
    }
}
