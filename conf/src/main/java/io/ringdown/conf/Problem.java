package io.ringdown.conf;

import java.util.Optional;

/**
 * One thing that is wrong with the configuration.
 *
 * @param place where it is written; for a missing key, the section that lacks it
 * @param key the full path of the key, such as {@code trunks.carrier.sip.host}; empty where none applies
 * @param value what was written, shortened, made printable, and masked where it is a secret; empty where it is no single value
 * @param wrong what is wrong
 * @param remedy what would be right
 */
public record Problem(Place place, String key, Optional<String> value, String wrong, String remedy) {

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(place.toString());
        if (!key.isEmpty()) {
            text.append(": ").append(key);
        }
        boolean named = !key.isEmpty() || place instanceof Place.InVariable;
        value.ifPresent(
                written -> text.append(named ? " = '" : ": '").append(written).append('\''));
        return text.append(": ").append(wrong).append("; ").append(remedy).toString();
    }
}
