package io.ringdown.gateway.call;

import io.ringdown.gateway.tokens.Grant;
import java.net.InetAddress;

/**
 * Who asks for a call.
 *
 * @param subject whom the token names
 * @param grant what the token lets its bearer do
 * @param from the client's address
 */
public record Asker(String subject, Grant grant, InetAddress from) {}
