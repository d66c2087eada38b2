package io.ringdown.gateway.tokens;

/**
 * Who a client is; calls belong to an identity, and no other one can touch or see them.
 *
 * @param subject the name in the token, or that of the key
 */
public record Identity(String subject) {}
