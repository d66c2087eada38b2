package io.ringdown.media.sdp;

import io.ringdown.media.SdpRejectedException;
import io.ringdown.media.codec.AudioCodec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Answers the offers of one browser: RFC 3264, 8829 §5.3, ICE-lite (8839), BUNDLE (8843), rtcp-mux (5761), DTLS-SRTP (8842).
 * Pure; one thread at a time.
 *
 * <p>One audio medium is taken, with one codec, or with all that we know where the codec may change in mid-call: whatever is
 * answered may be sent at any time. The one telephone-event that we answer fits the clock of the first codec, for that is what
 * the browser sends; so one that is to send another is given another answer to the same offer. Answering one telephone-event only is what makes browsers send it right: with
 * both clocks answered, Chromium takes the one that it gets wrong. Everything else in the offer is answered with port 0; a
 * medium that leads the audio's bundle is answered as inactive.
 */
public final class WebNegotiation {
    private static final InetAddress NOWHERE = InetAddress.ofLiteral("0.0.0.0"); // RFC 8828: o= tells no address

    private final WebParty party;
    private final SdpLimits limits;
    private @Nullable Agreed agreed;
    private Optional<AudioCodec> wanted = Optional.empty();

    /** What the last answer settled; the offer itself is kept where it may be answered again. */
    private record Agreed(
            String origin,
            int mediaCount,
            int audioIndex,
            Optional<WebOffer> offer,
            long version,
            String body,
            WebAnswer answer) {}

    public WebNegotiation(WebParty party, SdpLimits limits) {
        this.party = party;
        this.limits = limits;
    }

    /**
     * Answers an offer, the first or a later one.
     *
     * @param fresh ICE parameters of ours, used if ICE begins anew
     * @throws SdpRejectedException if there is no audio in it that we can carry; what was agreed before then still holds
     */
    public WebAnswer answer(String offer, IceParameters fresh) throws SdpRejectedException {
        SessionDescription description = SessionDescription.parse(offer, limits);
        Optional<Agreed> before =
                Optional.ofNullable(agreed).filter(last -> last.origin().equals(description.origin()));
        if (before.isPresent() && description.media().size() < before.get().mediaCount()) {
            throw new SdpRejectedException("the offer has fewer m= lines than the one before (RFC 3264 §8)");
        }
        WebOffer web = new WebOffer(description, audioIndex(description, before));
        web.checkTransport();
        IceParameters theirs = web.ice();
        List<Fingerprint> fingerprints = web.fingerprints();
        WebFormat format = format(web.audio());
        boolean iceRestarted =
                before.isEmpty() || !before.get().answer().theirs().equals(theirs);
        boolean dtlsRestarted = before.isEmpty()
                || !new HashSet<>(before.get().answer().fingerprints()).equals(new HashSet<>(fingerprints));
        IceParameters ours =
                iceRestarted ? fresh : before.map(last -> last.answer().ours()).orElse(fresh);
        Direction direction = web.direction().mirrored();
        return settle(web, format, direction, ours, theirs, fingerprints, iceRestarted, dtlsRestarted);
    }

    /**
     * The answer to the last offer again, with this codec first of those that were answered, and in later answers too: what a
     * browser applies to an offer of its own that changes nothing, in order to send the codec. Empty if it was not answered.
     */
    public Optional<WebAnswer> answerWith(AudioCodec codec) {
        Agreed last = agreed;
        if (last == null
                || last.offer().isEmpty()
                || codecs(last.answer().format()).stream().noneMatch(format -> format.codec() == codec)) {
            return Optional.empty();
        }
        wanted = Optional.of(codec);
        WebOffer offer = last.offer().get();
        WebAnswer before = last.answer();
        return Optional.of(settle(
                offer,
                format(offer.audio()),
                before.direction(),
                before.ours(),
                before.theirs(),
                before.fingerprints(),
                false,
                false));
    }

    private WebAnswer settle(
            WebOffer web,
            WebFormat format,
            Direction direction,
            IceParameters ours,
            IceParameters theirs,
            List<Fingerprint> fingerprints,
            boolean iceRestarted,
            boolean dtlsRestarted) {
        String body = body(web, format, direction, ours);
        long version = version(body);
        String sdp = SdpWriter.head(party.sessionId(), version, NOWHERE) + body;
        WebAnswer answer =
                new WebAnswer(sdp, format, direction, ours, theirs, fingerprints, iceRestarted, dtlsRestarted);
        SessionDescription description = web.description();
        agreed = new Agreed(
                description.origin(),
                description.media().size(),
                web.audioIndex(),
                party.codecs().mayChange() ? Optional.of(web) : Optional.empty(),
                version,
                body,
                answer);
        return answer;
    }

