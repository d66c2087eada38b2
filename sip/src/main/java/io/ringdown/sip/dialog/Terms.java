package io.ringdown.sip.dialog;

import io.ringdown.sip.InfoRules;
import java.util.random.RandomGenerator;

/**
 * What holds for all calls of a trunk.
 *
 * @param authorizer its credentials
 * @param timers its times
 * @param info which bodies of INFO our side understands
 * @param random for waits that two ends must not choose alike; safe for all threads
 */
public record Terms(Authorizer authorizer, SipTimers timers, InfoRules info, RandomGenerator random) {}
