package io.ringdown.sip;

import java.util.List;
import java.util.Optional;

/**
 * What a peer says that it understands. A peer that says nothing may understand everything or nothing of it.
 *
 * @param methods the methods of its Allow (RFC 3261 20.5); empty where it sent none
 * @param mediaTypes the media ranges of its Accept (RFC 3261 20.1) in lower case, without parameters; empty where it sent none
 */
public record PeerCapabilities(Optional<List<String>> methods, Optional<List<String>> mediaTypes) {
    /** Nothing was said. */
    public static final PeerCapabilities UNKNOWN = new PeerCapabilities(Optional.empty(), Optional.empty());

    public PeerCapabilities {
        methods = methods.map(List::copyOf);
        mediaTypes = mediaTypes.map(List::copyOf);
    }

    /** Whether its Allow has this method; empty where it sent none. */
    public Optional<Boolean> allows(String method) {
        return methods.map(allowed -> allowed.contains(method));
    }

    /** Whether its Accept has this media type, by name or by a range that holds it; empty where it sent none. */
    public Optional<Boolean> accepts(String mediaType) {
        String range = mediaType.substring(0, mediaType.indexOf('/') + 1) + "*";
        return mediaTypes.map(
                accepted -> accepted.contains(mediaType) || accepted.contains(range) || accepted.contains("*/*"));
    }

    /** What is known after the peer has said this too: each header replaces its like. */
    public PeerCapabilities updatedBy(PeerCapabilities said) {
        return new PeerCapabilities(said.methods.or(() -> methods), said.mediaTypes.or(() -> mediaTypes));
    }
}
