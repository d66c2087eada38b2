package io.ringdown.sip.dialog;

import java.util.List;
import java.util.Optional;

/**
 * What a REFER has beyond other requests.
 *
 * @param referTo the values of Refer-To as they came
 * @param referredBy the user part of the URI of Referred-By (RFC 3892), unescaped
 */
public record ReferRequest(List<String> referTo, Optional<String> referredBy) {
    public ReferRequest {
        referTo = List.copyOf(referTo);
    }
}
