package io.ringdown.sip.dialog;

import io.ringdown.sip.InfoRules;
import java.time.Duration;

/**
 * What holds for all calls of a trunk.
 *
 * @param authorizer its credentials
 * @param timers its times
 * @param info which bodies of INFO our side understands
 */
public record Terms(Authorizer authorizer, SipTimers timers, InfoRules info) {

    /** The same, but not even a 100 is waited for longer than this. */
    public Terms withSilentAfter(Duration limit) {
        return new Terms(authorizer, timers.withSilentAfter(limit), info);
    }
}
