package io.ringdown.gateway.app;

import io.ringdown.media.TrunkSrtp;
import io.ringdown.media.WebCodecs;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.sdp.Direction;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How RTP runs with one trunk.
 *
 * @param listen the local address of RTP; where absent, that of its SIP
 * @param advertise the address written into SDP, where the trunk reaches us under another
 * @param codecs what we offer, in order
 * @param srtp whether RTP is encrypted, by keys in SDP (RFC 4568)
 * @param latch whether the trunk may send from another address than it has announced (RFC 7362)
 * @param rtcpMux whether we offer reports on RTP's own port (RFC 5761)
 * @param webCodec what browsers speak; Opus, if absent
 * @param transcode the older word for it: {@code false} is {@code web-codec: g711}, {@code true} is {@code opus}
 * @param smooth how long each packet towards the trunk is held, so that they leave at a steady pace
 * @param hold what the trunk is told when a browser holds a call
 */
public record TrunkRtpSettings(
        Optional<InetAddress> listen,
        Optional<InetAddress> advertise,
        List<AudioCodec> codecs,
        TrunkSrtp srtp,
        Latch latch,
        boolean rtcpMux,
        Optional<WebCodec> webCodec,
        Optional<Boolean> transcode,
        Duration smooth,
        Hold hold) {

    /** What a trunk is told when a browser holds a call; it hears music in any case but {@code INACTIVE}. */
    public enum Hold {
        /** Nothing. */
        LOCAL,
        /** By re-INVITE that it need send nothing. */
        SENDONLY,
        /** By re-INVITE that neither side sends. */
        INACTIVE;

        /** The direction of that re-INVITE (RFC 3264 §8.4); empty where there is none. */
        Optional<Direction> offer() {
            return switch (this) {
                case LOCAL -> Optional.empty();
                case SENDONLY -> Optional.of(Direction.SENDONLY);
                case INACTIVE -> Optional.of(Direction.INACTIVE);
            };
        }
    }

    private static final int NARROWBAND = 8_000;
    private static final int WIDEBAND = 16_000;
    private static final Duration MOST_SMOOTH = Duration.ofMillis(80);

    public TrunkRtpSettings {
        codecs = List.copyOf(codecs);
        if (codecs.isEmpty() || new HashSet<>(codecs).size() != codecs.size()) {
            throw new IllegalArgumentException(
                    "codecs: " + codecs + " offers nothing, or something twice; write a list like g722, pcma, pcmu");
        }
        Optional<WebCodec> older = transcode.map(on -> on ? WebCodec.OPUS : WebCodec.G711);
        if (older.isPresent() && webCodec.isPresent() && !older.equals(webCodec)) {
            throw new IllegalArgumentException("transcode: it says something else than web-codec; leave transcode out");
        }
        if (webCodec.or(() -> older).equals(Optional.of(WebCodec.G711)) && codecs.equals(List.of(AudioCodec.OPUS))) {
            throw new IllegalArgumentException(
                    "web-codec: g711 needs another codec than opus in codecs; add pcma or pcmu");
        }
        if (smooth.isNegative() || smooth.compareTo(MOST_SMOOTH) > 0) {
            throw new IllegalArgumentException(
                    "smooth: " + smooth.toMillis() + "ms is out of range; 0ms to 80ms is possible, 0ms is usual");
        }
    }

    /** Who but the announced address is heard. */
    public enum Latch {
        /** Nobody. */
        OFF,
        /** The first to be heard of the trunk's own networks, in the first second. */
        FIRST_SECOND
    }

    /** PCMA before PCMU, Opus for browsers, plain RTP. */
    public static TrunkRtpSettings defaults() {
        return new TrunkRtpSettings(
                Optional.empty(),
                Optional.empty(),
                List.of(AudioCodec.PCMA, AudioCodec.PCMU),
                TrunkSrtp.OFF,
                Latch.OFF,
                false,
                Optional.empty(),
                Optional.empty(),
                Duration.ZERO,
                Hold.LOCAL);
    }

    /** As this, with RTP encrypted or not. */
    TrunkRtpSettings withSrtp(TrunkSrtp use) {
        return new TrunkRtpSettings(listen, advertise, codecs, use, latch, rtcpMux, webCodec, transcode, smooth, hold);
    }

    /** As this, with the address of RTP latched or not. */
    TrunkRtpSettings withLatch(Latch use) {
        return new TrunkRtpSettings(listen, advertise, codecs, srtp, use, rtcpMux, webCodec, transcode, smooth, hold);
    }

    /** What browsers speak. */
    WebCodec browsersSpeak() {
        return webCodec.or(() -> transcode.map(on -> on ? WebCodec.OPUS : WebCodec.G711))
                .orElse(WebCodec.OPUS);
    }

    /** What browsers are answered with. */
    WebCodecs webCodecs() {
        List<AudioCodec> others =
                codecs.stream().filter(codec -> codec != AudioCodec.OPUS).toList();
        List<AudioCodec> opusFirst =
                Stream.concat(Stream.of(AudioCodec.OPUS), others.stream()).toList();
        int rate = codecs.stream().allMatch(AudioCodec::isG711) ? NARROWBAND : WIDEBAND;
        return switch (browsersSpeak()) {
            case OPUS -> new WebCodecs(opusFirst, rate, false);
            case G711 -> new WebCodecs(others, rate, false);
            case AUTO -> new WebCodecs(opusFirst, rate, true);
        };
    }
}
