package io.ringdown.media;

import io.ringdown.media.codec.AudioCodec;
import java.util.List;
import java.util.Map;

/** All media of this process: its sockets, its loops and its certificate. Safe for all threads. */
public final class MediaEngine implements AutoCloseable {

    private MediaEngine() {}

    /**
     * Opens the web ports and starts the media loops.
     *
     * @throws MediaUnavailableException if a web port cannot be opened
     */
    public static MediaEngine start(MediaSettings settings) throws MediaUnavailableException {
        if (settings.web().ports().size() > 0) {
            throw new MediaUnavailableException("media are not built yet");
        }
        return new MediaEngine();
    }

    /**
     * Makes the media of a new call. Nothing is reserved for its trunk leg before {@link MediaSession#offerTrunk}.
     *
     * @param webCodecs what we are willing to answer the browser with, in our order of preference
     * @param listener told what happens
     */
    public MediaSession open(List<AudioCodec> webCodecs, MediaListener listener) {
        if (!webCodecs.isEmpty()) {
            throw new IllegalStateException("media are not built yet: " + listener);
        }
        throw new IllegalArgumentException("webCodecs is empty");
    }

    /** Everything worth knowing about what is going on, as nested maps, lists, strings and numbers. */
    public Map<String, Object> debugState() {
        return Map.of();
    }

    /** Ends every session and closes every socket. Idempotent. */
    @Override
    public void close() {}
}
