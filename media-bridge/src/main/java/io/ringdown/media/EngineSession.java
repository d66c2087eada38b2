package io.ringdown.media;

import io.ringdown.dtmf.DtmfRoad;
import io.ringdown.dtmf.Stroke;
import io.ringdown.media.bridge.SoundRing;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.hold.HoldMusic;
import io.ringdown.media.ice.IceLite;
import io.ringdown.media.quality.CallQuality;
import io.ringdown.media.sdp.Direction;
import io.ringdown.media.sdp.NegotiationState;
import io.ringdown.media.sdp.Sdes;
import io.ringdown.media.sdp.SdpLimits;
import io.ringdown.media.sdp.TrunkAnswer;
import io.ringdown.media.sdp.TrunkFormat;
import io.ringdown.media.sdp.TrunkNegotiation;
import io.ringdown.media.sdp.TrunkParty;
import io.ringdown.media.sdp.WebAnswer;
import io.ringdown.media.sdp.WebNegotiation;
import io.ringdown.media.transport.CallMedia;
import io.ringdown.media.transport.MediaLoop;
import io.ringdown.media.transport.TrunkPorts;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The caller's side of a session: negotiates on the caller's thread and leaves commands for the loop, in order. What is agreed
 * changes only when a description has been accepted.
 */
final class EngineSession implements MediaSession, EchoSession, LoneSession {
    private static final long LOOP_ANSWERS_MILLIS = 1_000;

    private final MediaLoop loop;
    private final CompletableFuture<CallMedia> media;
    private final WebNegotiation web;
    private final TrunkPorts ports;
    private final SecureRandom random;
    private final String cname;
    private @Nullable Trunk trunk;
    private @Nullable Trunk aside;
    private final Map<Side, List<SoundRing>> heard = new EnumMap<>(Side.class);
    private boolean isAlone;
    private boolean closed;

    /** The trunk of the moment. */
    private record Trunk(TrunkMedia media, TrunkPorts.Pair ports, TrunkNegotiation negotiation) {
        Trunk(TrunkMedia media, TrunkPorts.Pair ports, SecureRandom random) {
            this(
                    media,
                    ports,
                    new TrunkNegotiation(
                            party(media, ports, (random.nextLong() >>> 2) | 1),
                            SdpLimits.defaults(),
                            new Sdes(media.srtp(), random::nextBytes)));
        }

        Trunk(TrunkMedia media, TrunkPorts.Pair ports, NegotiationState from, SecureRandom random)
                throws SdpRejectedException {
            this(
                    media,
                    ports,
                    TrunkNegotiation.resume(
                            from,
                            party(media, ports, from.sessionId()),
                            SdpLimits.defaults(),
                            media.srtp(),
                            random::nextBytes));
        }

        MediaState.Trunk state(CallMedia.Cut cut) {
            return new MediaState.Trunk(
                    ports.port(), cut.latched().map(MediaState.Place::of), negotiation.state(), cut.srtp());
        }

        /** The same place, in the course of another negotiation. */
        Trunk with(TrunkNegotiation other) {
            return new Trunk(media, ports, other);
        }

        TrunkParty party() {
            return party(media, ports, negotiation.sessionId());
        }

        private static TrunkParty party(TrunkMedia media, TrunkPorts.Pair ports, long sessionId) {
            return new TrunkParty(
                    media.advertised(),
                    ports.port(),
                    ports.port() + 1,
                    media.codecs(),
                    sessionId,
                    media.peers(),
                    media.rtcpMux());
        }
    }

    EngineSession(
            MediaLoop loop,
            CompletableFuture<CallMedia> media,
            WebNegotiation web,
            TrunkPorts ports,
            SecureRandom random,
            String cname) {
        this.cname = cname;
        this.loop = loop;
        this.media = media;
        this.web = web;
        this.ports = ports;
        this.random = random;
    }

    /** What {@link #answerTrunk} would throw for the first offer of a call, without reserving anything. */
    static Optional<String> refusal(TrunkMedia to, String offer) {
        TrunkParty anybody = new TrunkParty(to.advertised(), 2, 3, to.codecs(), 1, to.peers());
        try {
            Sdes sdes = new Sdes(to.srtp(), key -> {}); // nobody sees this answer
            new TrunkNegotiation(anybody, SdpLimits.defaults(), sdes).answer(offer);
            return Optional.empty();
        } catch (SdpRejectedException rejected) {
            return Optional.of(String.valueOf(rejected.getMessage()));
        }
    }