    /** The audio that was taken before, else the first that can be carried. */
    private int audioIndex(SessionDescription offer, Optional<Agreed> before) throws SdpRejectedException {
        if (before.isPresent() && isCarried(offer, before.get().audioIndex())) {
            return before.get().audioIndex();
        }
        for (int i = 0; i < offer.media().size(); i++) {
            if (isCarried(offer, i)) {
                return i;
            }
        }
        boolean any = offer.media().stream().anyMatch(medium -> WebOffer.isUsable(offer, medium));
        throw new SdpRejectedException(
                any
                        ? "m=audio offers none of " + party.codecs().preference()
                        : "there is no m=audio over DTLS-SRTP to be had");
    }

    private boolean isCarried(SessionDescription offer, int index) {
        MediaDescription medium = offer.media().get(index);
        return WebOffer.isUsable(offer, medium)
                && party.codecs().preference().stream()
                        .anyMatch(codec -> medium.payloadType(codec).isPresent());
    }

    /** Of an audio that {@link #isCarried}. */
    private WebFormat format(MediaDescription audio) {
        List<WebFormat> possible = new ArrayList<>();
        for (AudioCodec codec : party.codecs().preference()) {
            OptionalInt payloadType = audio.payloadType(codec);
            if (payloadType.isPresent()) {
                WebFormat format = format(audio, codec, payloadType.getAsInt());
                possible.add(wanted.equals(Optional.of(codec)) ? 0 : possible.size(), format);
            }
        }
        WebFormat first = possible.getFirst();
        WebFormat opus = possible.stream()
                .filter(format -> format.codec() == AudioCodec.OPUS)
                .findFirst()
                .orElse(first);
        return party.codecs().mayChange()
                ? new WebFormat(
                        first.codec(),
                        first.payloadType(),
                        first.eventPayloadType(),
                        first.eventClockRate(),
                        first.ptimeMillis(),
                        possible.subList(1, possible.size()),
                        opus.redPayloadType(),
                        opus.mostBitrate())
                : first;
    }

    /** All that a leg may carry, what the browser sends first. */
    private static List<WebFormat> codecs(WebFormat format) {
        List<WebFormat> all = new ArrayList<>(format.alternatives());
        all.addFirst(format);
        return all;
    }

