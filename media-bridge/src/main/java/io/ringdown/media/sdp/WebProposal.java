package io.ringdown.media.sdp;

import io.ringdown.media.SdpRejectedException;
import io.ringdown.media.codec.AudioCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Our offer of one audio to a client that we call (RFC 3264 §5, 8829 §5.2), and what an answer to it means. {@code actpass} and
 * ICE-lite; a telephone-event for each clock, for nobody knows which of them the client has. Immutable.
 */
final class WebProposal {
    private static final String PROTOCOL = "UDP/TLS/RTP/SAVPF";
    private static final MediaDescription.Red RED = new MediaDescription.Red(63, true);
    private static final int WIDE_EVENT = 110;
    private static final int NARROW_EVENT = 126;
    private static final int NARROW_CLOCK = AudioCodec.PCMU.clockRate();

    private final WebParty party;
    private final IceParameters ours;
    private final String body;

    WebProposal(WebParty party, IceParameters ours) {
        this.party = party;
        this.ours = ours;
        this.body = body();
    }

    /** All lines behind the head. */
    String text() {
        return body;
    }

    /** What an answer to it settles: what follows from both, with this as our description. */
    WebAnswer answered(SessionDescription answer, String sdp) throws SdpRejectedException {
        if (answer.media().size() != 1) {
            throw new SdpRejectedException("the answer has not the one m= line of the offer (RFC 3264 §6)");
        }
        if (!WebAudio.isUsable(answer, answer.media().getFirst())) {
            throw new SdpRejectedException("the answer refuses the audio");
        }
        WebAudio audio = new WebAudio(answer, 0);
        boolean isTheirsPassive = audio.answersPassive();
        return new WebAnswer(
                sdp,
                format(audio.audio()),
                audio.direction().mirrored(),
                ours,
                audio.ice(),
                audio.fingerprints(),
                true,
                true,
                isTheirsPassive);
    }

    /** In the client's order, which is what it sends by; of what we have offered, under our numbers. */
    private WebFormat format(MediaDescription audio) throws SdpRejectedException {
        List<WebFormat> possible = new ArrayList<>();
        for (String written : audio.formats()) {
            OptionalInt number = SdpText.number(written, 127);
            AudioCodec codec = number.isPresent() ? codec(audio, number.getAsInt()) : null;
            if (codec != null && possible.stream().noneMatch(other -> other.codec() == codec)) {
                possible.add(WebFormats.of(audio, codec, payloadType(codec)));
            }
        }
        if (possible.isEmpty()) {
            throw new SdpRejectedException(
                    "the answer has none of " + party.codecs().preference());
        }
        WebFormat format = WebFormats.first(possible, party.codecs().mayChange());
        return format.eventClockRate() == NARROW_CLOCK
                ? format
                : format.withNarrowEvent(audio.eventPayloadType(NARROW_CLOCK));
    }

    private @Nullable AudioCodec codec(MediaDescription audio, int number) {
        return audio.codec(number)
                .filter(codec -> party.codecs().preference().contains(codec) && payloadType(codec) == number)
                .orElse(null);
    }

    private String body() {
        SdpWriter sdp = new SdpWriter().line("t=0 0").line("a=group:BUNDLE 0").line("a=ice-lite");
        WebWriter writer = new WebWriter(party, sdp);
        List<AudioCodec> codecs = party.codecs().preference();
        boolean hasOpus = codecs.contains(AudioCodec.OPUS);
        IntStream voices = codecs.stream()
                .flatMapToInt(codec -> codec == AudioCodec.OPUS
                        ? IntStream.of(RED.payloadType(), payloadType(codec)) // in front of its codec: then it is sent
                        : IntStream.of(payloadType(codec)));
        IntStream events = hasOpus ? IntStream.of(WIDE_EVENT, NARROW_EVENT) : IntStream.of(NARROW_EVENT);
        writer.taken("audio", PROTOCOL, words(IntStream.concat(voices, events)));
        sdp.line("a=mid:0").line("a=sendrecv");
        // Whether copies by RED will come is not known yet; FEC is for who has none.
        codecs.forEach(codec -> writer.codec(codec, payloadType(codec), false));
        if (hasOpus) {
            writer.red(RED, payloadType(AudioCodec.OPUS));
            sdp.event(OptionalInt.of(WIDE_EVENT), AudioCodec.OPUS.clockRate());
        }
        sdp.event(OptionalInt.of(NARROW_EVENT), NARROW_CLOCK);
        writer.stream(true);
        writer.transport(ours, "actpass");
        return sdp.text();
    }

    private static String words(IntStream numbers) {
        return numbers.mapToObj(Integer::toString).collect(Collectors.joining(" "));
    }

    /** The static numbers of RFC 3551 §6; for Opus the one that browsers take. */
    private static int payloadType(AudioCodec codec) {
        return switch (codec) {
            case OPUS -> 111;
            case PCMU -> 0;
            case PCMA -> 8;
            case G722 -> 9;
        };
    }
}
