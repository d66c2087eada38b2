package io.ringdown.sip.dialog;

/**
 * Where a 3xx would have us try.
 *
 * @param number whom that calls, as the trunk writes it
 * @param target the Request-URI
 */
public record Redirect(String number, String target) {}
