package io.ringdown.media;

import io.ringdown.media.codec.AudioCodec;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * How media run with one trunk.
 *
 * @param listen the local address of RTP and RTCP
 * @param advertise the address written into SDP, where it is another than {@code listen}
 * @param codecs what we offer, in order
 * @param peers where its media may be
 */
public record TrunkMedia(
        InetAddress listen, Optional<InetAddress> advertise, List<AudioCodec> codecs, AllowedPeers peers) {
    public TrunkMedia {
        codecs = List.copyOf(codecs);
        if (codecs.isEmpty()) {
            throw new IllegalArgumentException("codecs: an empty list offers nothing; write one like pcma, pcmu");
        }
    }

    /** Media wherever they can be reached from {@code listen}. */
    public TrunkMedia(InetAddress listen, Optional<InetAddress> advertise, List<AudioCodec> codecs) {
        this(listen, advertise, codecs, AllowedPeers.from(listen));
    }

    public InetAddress advertised() {
        return advertise.orElse(listen);
    }
}
