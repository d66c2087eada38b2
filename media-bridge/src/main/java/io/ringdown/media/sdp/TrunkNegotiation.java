package io.ringdown.media.sdp;

import io.ringdown.media.SdpRejectedException;
import io.ringdown.media.TrunkSrtp;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.srtp.SrtpKeys;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Offers and answers of one SIP dialog with a trunk (RFC 3264): our codecs, each with the telephone-event of its clock, over
 * RTP that is plain or encrypted as {@link Sdes} has it. Pure; one thread at a time. Addresses are taken as literals only; no name is looked up. What is rejected changes
 * nothing here.
 */
public final class TrunkNegotiation {
    // Free to choose (RFC 3551 §6); what most of the world uses.
    private static final int EVENT_PAYLOAD_TYPE = 101;
    private static final int OPUS_EVENT_PAYLOAD_TYPE = 102;
    private static final int OPUS_PAYLOAD_TYPE = 111;
    private static final String OPUS_PARAMETERS =
            "useinbandfec=1;maxplaybackrate=16000"; // mono and wideband is all we have

    private final TrunkParty party;
    private final SdpLimits limits;
    private final Sdes sdes;
    private boolean muxed;
    private List<MediaDescription> media = List.of();
    private Optional<String> peersOffer = Optional.empty();
    private int audioIndex;
    private long version;
    private String lastBody = "";
    private @Nullable InetAddress lastAddress;
    private @Nullable TrunkFormat agreed;
    private List<Event> standingEvents = List.of();
    private Direction ours = Direction.SENDRECV;
    private boolean isHeldByTrunk;

    /** Over plain RTP. */
    public TrunkNegotiation(TrunkParty party, SdpLimits limits) {
        this(party, limits, Sdes.off());
    }

    public TrunkNegotiation(TrunkParty party, SdpLimits limits, Sdes sdes) {
        this.party = party;
        this.limits = limits;
        this.sdes = sdes;
    }

    /**
     * Goes on where another one has stopped.
     *
     * @param party with the session id of {@code from}
     * @param random fills an array with what nobody can guess
     * @throws SdpRejectedException if the description in {@code from} is none, which no state that was written by us has
     */
    public static TrunkNegotiation resume(
            NegotiationState from, TrunkParty party, SdpLimits limits, TrunkSrtp use, Consumer<byte[]> random)
            throws SdpRejectedException {
        TrunkNegotiation resumed = new TrunkNegotiation(party, limits, new Sdes(use, random, from));
        if (from.peersOffer().isPresent()) {
            resumed.peersOffer = from.peersOffer();
            resumed.media =
                    SessionDescription.parse(from.peersOffer().get(), limits).media();
        }
        resumed.muxed = from.isMuxed();
        resumed.audioIndex = from.audioIndex();
        resumed.version = from.version();
        resumed.lastBody = from.lastBody();
        resumed.lastAddress = from.lastAddress().map(InetAddress::ofLiteral).orElse(null);
        resumed.agreed = from.agreed().map(NegotiationState.Format::format).orElse(null);
        resumed.standingEvents = from.standingEvents().stream()
                .map(event -> new Event(event.payloadType(), event.clockRate()))
                .toList();
        resumed.ours = from.ours();
        resumed.isHeldByTrunk = from.isHeldByTrunk();
        return resumed;
    }

    /** What was offered and agreed so far. */
    public NegotiationState state() {
        return new NegotiationState(
                party.sessionId(),
                version,
                lastBody,
                peersOffer,
                audioIndex,
                muxed,
                Optional.ofNullable(lastAddress).map(InetAddress::getHostAddress),
                Optional.ofNullable(agreed).map(NegotiationState.Format::of),
                standingEvents.stream()
                        .map(event -> new NegotiationState.Event(event.payloadType(), event.clockRate()))
                        .toList(),
                ours,
                isHeldByTrunk,
                sdes.isSecure(),
                sdes.keys());
    }

    /** What the leg carries; empty before anything was agreed. */
    public Optional<TrunkFormat> agreed() {
        return Optional.ofNullable(agreed);
    }

    /** The same dialog, in which we are found elsewhere from now on; this one is not to be used any more then. */
    public TrunkNegotiation movedTo(TrunkParty next) {
        if (next.sessionId() != party.sessionId()) {
            throw new IllegalArgumentException("another session id makes another dialog");
        }
        TrunkNegotiation moved = new TrunkNegotiation(next, limits, sdes);
        moved.muxed = muxed;
        moved.media = media;
        moved.peersOffer = peersOffer;
        moved.audioIndex = audioIndex;
        moved.version = version;
        moved.lastBody = lastBody;
        moved.lastAddress = lastAddress;
        moved.agreed = agreed;
        moved.standingEvents = standingEvents;
        moved.ours = ours;
        moved.isHeldByTrunk = isHeldByTrunk;
        return moved;
    }

