package io.ringdown.gateway.app;

import io.ringdown.gateway.call.MediaRoom;
import io.ringdown.gateway.routing.Extensions;
import io.ringdown.media.AllowedPeers;
import io.ringdown.media.AwaySound;
import io.ringdown.media.EchoSession;
import io.ringdown.media.LoneSession;
import io.ringdown.media.MediaEngine;
import io.ringdown.media.MediaListener;
import io.ringdown.media.MediaSession;
import io.ringdown.media.MediaState;
import io.ringdown.media.MediaUnavailableException;
import io.ringdown.media.TrunkMedia;
import io.ringdown.media.WebCodecs;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.hold.HoldMusic;
import io.ringdown.media.sdp.Direction;
import io.ringdown.sip.Cidr;
import io.ringdown.sip.SipSettings;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/** The media room for calls: what is configured for each trunk, on the one engine. Immutable. */
final class MediaOfTrunks implements MediaRoom {
    // Between two browsers of ours: what one says goes to the other as it is, unless one of them has no Opus.
    private static final List<AudioCodec> WITHIN =
            List.of(AudioCodec.OPUS, AudioCodec.G722, AudioCodec.PCMU, AudioCodec.PCMA);
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    // What a browser sends to most trunks; the narrower ones for those that have no Opus.
    private static final WebCodecs WITHOUT_TRUNK =
            new WebCodecs(List.of(AudioCodec.OPUS, AudioCodec.PCMU, AudioCodec.PCMA), 16_000, false);

    private final MediaEngine engine;
    private final Map<String, TrunkMedia> media = new LinkedHashMap<>();
    private final Map<String, WebCodecs> webCodecs = new LinkedHashMap<>();
    private final Map<String, Optional<Direction>> holdOffers = new LinkedHashMap<>();
    private final HoldMusic holdMusic;
    private final AwaySound awaySound;

    MediaOfTrunks(
            MediaEngine engine,
            HoldMusic holdMusic,
            AwaySound awaySound,
            SipSettings sip,
            Map<String, TrunkEntry> trunks) {
        this.engine = engine;
        this.holdMusic = holdMusic;
        this.awaySound = awaySound;
        trunks.forEach((name, trunk) -> {
            media.put(name, trunkMedia(sip, trunk));
            webCodecs.put(name, trunk.media().webCodecs());
            holdOffers.put(name, trunk.media().hold().offer());
        });
        media.put(Extensions.HOUSE, new TrunkMedia(LOOPBACK, Optional.empty(), WITHIN));
        webCodecs.put(Extensions.HOUSE, new WebCodecs(WITHIN, 16_000, false));
        holdOffers.put(Extensions.HOUSE, Optional.of(Direction.SENDONLY));
    }

    /** How RTP runs with this trunk, absent keys filled in. */
    static TrunkMedia trunkMedia(SipSettings sip, TrunkEntry trunk) {
        InetAddress sipListen = sip.serving(trunk.sip())
                .orElseGet(() -> sip.listen().getFirst())
                .address();
        InetAddress listen = trunk.media().listen().orElse(sipListen);
        Optional<InetAddress> own = literal(trunk.sip().address().host());
        AllowedPeers peers = new AllowedPeers(listen, own);
        Optional<Predicate<InetAddress>> latchFrom = switch (trunk.media().latch()) {
            case OFF -> Optional.empty();
            case FIRST_SECOND -> Optional.of(new Networks(own, trunk.sip().allow()));
        };
        return new TrunkMedia(
                listen,
                trunk.media().advertise(),
                trunk.media().codecs(),
                trunk.media().srtp(),
                latchFrom,
                trunk.media().rtcpMux(),
                peers,
                trunk.dtmf(),
                trunk.media().smooth());
    }

    /** The trunk's own address, where it is configured as one, and those that its calls may come from. */
    private record Networks(Optional<InetAddress> own, List<Cidr> allow) implements Predicate<InetAddress> {
        @Override
        public boolean test(InetAddress address) {
            return own.filter(address::equals).isPresent()
                    || allow.stream().anyMatch(network -> network.contains(address));
        }
    }

    /** Names are not looked up for this. */
    static Optional<InetAddress> literal(String host) {
        try {
            return Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException aName) {
            return Optional.empty();
        }
    }

    @Override
    public MediaSession open(WebCodecs codecs, MediaListener listener) {
        MediaSession session = engine.open(codecs, listener);
        session.whileAway(awaySound);
        return session;
    }

    @Override
    public EchoSession openEcho(Duration longest, MediaListener listener) {
        return engine.openEcho(WITHOUT_TRUNK, longest, listener);
    }

    @Override
    public LoneSession openAlone(MediaListener listener) {
        return engine.openAlone(WITHOUT_TRUNK, listener);
    }

    @Override
    public MediaSession reopen(MediaState state, String trunk, MediaListener listener)
            throws MediaUnavailableException {
        MediaSession session = engine.reopen(state, webCodecs(trunk), trunk(trunk), holdMusic, listener);
        session.whileAway(awaySound);
        return session;
    }

    @Override
    public boolean isFull() {
        return engine.isFull();
    }

    @Override
    public Optional<String> refusal(String trunk, String offer) {
        return MediaEngine.refusal(trunk(trunk), offer);
    }

    @Override
    public TrunkMedia trunk(String trunk) {
        return Objects.requireNonNull(media.get(trunk), "a trunk that is not configured");
    }

    @Override
    public HoldMusic holdMusic() {
        return holdMusic;
    }

    @Override
    public Optional<Direction> holdOffer(String trunk) {
        return Objects.requireNonNull(holdOffers.get(trunk), "a trunk that is not configured");
    }

    @Override
    public WebCodecs webCodecs(String trunk) {
        return Objects.requireNonNull(webCodecs.get(trunk), "a trunk that is not configured");
    }
}
