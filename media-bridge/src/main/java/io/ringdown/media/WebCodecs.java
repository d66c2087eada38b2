package io.ringdown.media;

import io.ringdown.media.codec.AudioCodec;
import java.util.List;

/**
 * What we are willing to carry with a browser.
 *
 * @param preference in our order; not empty
 * @param playbackRate Hz that are worth sending us ({@code maxplaybackrate}, RFC 7587 §6.1): 8000, or 16000 where the trunk
 *     may carry as much. A narrower band costs less to decode, and leaves more bits to repair losses by
 * @param mayChange whether all of them that were offered are answered, so that each direction may change between them while the
 *     call goes on; else the first one alone
 */
public record WebCodecs(List<AudioCodec> preference, int playbackRate, boolean mayChange) {
    public WebCodecs {
        preference = List.copyOf(preference);
        if (preference.isEmpty()) {
            throw new IllegalArgumentException("preference: an empty list of codecs leaves nothing to answer with");
        }
        if (playbackRate != 8_000 && playbackRate != 16_000) {
            throw new IllegalArgumentException("playbackRate: " + playbackRate + " is neither 8000 nor 16000");
        }
    }

    /** The first that is offered, for the whole call, with a telephone at the other end. */
    public static WebCodecs one(List<AudioCodec> preference) {
        return new WebCodecs(preference, 8_000, false);
    }
}
