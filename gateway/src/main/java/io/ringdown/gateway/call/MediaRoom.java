package io.ringdown.gateway.call;

import io.ringdown.media.EchoSession;
import io.ringdown.media.LoneSession;
import io.ringdown.media.MediaListener;
import io.ringdown.media.MediaSession;
import io.ringdown.media.MediaState;
import io.ringdown.media.MediaUnavailableException;
import io.ringdown.media.TrunkMedia;
import io.ringdown.media.WebCodecs;
import io.ringdown.media.hold.HoldMusic;
import io.ringdown.media.sdp.Direction;
import java.time.Duration;
import java.util.Optional;

/** What calls need of the media room. */
public interface MediaRoom {
    /** The media of a new call. */
    MediaSession open(WebCodecs webCodecs, MediaListener listener);

    /**
     * The media of a test: a browser that hears itself.
     *
     * @param longest how long it does
     */
    EchoSession openEcho(Duration longest, MediaListener listener);

    /** The media of a browser alone, who listens to calls and may be let speak in them. */
    LoneSession openAlone(MediaListener listener);

    /**
     * Goes on with media that were written down, of a call with this trunk.
     *
     * @throws MediaUnavailableException if their ports cannot be had again
     */
    MediaSession reopen(MediaState state, String trunk, MediaListener listener) throws MediaUnavailableException;

    /** Whether one call more would be felt by those that are up, or has no port. */
    boolean isFull();

    /** Why this trunk's first offer could never be answered; empty if it can. */
    Optional<String> refusal(String trunk, String offer);

    /** How media run with this trunk. */
    TrunkMedia trunk(String trunk);

    /** What telephones hear on hold. */
    HoldMusic holdMusic();

    /** The direction by which this trunk is told of a hold (RFC 3264 §8.4); empty if it is told nothing, and only hears it. */
    Optional<Direction> holdOffer(String trunk);

    /** What browsers may be answered with on a call that goes to, or comes from, this trunk. */
    WebCodecs webCodecs(String trunk);
}
