package io.ringdown.gateway.agents;

import io.ringdown.gateway.routing.Extensions;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.Users;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** The extensions of users, of groups, and of whom a directory knows. Thread-safe. */
public final class HouseNumbers implements Extensions {
    private final Users users;
    private final Set<PhoneNumber> ofGroups;
    private final Optional<Directory> directory;

    /** Those of these; users who are found are among them from then on. */
    public HouseNumbers(Users users, Collection<GroupSettings> groups, Optional<Directory> directory) {
        this.users = users;
        this.ofGroups =
                groups.stream().flatMap(group -> group.extension().stream()).collect(Collectors.toUnmodifiableSet());
        this.directory = directory;
    }

    @Override
    public boolean has(PhoneNumber number) {
        return ofGroups.contains(number) || users.withExtension(number).isPresent();
    }

    /** Of the users who are found too: their extension may be somebody else's by now. */
    @Override
    public CompletableFuture<Void> ask(PhoneNumber number) {
        return directory
                .filter(_ -> !ofGroups.contains(number) && !users.isConfigured(number))
                .map(one -> one.extension(number).thenAccept(_ -> {}))
                .orElseGet(() -> CompletableFuture.completedFuture(null));
    }
}
