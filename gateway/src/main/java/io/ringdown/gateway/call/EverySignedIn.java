package io.ringdown.gateway.call;

import io.ringdown.gateway.routing.PhoneNumber;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.Function;

/**
 * Who is signed in, however they are: each over its own road.
 *
 * @param roads in the order in which their clients are named
 */
public record EverySignedIn(List<SignedIn> roads) implements SignedIn {
    public EverySignedIn {
        roads = List.copyOf(roads);
    }

    @Override
    public SequencedSet<ClientId> clientsFor(PhoneNumber number) {
        return joined(road -> road.clientsFor(number));
    }

    @Override
    public Optional<Asker> askerOf(ClientId client) {
        return roads.stream().flatMap(road -> road.askerOf(client).stream()).findFirst();
    }

    @Override
    public Optional<Asker> askerOf(ClientId client, CallId call) {
        return roads.stream()
                .flatMap(road -> road.askerOf(client, call).stream())
                .findFirst();
    }

    @Override
    public SequencedSet<ClientId> clientsOf(String user) {
        return joined(road -> road.clientsOf(user));
    }

    private SequencedSet<ClientId> joined(Function<SignedIn, SequencedSet<ClientId>> of) {
        SequencedSet<ClientId> all = new LinkedHashSet<>();
        roads.forEach(road -> all.addAll(of.apply(road)));
        return all;
    }
}
