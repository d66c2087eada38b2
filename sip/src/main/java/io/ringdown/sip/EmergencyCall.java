package io.ringdown.sip;

import java.util.Optional;

/**
 * What an INVITE of an emergency call has besides.
 *
 * @param sosUrn the Request-URI is {@code urn:service:sos} (RFC 5031) in place of the number
 * @param location where the caller is: the URI of Geolocation (RFC 6442 4.1)
 */
public record EmergencyCall(boolean sosUrn, Optional<String> location) {}
