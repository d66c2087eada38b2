package io.ringdown.sip;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Which bodies of INFO requests our side understands. The judge is asked at once, before the answer goes out, so that requests
 * are answered and told in the order in which they came.
 *
 * @param mediaTypes the media types that are understood, in lower case; others get 415 with these in Accept
 * @param wellFormed whether a body of one of these types can be understood; what cannot gets 400 and is not told. Called on the
 *     call's own thread: it must not block
 */
public record InfoRules(List<String> mediaTypes, Predicate<InfoBody> wellFormed) {
    public InfoRules {
        mediaTypes = List.copyOf(mediaTypes);
        for (String type : mediaTypes) {
            if (!InfoBody.isMediaType(type) || !type.equals(type.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("'" + type + "' is not a media type in lower case");
            }
        }
    }

    /** No body is understood. */
    public static InfoRules none() {
        return new InfoRules(List.of(), _ -> false);
    }
}
