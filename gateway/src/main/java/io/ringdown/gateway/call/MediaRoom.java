package io.ringdown.gateway.call;

import io.ringdown.media.MediaListener;
import io.ringdown.media.MediaSession;
import io.ringdown.media.TrunkMedia;
import io.ringdown.media.WebCodecs;
import java.util.Optional;

/** What calls need of the media room. */
public interface MediaRoom {
    /** The media of a new call. */
    MediaSession open(WebCodecs webCodecs, MediaListener listener);

    /** Whether one call more would be felt by those that are up, or has no port. */
    boolean isFull();

    /** Why this trunk's first offer could never be answered; empty if it can. */
    Optional<String> refusal(String trunk, String offer);

    /** How media run with this trunk. */
    TrunkMedia trunk(String trunk);

    /** What browsers may be answered with on a call that goes to, or comes from, this trunk. */
    WebCodecs webCodecs(String trunk);
}
