package io.ringdown.media.sdp;

import io.ringdown.media.SdpRejectedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a session description says of its audio, for whoever reports on it and negotiates nothing. Immutable.
 *
 * @param codecs their names in the writer's order, those that we cannot do too; telephone-event is none
 * @param hasEvents whether digits may come as telephone-events, at whatever clock (RFC 4733 §7.1.1)
 * @param ptimeMillis what {@code a=ptime} asks for; empty where it does not stand
 * @param direction the medium's, or the session's
 */
public record DescribedAudio(List<String> codecs, boolean hasEvents, OptionalInt ptimeMillis, Direction direction) {
    private static final String EVENTS = "telephone-event";
    private static final int LONGEST_PTIME = 10_000;
    // RFC 3551 §6, table 4: the names that stand for a payload type without a=rtpmap.
    private static final Map<Integer, String> STATIC_NAMES =
            Map.of(0, "PCMU", 3, "GSM", 4, "G723", 8, "PCMA", 9, "G722", 15, "G728", 18, "G729");

    public DescribedAudio {
        codecs = List.copyOf(codecs);
    }

    /** Reads the first audio that is not refused by port 0; empty where there is none, or where the text is no SDP. */
    public static Optional<DescribedAudio> of(String sdp) {
        try {
            SessionDescription description = SessionDescription.parse(sdp, SdpLimits.defaults());
            return description.media().stream()
                    .filter(medium -> medium.isAudio() && medium.port() > 0)
                    .findFirst()
                    .map(medium -> of(description, medium));
        } catch (SdpRejectedException unreadable) {
            return Optional.empty();
        }
    }

    private static DescribedAudio of(SessionDescription description, MediaDescription medium) {
        List<String> codecs = new ArrayList<>();
        boolean hasEvents = false;
        for (String format : medium.formats()) {
            Optional<String> name = name(medium, format);
            if (name.isPresent() && name.get().equalsIgnoreCase(EVENTS)) {
                hasEvents = true;
            } else {
                name.ifPresent(codecs::add);
            }
        }
        OptionalInt ptime = description
                .attribute(medium, "ptime")
                .map(value -> SdpText.number(value.strip(), LONGEST_PTIME))
                .orElse(OptionalInt.empty());
        return new DescribedAudio(codecs, hasEvents, ptime, description.direction(medium));
    }

    private static Optional<String> name(MediaDescription medium, String format) {
        OptionalInt payloadType = SdpText.number(format, 127);
        if (payloadType.isEmpty()) {
            return Optional.empty();
        }
        return medium.encoding(payloadType.getAsInt())
                .or(() -> Optional.ofNullable(STATIC_NAMES.get(payloadType.getAsInt())));
    }
}
