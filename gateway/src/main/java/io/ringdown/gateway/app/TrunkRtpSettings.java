package io.ringdown.gateway.app;

import io.ringdown.media.codec.AudioCodec;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How RTP runs with one trunk.
 *
 * @param listen the local address of RTP; where absent, that of its SIP
 * @param advertise the address written into SDP, where the trunk reaches us under another
 * @param codecs what we offer, in order
 * @param transcode whether browsers may use Opus; without it they are answered with the trunk's codecs only, which costs a
 *     tenth of the CPU and gives telephone quality
 * @param smooth how long each packet towards the trunk is held, so that they leave at a steady pace
 */
public record TrunkRtpSettings(
        Optional<InetAddress> listen,
        Optional<InetAddress> advertise,
        List<AudioCodec> codecs,
        boolean transcode,
        Duration smooth) {
    private static final Duration MOST_SMOOTH = Duration.ofMillis(80);

    public TrunkRtpSettings {
        codecs = List.copyOf(codecs);
        if (codecs.isEmpty() || codecs.contains(AudioCodec.OPUS)) {
            throw new IllegalArgumentException(
                    "codecs: " + codecs + " is not what trunks speak; write a list of pcma and pcmu");
        }
        if (smooth.isNegative() || smooth.compareTo(MOST_SMOOTH) > 0) {
            throw new IllegalArgumentException(
                    "smooth: " + smooth.toMillis() + "ms is out of range; 0ms to 80ms is possible, 0ms is usual");
        }
    }

    /** PCMA before PCMU, Opus for browsers. */
    public static TrunkRtpSettings defaults() {
        return new TrunkRtpSettings(
                Optional.empty(), Optional.empty(), List.of(AudioCodec.PCMA, AudioCodec.PCMU), true, Duration.ZERO);
    }

    /** What browsers are answered with, in our order. */
    List<AudioCodec> webCodecs() {
        List<AudioCodec> web = new ArrayList<>();
        if (transcode) {
            web.add(AudioCodec.OPUS);
        }
        web.addAll(codecs);
        return List.copyOf(web);
    }
}
