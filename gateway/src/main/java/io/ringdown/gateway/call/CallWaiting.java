package io.ringdown.gateway.call;

import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.Users;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.Supplier;

/** Who is signed in, without those who talk and want no other call meanwhile. Thread-safe. */
final class CallWaiting implements SignedIn {
    private final SignedIn all;
    private final Users users;
    private final Supplier<Set<ClientId>> talking;

    /** {@code talking} are the clients that have a call. */
    CallWaiting(SignedIn all, Users users, Supplier<Set<ClientId>> talking) {
        this.all = all;
        this.users = users;
        this.talking = talking;
    }

    @Override
    public SequencedSet<ClientId> clientsFor(PhoneNumber number) {
        SequencedSet<ClientId> clients = new LinkedHashSet<>(all.clientsFor(number));
        clients.removeIf(client ->
                all.askerOf(client).filter(asker -> isBusy(asker.subject())).isPresent());
        return clients;
    }

    @Override
    public Optional<Asker> askerOf(ClientId client) {
        return all.askerOf(client);
    }

    @Override
    public SequencedSet<ClientId> clientsOf(String user) {
        return isBusy(user) ? new LinkedHashSet<>() : all.clientsOf(user);
    }

    private boolean isBusy(String user) {
        return !users.takesAnother(user)
                && talking.get().stream()
                        .flatMap(client -> all.askerOf(client).stream())
                        .anyMatch(asker -> asker.subject().equals(user));
    }
}
