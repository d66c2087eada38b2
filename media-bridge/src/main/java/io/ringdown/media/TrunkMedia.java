package io.ringdown.media;

import io.ringdown.media.codec.AudioCodec;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How media run with one trunk.
 *
 * @param listen the local address of RTP and RTCP
 * @param advertise the address written into SDP, where it is another than {@code listen}
 * @param codecs what we offer, in order
 * @param smooth how long each packet is held, so that they leave at a steady pace; for gateways with fixed buffers
 */
public record TrunkMedia(
        InetAddress listen, Optional<InetAddress> advertise, List<AudioCodec> codecs, Duration smooth) {
    private static final Duration MOST_SMOOTH = Duration.ofMillis(80);

    /** Packets leave as they come. */
    public TrunkMedia(InetAddress listen, Optional<InetAddress> advertise, List<AudioCodec> codecs) {
        this(listen, advertise, codecs, Duration.ZERO);
    }

    public TrunkMedia {
        if (smooth.isNegative() || smooth.compareTo(MOST_SMOOTH) > 0) {
            throw new IllegalArgumentException(
                    "smooth: " + smooth.toMillis() + "ms is out of range; 0ms to 80ms is possible, 0ms is usual");
        }
        codecs = List.copyOf(codecs);
        if (codecs.isEmpty() || codecs.contains(AudioCodec.OPUS)) {
            throw new IllegalArgumentException("codecs: " + codecs + " must be a list of PCMA and PCMU");
        }
    }

    public InetAddress advertised() {
        return advertise.orElse(listen);
    }
}
