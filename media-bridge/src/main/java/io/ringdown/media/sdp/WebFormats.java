package io.ringdown.media.sdp;

import io.ringdown.media.codec.AudioCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What a web leg may carry by an audio that a browser has described. */
final class WebFormats {
    private WebFormats() {}

    /** One codec of the audio: with one telephone-event, at the codec's own clock if it is there, else at 8 kHz. */
    static WebFormat of(MediaDescription audio, AudioCodec codec, int payloadType) {
        OptionalInt own = audio.eventPayloadType(codec.clockRate());
        OptionalInt event = own.isPresent() ? own : audio.eventPayloadType(AudioCodec.PCMU.clockRate());
        int clockRate = own.isPresent() ? codec.clockRate() : AudioCodec.PCMU.clockRate();
        int most = audio.parameter(payloadType, "maxaveragebitrate", WebFormat.ANY_BITRATE)
                .orElse(WebFormat.ANY_BITRATE);
        return new WebFormat(
                codec,
                payloadType,
                event,
                clockRate,
                packetMillis(codec, audio.ptimeMillis()),
                List.of(),
                red(audio, codec, payloadType)
                        .map(MediaDescription.Red::payloadType)
                        .map(OptionalInt::of)
                        .orElse(OptionalInt.empty()),
                most);
    }

    /** The first of these, and the others too where the codec may change. */
    static WebFormat first(List<WebFormat> possible, boolean mayChange) {
        WebFormat first = possible.getFirst();
        if (!mayChange) {
            return first;
        }
        WebFormat opus = possible.stream()
                .filter(format -> format.codec() == AudioCodec.OPUS)
                .findFirst()
                .orElse(first);
        return new WebFormat(
                first.codec(),
                first.payloadType(),
                first.eventPayloadType(),
                first.eventClockRate(),
                first.ptimeMillis(),
                possible.subList(1, possible.size()),
                opus.redPayloadType(),
                opus.mostBitrate());
    }

    /** All that a leg may carry, what the browser sends first. */
    static List<WebFormat> codecs(WebFormat format) {
        List<WebFormat> all = new ArrayList<>(format.alternatives());
        all.addFirst(format);
        return all;
    }

    /** RED is for Opus only: who speaks G.711 through us has a clean path, or another codec. */
    static Optional<MediaDescription.Red> red(MediaDescription audio, AudioCodec codec, int payloadType) {
        return codec == AudioCodec.OPUS ? audio.red(payloadType, codec.clockRate()) : Optional.empty();
    }

    /** What is asked for, as far as the codec has such frames: Opus has none of 30 or 50 ms (RFC 6716 §2.1.4). */
    private static int packetMillis(AudioCodec codec, int asked) {
        return switch (codec) {
            case PCMU, PCMA, G722 -> asked;
            case OPUS -> asked == 30 || asked == 50 ? asked - 10 : asked;
        };
    }
}
