package io.ringdown.gateway.tokens;

import io.ringdown.gateway.routing.User;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The users of the configuration, as tokens name them. Immutable.
 *
 * @param keys of those who have one, by name
 * @param names of all, by name and by extension
 */
record KnownUsers(Map<String, Secret> keys, Map<String, String> names) {
    KnownUsers {
        keys = Map.copyOf(keys);
        names = Map.copyOf(names);
    }

    static KnownUsers of(Map<String, User> users) {
        Map<String, Secret> keys = new LinkedHashMap<>();
        Map<String, String> names = new LinkedHashMap<>();
        users.forEach((name, user) -> {
            user.key().ifPresent(key -> keys.put(name, key));
            user.extension().ifPresent(extension -> names.putIfAbsent(extension.digits(), name));
        });
        users.keySet().forEach(name -> names.put(name, name));
        return new KnownUsers(keys, names);
    }

    /** Whom a token stands for: the user that it names, who has to be one; else its subject, who may be. */
    Optional<Identity> identity(Verdict.Good good) {
        return good.user().isPresent()
                ? Optional.ofNullable(names.get(good.user().get())).map(Identity::new)
                : Optional.of(new Identity(good.subject()));
    }
}