    /** The browser hears itself from its first answer on, for so long at most. */
    EngineSession echo(Duration longest) {
        long longestNanos = longest.toNanos();
        onLoop((call, now) -> call.echo(longestNanos));
        return this;
    }

    /** There is nobody but the browser. */
    EngineSession alone() {
        isAlone = true;
        onLoop((call, now) -> call.alone());
        return this;
    }

    @Override
    public String offerWeb() {
        checkOpen();
        return web.offer(() -> IceLite.fresh(random));
    }

    @Override
    public void onWebAnswer(String answer) throws SdpRejectedException {
        checkOpen();
        web.onAnswer(answer).ifPresent(this::apply);
    }

    @Override
    public void closeWeb() {
        web.forget();
        onLoop((call, now) -> call.closeWeb(now));
    }

    @Override
    public boolean dropComingWeb() {
        checkOpen();
        Optional<WebAnswer> staying = web.forgetNewest();
        CompletableFuture<Boolean> stays = new CompletableFuture<>();
        onLoop((call, now) -> stays.complete(call.dropComingWeb(staying, now)));
        boolean isServed = await(stays, false);
        if (!isServed) {
            web.forget();
        }
        return isServed;
    }

    @Override
    public SoundLink alsoHear(Side ear, Speaking speaker, Side mouth) {
        checkOpen();
        if (!(speaker instanceof EngineSession other) || other == this) {
            throw new IllegalArgumentException("nobody hears himself");
        }
        if (!has(ear) || !other.has(mouth)) {
            throw new IllegalArgumentException("who is alone has no trunk");
        }
        List<SoundRing> links = heard.computeIfAbsent(ear, each -> new ArrayList<>());
        links.removeIf(SoundRing::isOver);
        if (links.size() == MOST_LINKS) {
            throw new IllegalArgumentException("more than " + MOST_LINKS + " links to one ear");
        }
        SoundRing ring = new SoundRing();
        links.add(ring);
        onLoop((call, now) -> call.hear(ear, ring, now));
        other.onLoop((call, now) -> call.speak(mouth, ring, now));
        return ring;
    }

    private boolean has(Side side) {
        return side == Side.WEB || !isAlone;
    }

    @Override
    public String answerWeb(String offer) throws SdpRejectedException {
        checkOpen();
        WebAnswer answer = web.answer(offer, IceLite.fresh(random));
        apply(answer);
        return answer.sdp();
    }

    /** The first check may come as soon as the answer is out, if it has not come already. */
    private void apply(WebAnswer answer) {
        CompletableFuture<Boolean> effective = new CompletableFuture<>();
        onLoop((call, now) -> {
            call.onWebAnswer(answer, now);
            effective.complete(true);
        });
        await(effective, false);
    }

    @Override
    public Optional<String> answerWebWith(AudioCodec codec) {
        checkOpen();
        return web.answerWith(codec).map(WebAnswer::sdp); // the loop knows what the answer holds already
    }

    @Override
    public String offerTrunk(TrunkMedia to) throws MediaUnavailableException {
        checkOpen();
        Trunk before = trunk;
        Trunk next = new Trunk(to, pair(to), random); // another trunk is another dialog
        if (before != null && before.ports == next.ports) {
            onLoop((call, now) -> call.onTrunkForgotten(now));
        } else {
            onLoop((call, now) -> call.onTrunkPorts(next.ports, now));
        }
        trunk = next;
        return next.negotiation.offer();
    }

    @Override
    public String offerTrunkAgain() {
        checkOpen();
        return theTrunk().negotiation.offer();
    }

    @Override
    public String offerTrunkAgain(Direction direction) {
        checkOpen();
        return theTrunk().negotiation.offer(direction);
    }

    @Override
    public void onTrunkAnswer(String answer, Direction offered) throws SdpRejectedException {
        checkOpen();
        Trunk present = theTrunk();
        TrunkFormat format = present.negotiation.onAnswer(answer, offered);
        onLoop((call, now) -> call.onTrunkFormat(format, present.media, now));
    }

    @Override
    public void onTrunkAnswerAgain(String answer) throws SdpRejectedException {
        checkOpen();
        Trunk present = theTrunk();
        TrunkFormat format = present.negotiation.onAnswerAgain(answer);
        onLoop((call, now) -> call.onTrunkFormat(format, present.media, now));
    }

    @Override
    public boolean isHeldByTrunk() {
        return theTrunk().negotiation.isHeldByTrunk();
    }

    private Trunk theTrunk() {
        Trunk present = trunk;
        if (present == null) {
            throw new IllegalStateException("nothing was agreed with a trunk");
        }
        return present;
    }