    /** The session id of {@code o=}, the same for the whole dialog. */
    public long sessionId() {
        return party.sessionId();
    }

    /**
     * Our offer: for an INVITE, for the 200 to one without offer, or for a re-INVITE of the trunk's without one. All that we can
     * do, in the direction that we have last agreed on.
     */
    public String offer() {
        return offer(ourFormats(), ourEvents(), ours);
    }

    /**
     * Our offer that changes nothing of what was agreed but the direction (RFC 3264 §8.4): {@code sendonly} or {@code inactive} to
     * hold the trunk, {@code sendrecv} to end that. It says what we wish, whether the trunk holds us or not (RFC 6337 §5.3), and
     * holds from {@link #onAnswer(String, Direction)} on.
     */
    public String offer(Direction direction) {
        TrunkFormat format = agreed;
        if (format == null) {
            throw new IllegalStateException("nothing was agreed with the trunk");
        }
        return offer(List.of(new Format(format.codec(), format.payloadType())), agreedEvents(), direction);
    }

    /** As numbers that we wrote. */
    private List<Event> agreedEvents() {
        TrunkFormat format = agreed;
        if (format == null || format.theirEventPayloadType().isEmpty()) {
            return List.of();
        }
        return List.of(new Event(format.theirEventPayloadType().getAsInt(), format.eventClockRate()));
    }

    private String offer(List<Format> formats, List<Event> events, Direction direction) {
        SdpWriter sdp = head();
        for (int i = 0; i < Math.max(1, media.size()); i++) {
            if (i == audioIndex) {
                Transport transport = new Transport(sdes.protocol(), sdes.offer(), muxed || party.offersMux());
                audio(sdp, transport, formats, events, direction);
            } else {
                sdp.refused(media.get(i)); // RFC 3264 §8: a place in the list is never given up
            }
        }
        return versioned(sdp.text());
    }

    /**
     * Takes the answer to {@link #offer()}.
     *
     * @throws SdpRejectedException if it refuses the audio, answers with nothing that we offered, or names no usable address
     */
    public TrunkFormat onAnswer(String answer) throws SdpRejectedException {
        return onAnswer(answer, ourEvents(), ours);
    }

    /** Takes the answer to {@link #offer(Direction)}. */
    public TrunkFormat onAnswer(String answer, Direction offered) throws SdpRejectedException {
        return onAnswer(answer, agreedEvents(), offered);
    }

    /** Takes an answer to the description of ours that was agreed on last, which a refresh of the session has said again. */
    public TrunkFormat onAnswerAgain(String answer) throws SdpRejectedException {
        return onAnswer(answer, standingEvents, ours);
    }

    private TrunkFormat onAnswer(String answer, List<Event> offeredEvents, Direction offered)
            throws SdpRejectedException {
        SessionDescription description = SessionDescription.parse(answer, limits);
        if (description.media().size() <= audioIndex) {
            throw new SdpRejectedException("the answer has no m=audio in its place");
        }
        MediaDescription audio = description.media().get(audioIndex);
        if (!audio.isAudio() || audio.port() == 0) {
            throw new SdpRejectedException("the answer refuses audio");
        }
        if (!sdes.fits(audio) || preferred(audio).isEmpty()) {
            throw new SdpRejectedException("the answer has none of " + wanted());
        }
        AudioCodec codec = audio.codec(preferred(audio).orElseThrow()).orElseThrow();
        OptionalInt ourEvent = offeredEvents.stream()
                .filter(event -> event.clockRate() == codec.clockRate())
                .mapToInt(Event::payloadType)
                .findFirst();
        boolean mux = (muxed || party.offersMux()) && audio.section().has("rtcp-mux");
        TrunkFormat format = format(description, audio, ourEvent, offered, mux, sdes.keys(audio));
        ours = offered;
        standingEvents = offeredEvents;
        if (ours.sends()) { // else it had no choice
            isHeldByTrunk = isHeldBy(description, audio);
        }
        remember(audio, format, mux);
        return format;
    }

    /** Whether the trunk has put us on hold, as far as it has said so. */
    public boolean isHeldByTrunk() {
        return isHeldByTrunk;
    }

    /** Who does not want to receive holds (RFC 3264 §8.4). */
    private static boolean isHeldBy(SessionDescription description, MediaDescription audio) {
        boolean isNowhere = connection(description, audio)
                .flatMap(SdpText::address)
                .filter(InetAddress::isAnyLocalAddress)
                .isPresent();
        return isNowhere || !description.direction(audio).receives();
    }

