package io.ringdown.bench;

import io.ringdown.media.codec.AudioCodec;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** A codec as it stands in SDP and on the wire, in frames of 20 ms. */
enum Format {
    OPUS(111, "opus/48000/2", 960, 8_000),
    PCMU(0, "PCMU/8000", 160, 8_000),
    PCMA(8, "PCMA/8000", 160, 8_000),
    G722(9, "G722/8000", 160, 16_000); // RFC 3551 §4.5.2: its clock is said to be 8000

    private final int payloadType;
    private final String rtpmap;
    private final int ticks;
    private final int pcmRate;

    Format(int payloadType, String rtpmap, int ticks, int pcmRate) {
        this.payloadType = payloadType;
        this.rtpmap = rtpmap;
        this.ticks = ticks;
        this.pcmRate = pcmRate;
    }

    /** As we offer it: static (RFC 3551 §6) or as Chromium numbers it. */
    int payloadType() {
        return payloadType;
    }

    String rtpmap() {
        return rtpmap;
    }

    /** What a frame adds to the timestamp. */
    int ticks() {
        return ticks;
    }

    /** The sample rate at which we listen. */
    int pcmRate() {
        return pcmRate;
    }

    /** As the gateway's configuration and our options name it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The gateway's codec; IllegalArgumentException where it has none of this name. */
    AudioCodec codec() {
        return Arrays.stream(AudioCodec.values())
                .filter(codec -> codec.name().equals(name()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name() + ": this gateway has no such codec, only "
                        + Arrays.stream(AudioCodec.values())
                                .map(AudioCodec::name)
                                .collect(Collectors.joining(", "))));
    }
}
