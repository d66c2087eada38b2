package io.ringdown.gateway.guard;

import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.tokens.Grant;
import java.net.InetAddress;

/**
 * A call that somebody wants to be made.
 *
 * @param subject who
 * @param grant what their token lets them do
 * @param from the client's address
 * @param to the number, as {@link io.ringdown.gateway.routing.Decision} has it
 * @param caller what the called is to be shown
 */
public record Wish(String subject, Grant grant, InetAddress from, PhoneNumber to, Caller caller) {
    /** What calls of one token are counted by. */
    String tokenOrSubject() {
        return grant.token().map(name -> "token " + name).orElse("user " + subject);
    }

    /** The same of another number. */
    public Wish withTo(PhoneNumber number) {
        return new Wish(subject, grant, from, number, caller);
    }
}