    /**
     * Answers a trunk's offer: an inbound INVITE, or a re-INVITE. Everything beside one audio medium is refused.
     *
     * @throws SdpRejectedException if there is no audio in it that we can carry; what was agreed before then still holds
     */
    public TrunkAnswer answer(String offer) throws SdpRejectedException {
        SessionDescription description = SessionDescription.parse(offer, limits);
        if (description.media().size() < media.size()) {
            throw new SdpRejectedException("the offer has fewer m= lines than before (RFC 3264 §8)");
        }
        int index = carried(description);
        MediaDescription audio = description.media().get(index);
        AudioCodec codec = audio.codec(preferred(audio).orElseThrow()).orElseThrow();
        boolean mux = audio.section().has("rtcp-mux");
        Optional<Sdes.Taken> taken = sdes.take(audio);
        TrunkFormat format = format(
                description, audio, audio.eventPayloadType(codec.clockRate()), ours, mux, taken.map(Sdes.Taken::keys));
        isHeldByTrunk = isHeldBy(description, audio);
        media = description.media();
        peersOffer = Optional.of(offer);
        audioIndex = index;
        remember(audio, format, mux);
        standingEvents = agreedEvents();
        List<String> crypto =
                taken.stream().map(line -> line.answer().written()).toList();
        SdpWriter sdp = head();
        for (int i = 0; i < media.size(); i++) {
            if (i == index) {
                Direction direction = Direction.of(format.weSend(), format.theySend());
                List<Format> formats = List.of(new Format(format.codec(), format.payloadType()));
                List<Event> events = format.eventPayloadType().stream()
                        .mapToObj(number -> new Event(number, format.eventClockRate()))
                        .toList();
                audio(sdp, new Transport(audio.protocol(), crypto, mux), formats, events, direction);
            } else {
                sdp.refused(media.get(i));
            }
        }
        return new TrunkAnswer(versioned(sdp.text()), format);
    }

    private int carried(SessionDescription offer) throws SdpRejectedException {
        List<MediaDescription> offered = offer.media();
        if (audioIndex < media.size() && isUsable(offered.get(audioIndex))) {
            return audioIndex;
        }
        int found = -1;
        for (int i = offered.size() - 1; i >= 0; i--) {
            if (isUsable(offered.get(i)) && (found < 0 || isNoWorse(offered.get(i), offered.get(found)))) {
                found = i;
            }
        }
        if (found < 0) {
            throw new SdpRejectedException("there is no m=audio with one of " + wanted());
        }
        return found;
    }

    /** Before there was OSRTP, callers wrote the same audio twice, encrypted and plain. */
    private boolean isNoWorse(MediaDescription one, MediaDescription other) {
        return sdes.encrypts(one) || !sdes.encrypts(other);
    }

    private String wanted() {
        return party.codecs() + " over " + sdes.wanted();
    }

    private boolean isUsable(MediaDescription medium) {
        return medium.isAudio()
                && medium.port() != 0
                && sdes.takes(medium)
                && preferred(medium).isPresent();
    }

    /** The payload type that the writer likes best of those that we carry. */
    private OptionalInt preferred(MediaDescription audio) {
        for (String text : audio.formats()) {
            OptionalInt number = SdpText.number(text, 127);
            if (number.isPresent()
                    && audio.codec(number.getAsInt())
                            .filter(party.codecs()::contains)
                            .isPresent()) {
                return number;
            }
        }
        return OptionalInt.empty();
    }

    private TrunkFormat format(
            SessionDescription description,
            MediaDescription audio,
            OptionalInt ourEvent,
            Direction wanted,
            boolean mux,
            Optional<SrtpKeys> keys)
            throws SdpRejectedException {
        int payloadType = preferred(audio).orElseThrow();
        AudioCodec codec = audio.codec(payloadType).orElseThrow();
        String connection = connection(description, audio).orElseThrow(() -> new SdpRejectedException("c= is missing"));
        InetAddress address = SdpText.address(connection)
                .orElseThrow(() -> new SdpRejectedException(
                        "c=" + SdpText.shown(connection) + " is not the plain address of one machine"));
        boolean onHold = address.isAnyLocalAddress(); // RFC 3264 §8.4: how hold was once written
        InetAddress known = lastAddress;
        InetSocketAddress target = new InetSocketAddress(onHold && known != null ? known : address, audio.port());
        if (!target.getAddress().isAnyLocalAddress()) {
            requireAllowed(target);
        }
        Direction theirs = description.direction(audio);
        OptionalInt event = audio.eventPayloadType(codec.clockRate());
        return new TrunkFormat(
                codec,
                payloadType,
                event,
                event.isPresent() ? ourEvent : event,
                audio.ptimeMillis(),
                target,
                mux ? target : rtcp(audio, target),
                theirs.receives() && !onHold && wanted.sends(),
                theirs.sends() && wanted.receives(),
                keys);
    }

