package io.ringdown.sip.dialog;

import io.ringdown.sip.InfoRules;
import io.ringdown.sip.SessionTimerSettings;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * What holds for all calls of a trunk.
 *
 * @param authorizer its credentials
 * @param timers its times
 * @param sessionTimer how its sessions are kept
 * @param reliable whether callers that support it get provisional responses reliably (RFC 3262)
 * @param transfers whether the peer's REFERs and its INVITEs with Replaces are taken (RFC 3515, RFC 3891)
 * @param info which bodies of INFO our side understands
 * @param random for waits that two ends must not choose alike; safe for all threads
 */
public record Terms(
        Authorizer authorizer,
        SipTimers timers,
        SessionTimerSettings sessionTimer,
        boolean reliable,
        boolean transfers,
        InfoRules info,
        RandomGenerator random) {

    /** Terms of a trunk that transfers nobody. */
    public Terms(
            Authorizer authorizer,
            SipTimers timers,
            SessionTimerSettings sessionTimer,
            boolean reliable,
            InfoRules info,
            RandomGenerator random) {
        this(authorizer, timers, sessionTimer, reliable, false, info, random);
    }

    /** The same, but not even a 100 is waited for longer than this. */
    public Terms withSilentAfter(Duration limit) {
        return new Terms(authorizer, timers.withSilentAfter(limit), sessionTimer, reliable, transfers, info, random);
    }
}
