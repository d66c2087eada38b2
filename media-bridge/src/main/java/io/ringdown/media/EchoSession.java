package io.ringdown.media;

import io.ringdown.media.quality.CallQuality;

/**
 * A browser that hears itself, by way of us: its web leg alone, without a trunk. Methods may be called from one thread at a time;
 * what happens is told to the {@link MediaListener}.
 */
public interface EchoSession extends AutoCloseable {

    /**
     * Answers the browser's offer (RFC 3264 §6).
     *
     * @throws SdpRejectedException if there is no audio in it that we can carry
     */
    String answerWeb(String offer) throws SdpRejectedException;

    /** What is measured of the browser's leg, at this moment. Any thread may ask. */
    CallQuality quality();

    /** Ends it at once: RTCP BYE, close_notify. Idempotent. */
    @Override
    void close();
}
