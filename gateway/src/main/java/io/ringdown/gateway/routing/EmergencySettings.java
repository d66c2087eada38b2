package io.ringdown.gateway.routing;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What happens to calls for help.
 *
 * @param route the trunks that take them, in the order in which they are tried; none: they are refused at once, and say so
 * @param numbers which they are, besides those of the home country
 * @param location where callers are, as a URI that the emergency service can look at: Geolocation (RFC 6442)
 * @param locationFile the same as a document, sent with the call: PIDF-LO (RFC 4119)
 * @param callback the number that is told as the caller's, where somebody answers
 * @param sosUrn the Request-URI is {@code urn:service:sos} (RFC 5031), for trunks that want it
 */
public record EmergencySettings(
        List<String> route,
        List<PhoneNumber> numbers,
        Optional<URI> location,
        Optional<Path> locationFile,
        Optional<PhoneNumber> callback,
        boolean sosUrn) {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{2,12}");
    private static final Set<String> SCHEMES = Set.of("http", "https", "sip", "sips", "pres"); // RFC 6442 4.1
    private static final Pattern HEADER_SAFE = Pattern.compile("[\\x21-\\x7e&&[^<>\"]]{1,256}");

    public EmergencySettings {
        route = List.copyOf(route);
        numbers = List.copyOf(numbers);
        if (new HashSet<>(route).size() != route.size()) {
            throw new IllegalArgumentException("route: a trunk is there twice; keep one of them");
        }
        for (PhoneNumber number : numbers) {
            if (!NUMBER.matcher(number.digits()).matches()) {
                throw new IllegalArgumentException(
                        "numbers: " + number.digits() + " is no emergency number; write 2 to 12 digits such as 112");
            }
        }
        if (location.isPresent() && !isLocation(location.get())) {
            throw new IllegalArgumentException("location: " + location.get()
                    + " is not for Geolocation; write a URI of https, http, sip, sips or pres");
        }
    }

    /** Refused, with words. */
    public static EmergencySettings defaults() {
        return new EmergencySettings(List.of(), List.of(), Optional.empty(), Optional.empty(), Optional.empty(), false);
    }

    private static boolean isLocation(URI uri) {
        return uri.getScheme() != null
                && SCHEMES.contains(uri.getScheme())
                && HEADER_SAFE.matcher(uri.toString()).matches();
    }
}
