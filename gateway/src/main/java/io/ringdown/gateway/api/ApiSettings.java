package io.ringdown.gateway.api;

import io.ringdown.gateway.tokens.Secret;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What other systems may do with calls.
 *
 * @param key what they show, where there is only one of them
 * @param keys the keys of several, by name; with neither nobody may do anything
 */
public record ApiSettings(Optional<Secret> key, Map<String, ApiKey> keys) {
    /** How the log calls who shows {@link #key}. */
    static final String THE_ONE = "api.key";

    private static final int MOST = 32;

    public ApiSettings {
        keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
        if (key.isPresent() && key.get().reveal().length() < ApiKey.SHORTEST) {
            throw new IllegalArgumentException(
                    "key: is shorter than 32 characters; make one with `openssl rand -hex 32`");
        }
        if (keys.size() > MOST) {
            throw new IllegalArgumentException("keys: are more than 32; leave out those that nobody shows");
        }
        Set<String> seen = new HashSet<>();
        key.ifPresent(one -> seen.add(one.reveal()));
        for (Map.Entry<String, ApiKey> each : keys.entrySet()) {
            if (!each.getKey().matches("[a-z0-9][a-z0-9-]{0,31}")) {
                throw new IllegalArgumentException("keys." + each.getKey()
                        + ": is no name for a system; write up to 32 small letters, digits and hyphens, as in crm");
            }
            if (!seen.add(each.getValue().key().reveal())) {
                throw new IllegalArgumentException("keys." + each.getKey()
                        + ": has the key of another, so that nobody knows who acts; make one with"
                        + " `openssl rand -hex 32`");
            }
        }
    }

    /** Nothing. */
    public static ApiSettings defaults() {
        return new ApiSettings(Optional.empty(), Map.of());
    }

    /** All of them, by the name that the log has. */
    public Map<String, ApiKey> all() {
        Map<String, ApiKey> all = new LinkedHashMap<>();
        key.ifPresent(one -> all.put(THE_ONE, new ApiKey(one, ApiKey.May.ACT)));
        all.putAll(keys);
        return all;
    }
}
