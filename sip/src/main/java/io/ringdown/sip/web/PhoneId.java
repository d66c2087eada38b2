package io.ringdown.sip.web;

/**
 * A softphone: the same one after it has lost its socket and come back with another.
 *
 * @param user who is signed in with it: proved by digest or token, not what it says of itself or signs in by
 * @param instance what tells it from the user's others: {@code +sip.instance} of its Contact (RFC 5626 §4.1), or else the Contact's
 *     user and host
 */
public record PhoneId(String user, String instance) {}
