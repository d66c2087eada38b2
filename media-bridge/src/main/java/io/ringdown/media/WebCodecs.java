package io.ringdown.media;

import io.ringdown.media.codec.AudioCodec;
import java.util.List;

/**
 * What we are willing to carry with a browser.
 *
 * @param preference in our order; not empty
 * @param mayChange whether all of them that were offered are answered, so that each direction may change between them while the
 *     call goes on; else the first one alone
 */
public record WebCodecs(List<AudioCodec> preference, boolean mayChange) {
    public WebCodecs {
        preference = List.copyOf(preference);
        if (preference.isEmpty()) {
            throw new IllegalArgumentException("preference: an empty list of codecs leaves nothing to answer with");
        }
    }

    /** The first that is offered, for the whole call. */
    public static WebCodecs one(List<AudioCodec> preference) {
        return new WebCodecs(preference, false);
    }
}