    private static Optional<String> connection(SessionDescription description, MediaDescription audio) {
        return audio.section().first('c').or(() -> description.session().first('c'));
    }

    private void requireAllowed(InetSocketAddress target) throws SdpRejectedException {
        Optional<String> refusal = party.peers().refusal(target);
        if (refusal.isPresent()) {
            throw new SdpRejectedException("the SDP names no place for media: " + refusal.get());
        }
    }

    private void remember(MediaDescription audio, TrunkFormat format, boolean mux) {
        sdes.remember(audio, format.keys());
        muxed = mux;
        InetAddress address = format.rtp().getAddress();
        if (!address.isAnyLocalAddress()) {
            lastAddress = address;
        }
        agreed = format;
    }

    /** Where reports go: {@code a=rtcp} (RFC 3605 §2.1) if that is a place for them, else the next port. */
    private InetSocketAddress rtcp(MediaDescription audio, InetSocketAddress rtp) {
        Optional<String> attribute = audio.section().attribute("rtcp");
        if (attribute.isPresent()) {
            String[] words = attribute.get().split(" +", 2);
            OptionalInt port = SdpText.number(words[0], 65_535);
            Optional<InetAddress> other = words.length > 1 ? SdpText.address(words[1]) : Optional.of(rtp.getAddress());
            if (port.isPresent() && other.isPresent()) {
                InetSocketAddress named = new InetSocketAddress(other.get(), port.getAsInt());
                if (party.peers().refusal(named).isEmpty()) {
                    return named;
                }
            }
        }
        return new InetSocketAddress(rtp.getAddress(), Math.min(rtp.getPort() + 1, 65_535));
    }

    private SdpWriter head() {
        return new SdpWriter().line("c=" + SdpText.connection(party.address())).line("t=0 0");
    }

    /**
     * What audio is carried by.
     *
     * @param crypto the lines of {@code a=crypto}
     * @param mux whether reports share RTP's port (RFC 5761)
     */
    private record Transport(String protocol, List<String> crypto, boolean mux) {}

    private void audio(
            SdpWriter sdp, Transport transport, List<Format> formats, List<Event> events, Direction direction) {
        StringBuilder numbers = new StringBuilder();
        formats.forEach(format -> numbers.append(' ').append(format.payloadType()));
        events.forEach(event -> numbers.append(' ').append(event.payloadType()));
        sdp.line("m=audio " + party.rtpPort() + " " + transport.protocol() + numbers);
        formats.forEach(format -> codec(sdp, format));
        events.forEach(event -> sdp.event(OptionalInt.of(event.payloadType()), event.clockRate()));
        sdp.line("a=ptime:20").lines(transport.crypto());
        if (transport.mux()) {
            sdp.line("a=rtcp-mux");
        }
        if (party.rtcpPort() != party.rtpPort() + 1) {
            sdp.line("a=rtcp:" + party.rtcpPort());
        }
        sdp.line("a=" + direction.attribute());
    }

    private static void codec(SdpWriter sdp, Format format) {
        String map = "a=rtpmap:" + format.payloadType() + " " + format.codec().rtpmapName() + "/";
        switch (format.codec()) {
            case PCMU, PCMA, G722 -> sdp.line(map + format.codec().clockRate());
            case OPUS ->
                sdp.line(map + "48000/2") // RFC 7587 §7: always
                        .line("a=fmtp:" + format.payloadType() + " " + OPUS_PARAMETERS);
        }
    }

    /** A codec and its number in packets. */
    private record Format(AudioCodec codec, int payloadType) {}

    /** A telephone-event's number in packets, and its clock. */
    private record Event(int payloadType, int clockRate) {}

    private List<Format> ourFormats() {
        return party.codecs().stream()
                .map(codec -> new Format(codec, payloadType(codec)))
                .toList();
    }

    /** One for each clock among our codecs. */
    private List<Event> ourEvents() {
        return party.codecs().stream()
                .map(codec -> new Event(eventPayloadType(codec), codec.clockRate()))
                .distinct()
                .toList();
    }

    private static int payloadType(AudioCodec codec) {
        return switch (codec) {
            case PCMU -> 0; // RFC 3551 §6, table 4
            case PCMA -> 8;
            case G722 -> 9;
            case OPUS -> OPUS_PAYLOAD_TYPE;
        };
    }

    private static int eventPayloadType(AudioCodec codec) {
        return codec == AudioCodec.OPUS ? OPUS_EVENT_PAYLOAD_TYPE : EVENT_PAYLOAD_TYPE;
    }

    /** The version of {@code o=} rises by one with each change (RFC 3264 §8). */
    private String versioned(String body) {
        if (!body.equals(lastBody)) {
            lastBody = body;
            version++;
        }
        return SdpWriter.head(party.sessionId(), version, party.address()) + body;
    }
}