    @Override
    public void onTrunkAnswer(String answer) throws SdpRejectedException {
        checkOpen();
        Trunk present = trunk;
        if (present == null) {
            throw new IllegalStateException("nothing was offered to a trunk");
        }
        TrunkFormat format = present.negotiation.onAnswer(answer);
        onLoop((call, now) -> call.onTrunkFormat(format, present.media, now));
    }

    @Override
    public String answerTrunk(TrunkMedia to, String offer) throws SdpRejectedException, MediaUnavailableException {
        checkOpen();
        Trunk present = trunk;
        if (present == null) {
            Trunk first = new Trunk(to, pair(to), random);
            return answer(first, first.negotiation, offer);
        }
        if (present.media.equals(to)) {
            return answer(present, present.negotiation, offer);
        }
        Trunk next = new Trunk(to, pair(to), present.negotiation);
        return answer(next, present.negotiation.movedTo(next.party()), offer);
    }

    /** What the trunk has now, its sockets too, is given up only for an offer that has been accepted. */
    private String answer(Trunk by, TrunkNegotiation negotiation, String offer) throws SdpRejectedException {
        Trunk before = trunk;
        boolean opened = before == null || before.ports != by.ports;
        boolean accepted = false;
        try {
            TrunkAnswer answer = negotiation.answer(offer);
            accepted = true;
            trunk = by.with(negotiation);
            if (opened) {
                onLoop((call, now) -> call.onTrunkPorts(by.ports, now));
            }
            onLoop((call, now) -> call.onTrunkFormat(answer.format(), by.media, now));
            return answer.sdp();
        } finally {
            if (opened && !accepted) {
                by.ports.close();
            }
        }
    }

    @Override
    public String offerAside(TrunkMedia to) throws MediaUnavailableException {
        checkOpen();
        Trunk next = new Trunk(to, ports.open(to.listen()), random);
        placeAside(next);
        return next.negotiation.offer();
    }

    @Override
    public void onAsideAnswer(String answer) throws SdpRejectedException {
        checkOpen();
        Trunk other = theAside();
        TrunkFormat format = other.negotiation.onAnswer(answer);
        onLoop((call, now) -> call.onAsideFormat(format, other.media));
    }

    @Override
    public String answerAside(TrunkMedia to, String offer) throws SdpRejectedException, MediaUnavailableException {
        checkOpen();
        Trunk next = new Trunk(to, ports.open(to.listen()), random);
        boolean accepted = false;
        try {
            TrunkAnswer answer = next.negotiation.answer(offer);
            accepted = true;
            placeAside(next);
            onLoop((call, now) -> call.onAsideFormat(answer.format(), to));
            return answer.sdp();
        } finally {
            if (!accepted) {
                next.ports.close();
            }
        }
    }

    private void placeAside(Trunk next) {
        aside = next;
        onLoop((call, now) -> call.onAsidePorts(next.ports));
    }

    @Override
    public void swapTrunks() {
        checkOpen();
        Trunk next = theAside();
        aside = trunk;
        trunk = next;
        onLoop((call, now) -> call.swapTrunks(now));
    }

    @Override
    public void dropAside() {
        aside = null;
        onLoop((call, now) -> call.dropAside());
    }

    private Trunk theAside() {
        Trunk other = aside;
        if (other == null) {
            throw new IllegalStateException("there is no second trunk");
        }
        return other;
    }

    @Override
    public List<DtmfRoad> digitRoads() {
        CompletableFuture<List<DtmfRoad>> answer = new CompletableFuture<>();
        onLoop((call, now) -> answer.complete(call.digitRoads()));
        return await(answer, List.of());
    }

    @Override
    public void digitRoad(Optional<DtmfRoad> road, boolean hearTones) {
        onLoop((call, now) -> call.digitRoad(road, hearTones, now));
    }

    @Override
    public OptionalLong press(List<Stroke> strokes, Duration length, Duration gap) {
        long lengthNanos = length.toNanos(); // what is too long for a number fails here, at its caller
        long gapNanos = gap.toNanos();
        CompletableFuture<OptionalLong> first = new CompletableFuture<>();
        onLoop((call, now) -> first.complete(call.press(strokes, lengthNanos, gapNanos, now)));
        return await(first, OptionalLong.empty());
    }

    @Override
    public void cancelPresses() {
        onLoop((call, now) -> call.cancelPresses(now));
    }

    @Override
    public void listen(boolean wanted, Duration silence) {
        onLoop((call, now) -> call.listen(wanted, silence.toNanos(), now));
    }

