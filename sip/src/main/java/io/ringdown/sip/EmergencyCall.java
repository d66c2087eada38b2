package io.ringdown.sip;

import java.util.Optional;

/**
 * What an INVITE of an emergency call has besides.
 *
 * @param sosUrn the Request-URI is {@code urn:service:sos} (RFC 5031) in place of the number
 * @param location where the caller is: a URI in Geolocation (RFC 6442 4.1)
 * @param document the same by value: PIDF-LO (RFC 4119) in the body, which Geolocation names first
 */
public record EmergencyCall(boolean sosUrn, Optional<String> location, Optional<String> document) {
    @Override
    public String toString() {
        return "EmergencyCall[sosUrn=" + sosUrn + ", location=" + location + ", document=" + document.isPresent() + "]";
    }
}
