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
    /**
     * The same for what the system of whoever runs the gateway orders for them: it goes where they may call, and is counted as theirs,
     * but their token need not be good any more, and is not used up.
     */
    public Asker ordered() {
        return new Asker(subject, grant.lasting(), from);
    }

    /** Their wish that this number be called. */
    Wish wish(PhoneNumber to, Caller caller) {
        return new Wish(subject, grant, from, to, caller);
    }
}