    /** One telephone-event: at the codec's own clock if it was offered, else at 8 kHz. */
    private static WebFormat format(MediaDescription audio, AudioCodec codec, int payloadType) {
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

    /** RED is for Opus only: who speaks G.711 through us has a clean path, or another codec. */
    private static Optional<MediaDescription.Red> red(MediaDescription audio, AudioCodec codec, int payloadType) {
        return codec == AudioCodec.OPUS ? audio.red(payloadType, codec.clockRate()) : Optional.empty();
    }

    private static Optional<MediaDescription.Red> red(MediaDescription audio, WebFormat format) {
        return red(audio, format.codec(), format.payloadType());
    }

    /** What is asked for, as far as the codec has such frames: Opus has none of 30 or 50 ms (RFC 6716 §2.1.4). */
    private static int packetMillis(AudioCodec codec, int asked) {
        return switch (codec) {
            case PCMU, PCMA, G722 -> asked;
            case OPUS -> asked == 30 || asked == 50 ? asked - 10 : asked;
        };
    }

    /** The version of {@code o=} rises by one with each change (RFC 3264 §8). */
    private long version(String body) {
        Agreed last = agreed;
        if (last == null) {
            return 1;
        }
        return last.body().equals(body) ? last.version() : last.version() + 1;
    }

    private String body(WebOffer offer, WebFormat format, Direction direction, IceParameters ours) {
        SdpWriter sdp = new SdpWriter().line("t=0 0");
        offer.bundle().ifPresent(group -> sdp.line("a=group:" + group));
        sdp.line("a=ice-lite");
        List<MediaDescription> media = offer.description().media();
        int carrier = offer.carrierIndex().orElse(-1);
        for (int i = 0; i < media.size(); i++) {
            if (i == offer.audioIndex()) {
                audio(sdp, media.get(i), format, direction);
                transport(sdp, ours);
            } else if (i == carrier) {
                carrier(sdp, media.get(i));
                transport(sdp, ours);
            } else {
                sdp.refused(media.get(i));
            }
        }
        return sdp.text();
    }

    private void audio(SdpWriter sdp, MediaDescription offered, WebFormat format, Direction direction) {
        OptionalInt event = format.eventPayloadType();
        List<WebFormat> codecs = codecs(format);
        StringBuilder formats = new StringBuilder();
        for (WebFormat codec : codecs) {
            // In front of its codec, so that a browser sends it.
            red(offered, codec)
                    .ifPresent(red -> formats.append(red.payloadType()).append(' '));
            formats.append(codec.payloadType()).append(' ');
        }
        event.ifPresent(number -> formats.append(number));
        taken(sdp, offered, formats.toString().strip());
        offered.mid().ifPresent(mid -> sdp.line("a=mid:" + mid));
        sdp.line("a=" + direction.attribute());
        codecs.forEach(codec -> codec(
                sdp, codec.codec(), codec.payloadType(), red(offered, codec).isPresent()));
        codecs.forEach(codec -> red(offered, codec).ifPresent(red -> red(sdp, red, codec.payloadType())));
        sdp.event(event, format.eventClockRate());
        sdp.line("a=ptime:20").line("a=rtcp-mux");
        if (direction.sends()) {
            String ssrc = Integer.toUnsignedString(party.ssrc());
            sdp.line("a=msid:ringdown audio").line("a=ssrc:" + ssrc + " cname:" + party.cname());
        }
    }

    /** RFC 2198 §5. */
    private static void red(SdpWriter sdp, MediaDescription.Red red, int payloadType) {
        sdp.line("a=rtpmap:" + red.payloadType() + " red/48000" + (red.isStereo() ? "/2" : ""))
                .line("a=fmtp:" + red.payloadType() + " " + payloadType + "/" + payloadType);
    }

    private void codec(SdpWriter sdp, AudioCodec codec, int payloadType, boolean hasRed) {
        switch (codec) {
            case OPUS ->
                sdp.line("a=rtpmap:" + payloadType + " opus/48000/2") // RFC 7587 §7: always 48000/2
                        .line("a=fmtp:" + payloadType + " " + opusParameters(hasRed));
            case PCMU, PCMA, G722 ->
                sdp.line("a=rtpmap:" + payloadType + " " + codec.rtpmapName() + "/" + codec.clockRate());
        }
    }

    /**
     * The band decides what a call costs to decode, the bit rate whether losses can be repaired. Copies by RED are whole ones;
     * in-band FEC beside them would only take bits from the voice (docs/sound.md). Mono by default.
     */
    private String opusParameters(boolean hasRed) {
        return "minptime=10;useinbandfec=%d;maxplaybackrate=%d;maxaveragebitrate=32000"
                .formatted(hasRed ? 0 : 1, party.codecs().playbackRate());
    }

    /** A medium that no packet will flow for; it only lends the bundle its transport. */
    private void carrier(SdpWriter sdp, MediaDescription offered) {
        String format = offered.formats().getFirst();
        taken(sdp, offered, format);
        offered.mid().ifPresent(mid -> sdp.line("a=mid:" + mid));
        sdp.line("a=inactive");
        offered.section().attributes("rtpmap").stream()
                .filter(map -> map.startsWith(format + " ") && map.chars().allMatch(SdpText::isVisibleOrBlank))
                .findFirst()
                .ifPresent(map -> sdp.line("a=rtpmap:" + map));
        sdp.line("a=rtcp-mux");
    }

    private void taken(SdpWriter sdp, MediaDescription offered, String formats) {
        InetSocketAddress best = party.candidates().getFirst();
        sdp.line("m=" + offered.kind() + " " + best.getPort() + " " + offered.protocol() + " " + formats);
        sdp.line("c=" + SdpText.connection(best.getAddress()));
    }

    private void transport(SdpWriter sdp, IceParameters ours) {
        sdp.line("a=setup:passive")
                .line("a=fingerprint:" + party.fingerprint().text())
                .line("a=ice-ufrag:" + ours.ufrag())
                .line("a=ice-pwd:" + ours.password());
        for (int i = 0; i < party.candidates().size(); i++) {
            InetSocketAddress candidate = party.candidates().get(i);
            sdp.line("a=candidate:%d 1 udp %d %s %d typ host"
                    .formatted(i + 1, priority(i), address(candidate), candidate.getPort()));
        }
        for (int i = 0; i < party.passive().size(); i++) {
            InetSocketAddress candidate = party.passive().get(i);
            sdp.line("a=candidate:%d 1 tcp %d %s %d typ host tcptype passive"
                    .formatted(
                            party.candidates().size() + i + 1,
                            passivePriority(i),
                            address(candidate),
                            candidate.getPort()));
        }
        sdp.line("a=end-of-candidates");
    }

    private static String address(InetSocketAddress candidate) {
        return SdpText.connection(candidate.getAddress()).substring("IN IP4 ".length());
    }

    /**
     * Below UDP's by the preference of its type, of which RFC 6544 §4.2 says no more than that; then by the preference of its
     * direction, 4 of 7 for passive.
     */
    private static long passivePriority(int index) {
        return (90L << 24) | (((4L << 13) + (8_191L - index)) << 8) | 255L;
    }

    /** That of a host candidate of component 1 (RFC 8445 §5.1.2.1). */
    private static long priority(int index) {
        return (126L << 24) | ((65_535L - index) << 8) | 255L;
    }
}
