package io.ringdown.gateway.call;

import io.ringdown.gateway.routing.PhoneNumber;
import java.util.Optional;
import java.util.SequencedSet;

/** Who is signed in, and for which numbers. Thread-safe; answers at once. */
public interface SignedIn {
    /** The clients that a call to this number rings at; empty if there is none. */
    SequencedSet<ClientId> clientsFor(PhoneNumber number);

    /** As whom this client signed in, and what they may do; empty if it is gone. */
    Optional<Asker> askerOf(ClientId client);

    /** As whom it has this call, and what they may do there: another device may have signed in as the same client. */
    default Optional<Asker> askerOf(ClientId client, CallId call) {
        return askerOf(client);
    }

    /** The clients that signed in as this user; empty if there is none. */
    SequencedSet<ClientId> clientsOf(String user);
}
