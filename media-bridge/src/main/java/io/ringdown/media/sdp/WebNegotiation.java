package io.ringdown.media.sdp;

import io.ringdown.media.SdpRejectedException;
import io.ringdown.media.codec.AudioCodec;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers the offers of one browser, or offers to the clients that are called: RFC 3264, 8829 §5.3, ICE-lite (8839), BUNDLE (8843), rtcp-mux (5761), DTLS-SRTP (8842).
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
    // With the peer connection before the one that was agreed with last.
    private @Nullable Agreed before;
    private @Nullable Proposed proposed;
    private String answeredBy = "";
    private String lastBody = "";
    private long lastVersion;
    private Optional<AudioCodec> wanted = Optional.empty();

    /** What the last answer settled; an offer itself is kept where it may be answered again. */
    private record Agreed(String origin, int mediaCount, int audioIndex, Optional<WebAudio> offer, WebAnswer answer) {}

    /** An offer of ours that is open. */
    private record Proposed(WebProposal proposal, String sdp) {}

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
        boolean wasDtlsClient = before.isPresent() && before.get().answer().isDtlsClient();
        WebAudio web = new WebAudio(description, audioIndex(description, before));
        web.checkOffered(wasDtlsClient);
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
        boolean isDtlsClient = wasDtlsClient && !dtlsRestarted; // who is what in an association stays (RFC 8842 §5.5)
        return settle(web, format, direction, ours, theirs, fingerprints, iceRestarted, dtlsRestarted, isDtlsClient);
    }

    /**
     * Our offer to whoever is called; the same until {@link #onAnswer} has taken an answer to it, and then one for another peer
     * connection.
     *
     * @param fresh ICE parameters of ours, for another one
     */
    public String offer(Supplier<IceParameters> fresh) {
        Proposed open = proposed;
        if (open == null) {
            WebProposal proposal = new WebProposal(party, fresh.get());
            open = new Proposed(proposal, described(proposal.text()));
            proposed = open;
        }
        return open.sdp();
    }

    /**
     * What an answer to our offer settles; empty if it is the one that was taken already, which a later response says again.
     *
     * @throws SdpRejectedException if nothing of ours is offered, or it answers with nothing of that; what was agreed before then
     *     still holds, and the offer too
     */
    public Optional<WebAnswer> onAnswer(String answer) throws SdpRejectedException {
        if (answer.equals(answeredBy)) {
            return Optional.empty();
        }
        Proposed open = proposed;
        if (open == null) {
            throw new SdpRejectedException("no offer of ours is open: another answer has been taken");
        }
        SessionDescription description = SessionDescription.parse(answer, limits);
        WebAnswer settled = open.proposal().answered(description, open.sdp());
        proposed = null;
        answeredBy = answer;
        agree(new Agreed(description.origin(), 1, 0, Optional.empty(), settled));
        return Optional.of(settled);
    }

    private void agree(Agreed now) {
        if (now.answer().dtlsRestarted()) {
            before = agreed;
        }
        agreed = now;
    }

    /**
     * The peer connection that was agreed with last does not come: what was agreed with the one before holds again. Answers that, or
     * nothing where there is none.
     */
    public Optional<WebAnswer> forgetNewest() {
        agreed = before;
        before = null;
        answeredBy = "";
        return Optional.ofNullable(agreed).map(Agreed::answer);
    }

    /** What was agreed is over: whatever comes next is of another peer connection. An offer of ours stays open. */
    public void forget() {
        agreed = null;
        before = null;
        answeredBy = "";
    }

    /**
     * The answer to the last offer again, with this codec first of those that were answered, and in later answers too: what a
     * browser applies to an offer of its own that changes nothing, in order to send the codec. Empty if it was not answered.
     */
    public Optional<WebAnswer> answerWith(AudioCodec codec) {
        Agreed last = agreed;
        if (last == null
                || last.offer().isEmpty()
                || WebFormats.codecs(last.answer().format()).stream().noneMatch(format -> format.codec() == codec)) {
            return Optional.empty();
        }
        wanted = Optional.of(codec);
        WebAudio offer = last.offer().get();
        WebAnswer before = last.answer();
        return Optional.of(settle(
                offer,
                format(offer.audio()),
                before.direction(),
                before.ours(),
                before.theirs(),
                before.fingerprints(),
                false,
                false,
                before.isDtlsClient()));
    }

    private WebAnswer settle(
            WebAudio web,
            WebFormat format,
            Direction direction,
            IceParameters ours,
            IceParameters theirs,
            List<Fingerprint> fingerprints,
            boolean iceRestarted,
            boolean dtlsRestarted,
            boolean isDtlsClient) {
        WebAnswer answer = new WebAnswer(
                described(body(web, format, direction, ours, isDtlsClient ? "active" : "passive")),
                format,
                direction,
                ours,
                theirs,
                fingerprints,
                iceRestarted,
                dtlsRestarted,
                isDtlsClient);
        SessionDescription description = web.description();
        agree(new Agreed(
                description.origin(),
                description.media().size(),
                web.audioIndex(),
                party.codecs().mayChange() ? Optional.of(web) : Optional.empty(),
                answer));
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
        boolean any = offer.media().stream().anyMatch(medium -> WebAudio.isUsable(offer, medium));
        throw new SdpRejectedException(
                any
                        ? "m=audio offers none of " + party.codecs().preference()
                        : "there is no m=audio over DTLS-SRTP to be had");
    }

    private boolean isCarried(SessionDescription offer, int index) {
        MediaDescription medium = offer.media().get(index);
        return WebAudio.isUsable(offer, medium)
                && party.codecs().preference().stream()
                        .anyMatch(codec -> medium.payloadType(codec).isPresent());
    }

    /** Of an audio that {@link #isCarried}. */
    private WebFormat format(MediaDescription audio) {
        List<WebFormat> possible = new ArrayList<>();
        for (AudioCodec codec : party.codecs().preference()) {
            OptionalInt payloadType = audio.payloadType(codec);
            if (payloadType.isPresent()) {
                WebFormat format = WebFormats.of(audio, codec, payloadType.getAsInt());
                possible.add(wanted.equals(Optional.of(codec)) ? 0 : possible.size(), format);
            }
        }
        return WebFormats.first(possible, party.codecs().mayChange());
    }

    /** The version of {@code o=} rises by one with each change (RFC 3264 §8). */
    private String described(String body) {
        if (!body.equals(lastBody)) {
            lastBody = body;
            lastVersion++;
        }
        return SdpWriter.head(party.sessionId(), lastVersion, NOWHERE) + body;
    }

    private String body(WebAudio offer, WebFormat format, Direction direction, IceParameters ours, String setup) {
        SdpWriter sdp = new SdpWriter().line("t=0 0");
        WebWriter writer = new WebWriter(party, sdp);
        offer.bundle().ifPresent(group -> sdp.line("a=group:" + group));
        sdp.line("a=ice-lite");
        List<MediaDescription> media = offer.description().media();
        int carrier = offer.carrierIndex().orElse(-1);
        for (int i = 0; i < media.size(); i++) {
            if (i == offer.audioIndex()) {
                audio(sdp, writer, media.get(i), format, direction);
                writer.transport(ours, setup);
            } else if (i == carrier) {
                carrier(sdp, writer, media.get(i));
                writer.transport(ours, setup);
            } else {
                sdp.refused(media.get(i));
            }
        }
        return sdp.text();
    }

    private static void audio(
            SdpWriter sdp, WebWriter writer, MediaDescription offered, WebFormat format, Direction direction) {
        OptionalInt event = format.eventPayloadType();
        List<WebFormat> codecs = WebFormats.codecs(format);
        StringBuilder formats = new StringBuilder();
        for (WebFormat codec : codecs) {
            // In front of its codec, so that a browser sends it.
            red(offered, codec)
                    .ifPresent(red -> formats.append(red.payloadType()).append(' '));
            formats.append(codec.payloadType()).append(' ');
        }
        event.ifPresent(number -> formats.append(number));
        writer.taken(offered.kind(), offered.protocol(), formats.toString().strip());
        offered.mid().ifPresent(mid -> sdp.line("a=mid:" + mid));
        sdp.line("a=" + direction.attribute());
        codecs.forEach(codec -> writer.codec(
                codec.codec(), codec.payloadType(), red(offered, codec).isPresent()));
        codecs.forEach(codec -> red(offered, codec).ifPresent(red -> writer.red(red, codec.payloadType())));
        sdp.event(event, format.eventClockRate());
        writer.stream(direction.sends());
    }

    private static Optional<MediaDescription.Red> red(MediaDescription audio, WebFormat format) {
        return WebFormats.red(audio, format.codec(), format.payloadType());
    }

    /** A medium that no packet will flow for; it only lends the bundle its transport. */
    private static void carrier(SdpWriter sdp, WebWriter writer, MediaDescription offered) {
        String format = offered.formats().getFirst();
        writer.taken(offered.kind(), offered.protocol(), format);
        offered.mid().ifPresent(mid -> sdp.line("a=mid:" + mid));
        sdp.line("a=inactive");
        offered.section().attributes("rtpmap").stream()
                .filter(map -> map.startsWith(format + " ") && map.chars().allMatch(SdpText::isVisibleOrBlank))
                .findFirst()
                .ifPresent(map -> sdp.line("a=rtpmap:" + map));
        sdp.line("a=rtcp-mux");
    }
}
