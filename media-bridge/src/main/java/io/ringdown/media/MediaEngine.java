package io.ringdown.media;

import io.ringdown.media.bridge.BridgeIdentity;
import io.ringdown.media.bridge.BridgeState;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.dtls.DtlsIdentity;
import io.ringdown.media.hold.HoldMusic;
import io.ringdown.media.ice.PublicAddress;
import io.ringdown.media.quality.LoopSnapshot;
import io.ringdown.media.sdp.SdpLimits;
import io.ringdown.media.sdp.WebNegotiation;
import io.ringdown.media.sdp.WebParty;
import io.ringdown.media.srtp.SrtpCiphers;
import io.ringdown.media.transport.CallMedia;
import io.ringdown.media.transport.MediaLoop;
import io.ringdown.media.transport.MediaLoops;
import io.ringdown.media.transport.TrunkPorts;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All media of this process: its sockets, its loops and its certificate. Safe for all threads. */
public final class MediaEngine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MediaEngine.class);
    private static final int CNAME_BYTES = 12; // RFC 7022 §4.2: 96 bits

    private final MediaSettings settings;
    private final SecureRandom random;
    private final Codecs codecs;
    private final CompletableFuture<DtlsIdentity> certificate;
    private final MediaLoops loops;
    private final TrunkPorts trunkPorts;
    private final List<InetAddress> advertised;
    private final Thread warmUp;

    private MediaEngine(
            MediaSettings settings,
            SecureRandom random,
            Codecs codecs,
            CompletableFuture<DtlsIdentity> certificate,
            MediaLoops loops,
            List<InetAddress> advertised) {
        this.settings = settings;
        this.random = random;
        this.codecs = codecs;
        this.certificate = certificate;
        this.loops = loops;
        this.trunkPorts = new TrunkPorts(settings.trunkPorts(), settings.dscp(), random);
        this.advertised = advertised;
        this.warmUp = WarmUp.start(certificate, codecs);
    }

    /**
     * Opens the web ports and starts the media loops.
     *
     * @throws MediaUnavailableException if a web port cannot be opened
     */
    public static MediaEngine start(MediaSettings settings) throws MediaUnavailableException {
        Codecs codecs = Codecs.load(settings.opus());
        MediaLoops loops = MediaLoops.start(
                settings.web(),
                settings.dscp(),
                codecs,
                settings.opus().complexity(),
                Runtime.getRuntime().availableProcessors());
        try {
            SecureRandom random = new SecureRandom();
            CompletableFuture<DtlsIdentity> certificate = new CompletableFuture<>();
            Thread.ofVirtual().name("certificate").start(() -> create(certificate, random));
            List<InetAddress> advertised =
                    advertised(settings.web(), loops.all().getFirst());
            MediaEngine engine = new MediaEngine(settings, random, codecs, certificate, loops, advertised);
            for (MediaLoop loop : loops.all()) {
                LOG.info(
                        "Media for browsers on {} (TCP: {}), told to them as {}",
                        loop.locals(),
                        loop.tcpLocals(),
                        engine.candidates(loop.locals()));
            }
            LOG.info("Opus by {}", codecs.describe());
            return engine;
        } catch (RuntimeException | Error e) {
            loops.close();
            throw e;
        }
    }

    /**
     * Makes the media of a new call. Nothing is reserved for its trunk leg before {@link MediaSession#offerTrunk} or
     * {@link MediaSession#answerTrunk}.
     *
     * @param webCodecs what we are willing to answer the browser with
     * @param listener told what happens
     */
    public MediaSession open(WebCodecs webCodecs, MediaListener listener) {
        return open(webCodecs, new BridgeIdentity(stream(), stream(), cname(), unixNanos()), listener);
    }

    /**
     * Makes the media of a test: the browser hears itself, not transcoded, and both sides' reports tell what the way does to it.
     * Nothing of a trunk is reserved.
     *
     * @param webCodecs what we are willing to answer the browser with
     * @param longest how long it hears itself, from its first packet on
     * @param listener told what happens
     */
    public EchoSession openEcho(WebCodecs webCodecs, Duration longest, MediaListener listener) {
        return open(webCodecs, new BridgeIdentity(stream(), stream(), cname(), unixNanos()), listener)
                .echo(longest);
    }

    /**
     * Makes the media of a browser alone, who listens to calls and may be let speak in them.
     *
     * @param webCodecs what we are willing to answer the browser with
     * @param listener told what happens
     */
    public LoneSession openAlone(WebCodecs webCodecs, MediaListener listener) {
        return open(webCodecs, new BridgeIdentity(stream(), stream(), cname(), unixNanos()), listener)
                .alone();
    }

    /**
     * Goes on with the media of a call that {@link MediaSession#state} has written down, here or in another process: the trunk's leg
     * is what it was, and its stream goes on as if nothing had been sent for a while. The web leg begins with the browser's next
     * offer.
     *
     * @param trunk the settings of the call's trunk
     * @param onHold what a trunk that is held hears
     * @param listener told what happens
     * @throws MediaUnavailableException if its ports cannot be had again
     */
    public MediaSession reopen(
            MediaState state, WebCodecs webCodecs, TrunkMedia trunk, HoldMusic onHold, MediaListener listener)
            throws MediaUnavailableException {
        long unixNanos = unixNanos();
        BridgeState.Stream stream = state.bridge().stream();
        BridgeIdentity identity = new BridgeIdentity(
                stream(),
                new BridgeIdentity.Stream(stream.ssrc(), stream.sequence(), stream.timestamp()),
                state.cname(),
                unixNanos);
        EngineSession session = open(webCodecs, identity, listener);
        boolean isResumed = false;
        try {
            session.resume(state, trunk, onHold, Math.max(0, unixNanos - state.unixNanos()));
            isResumed = true;
            return session;
        } catch (SdpRejectedException e) {
            throw new IllegalArgumentException("no state of media that we have written", e);
        } finally {
            if (!isResumed) {
                session.letGo();
            }
        }
    }

    private EngineSession open(WebCodecs webCodecs, BridgeIdentity identity, MediaListener listener) {
        MediaLoop loop = loops.choose();
        WebParty party = new WebParty(
                webCodecs,
                sessionId(),
                certificate.join().fingerprint(),
                candidates(loop.locals()),
                identity.web().ssrc(),
                identity.cname(),
                candidates(loop.tcpLocals()));
        CallMedia.Parts parts = new CallMedia.Parts(settings, certificate.join(), identity, guarded(listener));
        CompletableFuture<CallMedia> media = new CompletableFuture<>();
        loop.execute(now -> open(media, loop, parts, now));
        return new EngineSession(
                loop, media, new WebNegotiation(party, SdpLimits.defaults()), trunkPorts, random, identity.cname());
    }

    /** Whatever happens: the session's next commands wait for this on the loop, which must not wait for ever. */
    private static void open(CompletableFuture<CallMedia> media, MediaLoop loop, CallMedia.Parts parts, long now) {
        try {
            media.complete(loop.open(parts, now));
        } catch (RuntimeException | Error e) {
            media.completeExceptionally(e);
            throw e;
        }
    }

    /** Whether one call more would be felt by those that are up, or has no port; it should be refused then. */
    public boolean isFull() {
        return loops.isFull() || !trunkPorts.hasFree();
    }

    /** Why this first offer of a trunk could never be answered; empty if it can. For a refusal before anybody is rung. */
    public static Optional<String> refusal(TrunkMedia to, String offer) {
        return EngineSession.refusal(to, offer);
    }

    /** Everything worth knowing about what is going on, as nested maps, lists, strings and numbers. */
    public Map<String, Object> debugState() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("opus", codecs.describe());
        state.put("aes", SrtpCiphers.describe());
        state.put("fingerprint", certificate.join().fingerprint().text());
        state.put(
                "advertised",
                advertised.stream().map(InetAddress::getHostAddress).toList());
        state.put("trunkPorts", trunkPorts.debugState());
        state.putAll(loops.debugState());
        return state;
    }

    /** How each media loop is doing: load, lag, what the kernel has dropped. Any thread may ask. */
    public List<LoopSnapshot> loops() {
        return loops.snapshots();
    }

    /** Waits until the first call will be as fast as the tenth; false if that took longer than this. */
    public boolean awaitWarm(long timeout, TimeUnit unit) throws InterruptedException {
        return warmUp.join(Duration.of(timeout, unit.toChronoUnit()));
    }

    /** Ends every session and closes every socket. Idempotent. */
    @Override
    public void close() {
        loops.close();
    }

    private List<InetSocketAddress> candidates(List<InetSocketAddress> locals) {
        if (advertised.isEmpty() || locals.isEmpty()) {
            return locals;
        }
        int port = locals.getFirst().getPort();
        return advertised.stream()
                .map(address -> new InetSocketAddress(address, port))
                .toList();
    }

    private static List<InetAddress> advertised(MediaSettings.Web web, MediaLoop loop) {
        List<InetAddress> addresses = new ArrayList<>(web.advertise());
        if (addresses.isEmpty()) {
            web.discover().ifPresent(source -> {
                PublicAddress.ask(source, loop.locals().getFirst().getAddress())
                        .ifPresentOrElse(
                                addresses::add,
                                () -> LOG.warn("{} does not tell our public address; local ones are told", source));
                if (!addresses.isEmpty()) { // browsers on this side of the NAT find us too
                    loop.locals().forEach(local -> addresses.add(local.getAddress()));
                }
            });
        }
        return addresses;
    }

    /** Beside the rest of the start: the first answer needs it, and waits if it comes that early. */
    private static void create(CompletableFuture<DtlsIdentity> certificate, SecureRandom random) {
        try {
            certificate.complete(DtlsIdentity.create(random));
        } catch (RuntimeException | Error e) {
            certificate.completeExceptionally(e);
        }
    }

    private BridgeIdentity.Stream stream() {
        return new BridgeIdentity.Stream(random.nextInt(), random.nextInt() & 0x7fff, random.nextInt());
    }

    private String cname() {
        byte[] bytes = new byte[CNAME_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private long sessionId() {
        return (random.nextLong() >>> 2) | 1;
    }

    static long unixNanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    /** A listener that fails must not take the packets with it. */
    private static MediaListener guarded(MediaListener listener) {
        return event -> {
            try {
                listener.onEvent(event);
            } catch (RuntimeException e) {
                LOG.error("A listener has failed on {}", event.getClass().getSimpleName(), e);
            }
        };
    }
}
