package io.ringdown.sip.web;

import java.time.Duration;
import java.util.Optional;

/**
 * Whom a token names (RFC 8898).
 *
 * @param user who that is
 * @param lasts how long it is good still; empty if for good
 */
public record Bearer(String user, Optional<Duration> lasts) {}
