package io.ringdown.gateway.call;

import io.ringdown.gateway.guard.Wish;
import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.tokens.Grant;
import java.net.InetAddress;

/**
 * Who asks for a call.
 *
 * @param subject whom the token names
 * @param grant what the token lets its bearer do
 * @param from the client's address
 */
public record Asker(String subject, Grant grant, InetAddress from) {
    /** Their wish that this number be called. */
    Wish wish(PhoneNumber to, Caller caller) {
        return new Wish(subject, grant, from, to, caller);
    }
}
