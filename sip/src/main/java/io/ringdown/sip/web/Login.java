package io.ringdown.sip.web;

import io.ringdown.sip.Secret;

/**
 * Whose password somebody has to know who signs in by a name.
 *
 * @param user who they are then, whatever else they may call themselves
 * @param password for digest
 */
public record Login(String user, Secret password) {}
