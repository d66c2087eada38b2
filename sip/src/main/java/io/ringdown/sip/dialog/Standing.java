package io.ringdown.sip.dialog;

import io.ringdown.sip.Replacement;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How one dialog of a call stands, for those who would put another call in its place.
 *
 * @param remoteTag the peer's tag
 * @param remoteTarget where the peer is: the URI of its Contact
 * @param phase what it has come to
 * @param ours whether we have begun it
 */
public record Standing(String remoteTag, String remoteTarget, Phase phase, boolean ours) {

    /** What a dialog comes to. */
    public enum Phase {
        EARLY,
        CONFIRMED,
        ENDED
    }

    /** The status that refuses an INVITE with this Replaces (RFC 3891 3); empty where the dialog may be replaced. */
    public OptionalInt refusal(Replacement replaces) {
        return switch (phase) {
            case EARLY -> ours ? OptionalInt.empty() : OptionalInt.of(481);
            case CONFIRMED -> replaces.earlyOnly() ? OptionalInt.of(486) : OptionalInt.empty();
            case ENDED -> OptionalInt.of(603);
        };
    }

    /** As its peer would find it by a Replaces, in a call with this Call-ID where our tag is this; empty where none can name it. */
    public Optional<Replacement> seenByPeer(String callId, String localTag) {
        return Replacement.of(callId, remoteTag, localTag, false);
    }
}
