package io.ringdown.media.sdp;

import java.util.List;

/**
 * Our answer to a browser's offer and what follows from the two. We are always the DTLS server.
 *
 * @param sdp the answer
 * @param format what the leg carries
 * @param direction of our media
 * @param ours the ICE parameters that the answer names
 * @param theirs those of the offer
 * @param fingerprints the browser's certificate has one of these; never empty
 * @param iceRestarted ICE begins anew: {@code ours} and {@code theirs} are others than before (also for the first offer)
 * @param dtlsRestarted another certificate or another page: a new DTLS association has to come (also for the first offer)
 */
public record WebAnswer(
        String sdp,
        WebFormat format,
        Direction direction,
        IceParameters ours,
        IceParameters theirs,
        List<Fingerprint> fingerprints,
        boolean iceRestarted,
        boolean dtlsRestarted) {
    public WebAnswer {
        fingerprints = List.copyOf(fingerprints);
    }

    /** Leaves the description out: it holds our password. */
    @Override
    public String toString() {
        return "WebAnswer[%s, %s, ours=%s, theirs=%s, iceRestarted=%s, dtlsRestarted=%s]"
                .formatted(format, direction, ours, theirs, iceRestarted, dtlsRestarted);
    }
}