    /** What the loop answers; {@code otherwise} if it does not. */
    private static <T> T await(CompletableFuture<T> answer, T otherwise) {
        try {
            return answer.get(LOOP_ANSWERS_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return otherwise;
        } catch (ExecutionException | TimeoutException e) { // closed meanwhile
            return otherwise;
        }
    }

    @Override
    public void muteWeb(boolean muted) {
        onLoop((call, now) -> call.muteWeb(muted));
    }

    @Override
    public void hold(HoldMusic music) {
        onLoop((call, now) -> call.hold(music, now));
    }

    @Override
    public void resume() {
        onLoop((call, now) -> call.resume(now));
    }

    @Override
    public Optional<SoundMonitor> monitor() {
        CompletableFuture<Optional<SoundMonitor>> opened = new CompletableFuture<>();
        onLoop((call, now) -> {
            Optional<SoundMonitor> monitor = call.monitor(now);
            if (!opened.complete(monitor)) { // later than we have waited
                monitor.ifPresent(SoundMonitor::close);
            }
        });
        Optional<SoundMonitor> monitor = await(opened, Optional.empty());
        opened.cancel(false);
        return monitor;
    }

    @Override
    public void secureInput(boolean wanted) {
        onLoop((call, now) -> call.secureInput(wanted));
    }

    @Override
    public MediaStats stats() {
        CallMedia call = media.getNow(null);
        return call == null ? MediaStats.NONE : call.stats();
    }

    @Override
    public CallQuality quality() {
        CallMedia call = media.getNow(null);
        return call == null ? CallQuality.NONE : call.quality(System.nanoTime());
    }

    @Override
    public void whileAway(AwaySound sound) {
        onLoop((call, now) -> call.whileAway(sound));
    }

    @Override
    public MediaState state() {
        checkOpen();
        CompletableFuture<Optional<MediaState>> written = new CompletableFuture<>();
        Optional<Trunk> present = Optional.ofNullable(trunk);
        onLoop((call, now) -> {
            CallMedia.Cut cut = call.cut(now);
            written.complete(Optional.of(
                    new MediaState(MediaEngine.unixNanos(), cname, cut.bridge(), present.map(leg -> leg.state(cut)))));
        });
        return await(written, Optional.empty())
                .orElseThrow(() -> new IllegalStateException("the media loop does not answer"));
    }

    @Override
    public void letGo() {
        closed = true;
        CompletableFuture<Boolean> effective = new CompletableFuture<>();
        onLoop((call, now) -> {
            call.letGo(now);
            effective.complete(true);
        });
        await(effective, false); // whoever goes on may want the ports at once
    }

    /** Goes on with the trunk's leg of another session. */
    void resume(MediaState from, TrunkMedia to, HoldMusic music, long elapsedNanos)
            throws MediaUnavailableException, SdpRejectedException {
        CallMedia.Resumption resumption = new CallMedia.Resumption(from.cut(), elapsedNanos, music);
        if (from.trunk().isEmpty()) {
            onLoop((call, now) -> call.resume(resumption, now));
            return;
        }
        MediaState.Trunk leg = from.trunk().get();
        TrunkPorts.Pair pair = ports.reopen(to.listen(), leg.port());
        Trunk resumed = null;
        try {
            resumed = new Trunk(to, pair, leg.negotiation(), random);
        } finally {
            if (resumed == null) {
                pair.close();
            }
        }
        trunk = resumed;
        Optional<TrunkFormat> format = resumed.negotiation.agreed();
        CompletableFuture<Boolean> effective = new CompletableFuture<>();
        onLoop((call, now) -> {
            if (format.isPresent()) {
                call.resume(resumption, pair, format.get(), to, now);
            } else {
                call.onTrunkPorts(pair, now);
                call.resume(resumption, now);
            }
            effective.complete(true);
        });
        await(effective, false); // the trunk is sending
    }

    @Override
    public void close() {
        closed = true;
        onLoop((call, now) -> call.close());
    }

    /** The pair stays where the address does. */
    private TrunkPorts.Pair pair(TrunkMedia to) throws MediaUnavailableException {
        Trunk before = trunk;
        return before != null && before.media.listen().equals(to.listen()) ? before.ports : ports.open(to.listen());
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the session is closed");
        }
    }

    private void onLoop(Step step) {
        if (loop.onThread() && media.isDone()) {
            step.run(media.join(), System.nanoTime());
        } else {
            loop.execute(now -> step.run(media.join(), now)); // made by an earlier command
        }
    }

    /** Something to do with the call on its loop. */
    @FunctionalInterface
    private interface Step {
        void run(CallMedia call, long now);
    }
}
