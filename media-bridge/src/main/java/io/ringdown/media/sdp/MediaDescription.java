package io.ringdown.media.sdp;

import io.ringdown.media.SdpRejectedException;
import io.ringdown.media.codec.AudioCodec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One medium of a description (RFC 8866 §5.14).
 *
 * @param kind {@code audio}, {@code video}, {@code application}, {@code image} …
 * @param port 0 for one that is refused or not used
 * @param protocol as written, like {@code UDP/TLS/RTP/SAVPF}
 * @param formats in the writer's order of preference
 * @param section all its lines, the {@code m=} line first
 */
record MediaDescription(String kind, int port, String protocol, List<String> formats, SdpSection section) {
    private static final int MOST_FORMATS = 128; // there are no more payload types
    private static final int USUAL_PTIME = 20; // ms, RFC 3551 §4.2
    private static final int LONGEST_PTIME = 60;

    MediaDescription {
        formats = List.copyOf(formats);
    }

    static MediaDescription of(SdpSection section) throws SdpRejectedException {
        String line = section.lines().getFirst().value();
        List<String> words = Arrays.asList(line.strip().split(" +", MOST_FORMATS + 4));
        if (words.size() < 3 || words.size() > MOST_FORMATS + 3 || !line.chars().allMatch(SdpText::isVisibleOrBlank)) {
            throw new SdpRejectedException("the line m=" + SdpText.shown(line) + " is malformed");
        }
        String port = words.get(1);
        int slash = port.indexOf('/');
        OptionalInt number = SdpText.number(slash < 0 ? port : port.substring(0, slash), 65_535);
        if (number.isEmpty()) {
            throw new SdpRejectedException("the line m=" + SdpText.shown(line) + " has no port");
        }
        return new MediaDescription(
                words.get(0), number.getAsInt(), words.get(2), words.subList(3, words.size()), section);
    }

    boolean isAudio() {
        return kind.equals("audio");
    }

    Optional<String> mid() {
        return section.attribute("mid");
    }

    /** The payload type under which a codec is offered here: the first of the writer's order. */
    OptionalInt payloadType(AudioCodec codec) {
        for (String format : formats) {
            OptionalInt number = SdpText.number(format, 127);
            if (number.isPresent() && codec(number.getAsInt()).equals(Optional.of(codec))) {
                return number;
            }
        }
        return OptionalInt.empty();
    }

    /** What we know a payload type to be; the static ones need no {@code a=rtpmap} (RFC 3551 §6). */
    Optional<AudioCodec> codec(int payloadType) {
        Optional<RtpMap> map = rtpmap(payloadType);
        if (map.isEmpty()) {
            return switch (payloadType) {
                case 0 -> Optional.of(AudioCodec.PCMU);
                case 8 -> Optional.of(AudioCodec.PCMA);
                case 9 -> Optional.of(AudioCodec.G722);
                default -> Optional.empty();
            };
        }
        return Arrays.stream(AudioCodec.values())
                .filter(codec -> map.get().is(codec.rtpmapName(), codec.clockRate()))
                .findFirst();
    }

    /** The name that {@code a=rtpmap} gives to a payload type, as written. */
    Optional<String> encoding(int payloadType) {
        return rtpmap(payloadType).map(RtpMap::encoding);
    }

    /** The payload type of telephone-event at this clock rate (RFC 4733 §7.1.1), among the formats of the line. */
    OptionalInt eventPayloadType(int clockRate) {
        for (String format : formats) {
            OptionalInt number = SdpText.number(format, 127);
            if (number.isPresent()
                    && rtpmap(number.getAsInt())
                            .filter(map -> map.is("telephone-event", clockRate))
                            .isPresent()) {
                return number;
            }
        }
        return OptionalInt.empty();
    }

    /** RED around nothing but this payload type, as it stands in {@code a=rtpmap} (RFC 2198 §5); empty if there is none. */
    Optional<Red> red(int payloadType, int clockRate) {
        for (String format : formats) {
            OptionalInt number = SdpText.number(format, 127);
            if (number.isPresent()
                    && rtpmap(number.getAsInt())
                            .filter(map -> map.is("red", clockRate))
                            .isPresent()
                    && isRedOf(number.getAsInt(), payloadType)) {
                return Optional.of(new Red(number.getAsInt(), isStereo(number.getAsInt())));
            }
        }
        return Optional.empty();
    }

    /**
     * RED as it is offered.
     *
     * @param isStereo whether two channels are written, as Opus always has them
     */
    record Red(int payloadType, boolean isStereo) {}

    private boolean isRedOf(int red, int payloadType) {
        Optional<String> blocks = parameters(red);
        return blocks.isPresent()
                && Arrays.stream(blocks.get().strip().split("/", -1)).allMatch(Integer.toString(payloadType)::equals);
    }

    private boolean isStereo(int payloadType) {
        return section.attributes("rtpmap").stream()
                .anyMatch(
                        map -> map.startsWith(payloadType + " ") && map.strip().endsWith("/2"));
    }

    /** A number among the format's parameters, like {@code maxaveragebitrate=20000}. */
    OptionalInt parameter(int payloadType, String name, int most) {
        for (String parameter : parameters(payloadType).orElse("").split(";", -1)) {
            String[] words = parameter.strip().split("=", 2);
            if (words.length == 2 && words[0].strip().equals(name)) {
                return SdpText.number(words[1].strip(), most);
            }
        }
        return OptionalInt.empty();
    }

    /** {@code a=fmtp} behind its payload type. */
    private Optional<String> parameters(int payloadType) {
        String prefix = payloadType + " ";
        return section.attributes("fmtp").stream()
                .filter(value -> value.startsWith(prefix))
                .findFirst()
                .map(value -> value.substring(prefix.length()));
    }

    /** How long packets to the writer should be: what it asks for if we can, else 20 ms, and never above its most. */
    int ptimeMillis() {
        int asked = millis("ptime").orElse(USUAL_PTIME);
        int most = millis("maxptime").orElse(LONGEST_PTIME);
        int wanted = asked % 10 == 0 && asked <= LONGEST_PTIME ? asked : USUAL_PTIME;
        return Math.clamp(wanted, 10, Math.max(10, most / 10 * 10));
    }

    private OptionalInt millis(String attribute) {
        Optional<String> value = section.attribute(attribute);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        OptionalInt number = SdpText.number(value.get(), 10_000);
        return number.isPresent() && number.getAsInt() > 0 ? number : OptionalInt.empty();
    }

    private Optional<RtpMap> rtpmap(int payloadType) {
        String prefix = payloadType + " ";
        return section.attributes("rtpmap").stream()
                .filter(value -> value.startsWith(prefix))
                .findFirst()
                .flatMap(value -> RtpMap.of(value.substring(prefix.length())));
    }

    /** {@code a=rtpmap} behind its payload type (RFC 8866 §6.6). */
    private record RtpMap(String encoding, int clockRate) {
        static Optional<RtpMap> of(String text) {
            String[] parts = text.strip().split("/", 3);
            if (parts.length < 2) {
                return Optional.empty();
            }
            OptionalInt rate = SdpText.number(parts[1], 1_000_000);
            return rate.isPresent() ? Optional.of(new RtpMap(parts[0], rate.getAsInt())) : Optional.empty();
        }

        boolean is(String name, int rate) {
            return encoding.equalsIgnoreCase(name) && clockRate == rate;
        }
    }
}
