package io.ringdown.sip.dialog;

import io.ringdown.sip.InfoRules;

/**
 * What holds for all calls of a trunk.
 *
 * @param authorizer its credentials
 * @param timers its times
 * @param info which bodies of INFO our side understands
 */
public record Terms(Authorizer authorizer, SipTimers timers, InfoRules info) {}
