package io.ringdown.media.bridge;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.Codecs;

/**
 * One direction of a bridge, put together: the law that orders what comes in and the path that its frames take. Owned by the
 * media loop.
 *
 * @param wiring what it was made for
 * @param path from payloads that came in to the stream that goes out
 * @param law what decides when a frame takes it
 */
record Direction(Wiring wiring, SoundPath path, ForwardingLaw law) {

    /**
     * What makes one direction another.
     *
     * @param from the codec that comes in
     * @param to the codec that goes out
     * @param ptimeMillis of the packets that go out
     */
    record Wiring(AudioCodec from, AudioCodec to, int ptimeMillis) {
        boolean isTranscoding() {
            return from == AudioCodec.OPUS || to == AudioCodec.OPUS;
        }
    }

    /** Puts a direction together: the one place where the chain of a packet is decided. */
    static Direction of(Wiring wiring, Codecs codecs, RtpStream out, long holdNanos, long now) {
        SoundPath path = wiring.isTranscoding()
                ? new Transcoding(codecs, wiring.from(), wiring.to(), wiring.ptimeMillis(), out)
                : new G711Forwarding(codecs, wiring.from(), wiring.to(), wiring.ptimeMillis(), out);
        int clockRate = wiring.from().clockRate();
        int frameTicks = clockRate / 1_000 * wiring.ptimeMillis();
        return new Direction(wiring, path, new ForwardingLaw(clockRate, frameTicks, holdNanos, path, now));
    }
}
