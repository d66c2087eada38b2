package io.ringdown.sip.web;

/**
 * Whose password somebody has to know who signs in by a name.
 *
 * @param user who they are then, whatever else they may call themselves
 * @param secret what their digest is judged by
 */
public record Login(String user, DigestSecret secret) {}
