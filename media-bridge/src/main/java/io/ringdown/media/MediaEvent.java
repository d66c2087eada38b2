package io.ringdown.media;

import io.ringdown.dtmf.Digit;
import io.ringdown.media.codec.AudioCodec;
import java.time.Duration;

/** What happens to the media of a call. */
public sealed interface MediaEvent {

    /** ICE and DTLS are up and the fingerprint matches: the browser can hear and be heard. Once a session. */
    record WebConnected() implements MediaEvent {}

    /** DTLS failed for good: no media will ever flow on the web leg. */
    record WebFailed(Cause cause) implements MediaEvent {
        /** What went wrong. */
        public enum Cause {
            FINGERPRINT_MISMATCH,
            HANDSHAKE_FAILED
        }
    }

    /** The browser closed DTLS (close_notify). */
    record WebClosed() implements MediaEvent {}

    /** Neither authenticated STUN nor SRTP from the browser for this long; told once, at 10 s and again at 30 s. */
    record WebSilent(Duration since) implements MediaEvent {}

    /**
     * The browser would better send this codec from now on: straight through while its path is clean, Opus when it is not. Both
     * were answered, so nothing breaks if it does not.
     */
    record WebCodecWanted(AudioCodec codec) implements MediaEvent {}

    /** The browser is heard again after a {@link WebSilent}. */
    record WebHeard() implements MediaEvent {}

    /** No RTP from the trunk for 60 s while it should send. */
    record TrunkSilent() implements MediaEvent {}

    /** A whole press came from the trunk. */
    record DigitFromTrunk(Digit digit, Duration length) implements MediaEvent {}

    /** A press has left towards the trunk; the digit itself is not told. */
    record PressSent(Duration length, int packets) implements MediaEvent {}
}
