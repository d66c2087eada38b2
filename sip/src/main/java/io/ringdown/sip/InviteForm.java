package io.ringdown.sip;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How an INVITE is written.
 *
 * @param caller where it says who calls
 * @param phoneContext where a number without + belongs: {@code ;phone-context} (RFC 3966 5.1.5); not added to others
 * @param userPhone whether URIs with numbers have {@code ;user=phone} (RFC 3261 19.1.1)
 * @param headers what the client adds; only names on the trunk's list leave ({@code headers-out})
 * @param emergency present for an emergency call: no limit of ours holds it up
 */
public record InviteForm(
        CallerIdentity caller,
        Optional<String> phoneContext,
        boolean userPhone,
        Map<String, String> headers,
        Optional<EmergencyCall> emergency) {
    /** From alone, and the number as it is. */
    public static final InviteForm PLAIN =
            new InviteForm(CallerIdentity.IN_FROM, Optional.empty(), false, Map.of(), Optional.empty());

    public InviteForm {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }
}
