package io.ringdown.gateway.call;

import io.ringdown.gateway.routing.PhoneNumber;
import java.util.SequencedSet;

/** Who is signed in for a number. Thread-safe; answers at once. */
@FunctionalInterface
public interface SignedIn {
    /** The clients that a call to this number rings at; empty if there is none. */
    SequencedSet<ClientId> clientsFor(PhoneNumber number);
}
