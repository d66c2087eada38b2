package io.ringdown.media.sdp;

import java.util.List;

/**
 * An offer and its answer, whichever of us has offered, and what follows from the two.
 *
 * @param sdp ours of the two
 * @param format what the leg carries
 * @param direction of our media
 * @param ours the ICE parameters that {@code sdp} names
 * @param theirs the browser's
 * @param fingerprints the browser's certificate has one of these; never empty
 * @param iceRestarted ICE begins anew: {@code ours} and {@code theirs} are others than before (also for the first offer)
 * @param dtlsRestarted another certificate or another page: a new DTLS association has to come (also for the first offer)
 * @param isDtlsClient whether it is we who begin the handshake (RFC 8842 §5.3)
 */
public record WebAnswer(
        String sdp,
        WebFormat format,
        Direction direction,
        IceParameters ours,
        IceParameters theirs,
        List<Fingerprint> fingerprints,
        boolean iceRestarted,
        boolean dtlsRestarted,
        boolean isDtlsClient) {
    public WebAnswer {
        fingerprints = List.copyOf(fingerprints);
    }

    /** Leaves the description out: it holds our password. */
    @Override
    public String toString() {
        return "WebAnswer[%s, %s, ours=%s, theirs=%s, iceRestarted=%s, dtlsRestarted=%s, isDtlsClient=%s]"
                .formatted(format, direction, ours, theirs, iceRestarted, dtlsRestarted, isDtlsClient);
    }
}
