package io.ringdown.media;

import io.ringdown.dtmf.Digit;
import io.ringdown.dtmf.DtmfRoad;
import io.ringdown.dtmf.PressReceipt;
import io.ringdown.media.codec.AudioCodec;
import java.time.Duration;

/** What happens to the media of a call. */
public sealed interface MediaEvent {

    /**
     * ICE and DTLS are up and the fingerprint matches: the browser can hear and be heard. Once for each peer connection that it comes
     * to serve by; what was told of the one before is no news of this one.
     */
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

    /**
     * Neither authenticated STUN nor SRTP from the browser for this long; told twice in a silence, at 10 s and at 30 s where nothing else
     * is configured. A new answer may begin the time anew, and then both may be told again before it is heard.
     *
     * @param isTooLong whether it is the second
     */
    record WebSilent(Duration since, boolean isTooLong) implements MediaEvent {}

    /**
     * The browser would better send this codec from now on: straight through while its path is clean, Opus when it is not. Both
     * were answered, so nothing breaks if it does not.
     */
    record WebCodecWanted(AudioCodec codec) implements MediaEvent {}

    /** The browser is heard again after a {@link WebSilent}. */
    record WebHeard() implements MediaEvent {}

    /**
     * No RTP from the trunk for 60 s while it should send; on hold neither RTP nor RTCP, though it had sent RTCP since the hold
     * was agreed.
     */
    record TrunkSilent() implements MediaEvent {}

    /** A whole press came from the trunk; the same one may come by several roads. */
    record DigitFromTrunk(Digit digit, Duration length, DtmfRoad road) implements MediaEvent {}

    /** The telephone's hook was flashed (RFC 2833 §3.10, event 16): told as it begins, once. */
    record FlashFromTrunk() implements MediaEvent {}

    /** What became of the press of this number; the digit itself is not told. */
    record Press(long press, PressReceipt receipt) implements MediaEvent {}

    /** A press that has to go to the trunk by signalling; {@link Press} with {@link PressReceipt.Signalled} follows. */
    record PressToSignal(long press, Digit digit, Duration length) implements MediaEvent {}

    /** There is sound from the trunk; only while somebody listens. */
    record SoundBegan() implements MediaEvent {}

    /** It has been silent for as long as was asked for, after so much sound; only while somebody listens. */
    record SoundEnded(Duration length) implements MediaEvent {}

    /** A single tone from the trunk is over, such as an answering machine's; only while somebody listens. */
    record Beeped(double hertz, Duration length) implements MediaEvent {}
}
