package io.ringdown.media.transport;

import io.ringdown.dtmf.DtmfRoad;
import io.ringdown.dtmf.Stroke;
import io.ringdown.media.AwaySound;
import io.ringdown.media.MediaEvent;
import io.ringdown.media.MediaListener;
import io.ringdown.media.MediaSettings;
import io.ringdown.media.MediaStats;
import io.ringdown.media.Side;
import io.ringdown.media.SoundMonitor;
import io.ringdown.media.TrunkMedia;
import io.ringdown.media.bridge.Bridge;
import io.ringdown.media.bridge.BridgeIdentity;
import io.ringdown.media.bridge.BridgeOutput;
import io.ringdown.media.bridge.BridgeState;
import io.ringdown.media.bridge.SoundRing;
import io.ringdown.media.dtls.DtlsFailure;
import io.ringdown.media.dtls.DtlsIdentity;
import io.ringdown.media.hold.HoldMusic;
import io.ringdown.media.ice.IcePath;
import io.ringdown.media.ice.StunRequest;
import io.ringdown.media.quality.CallQuality;
import io.ringdown.media.quality.DurationHistogram;
import io.ringdown.media.quality.TrunkPath;
import io.ringdown.media.sdp.TrunkFormat;
import io.ringdown.media.sdp.WebAnswer;
import io.ringdown.media.srtp.SignalledSrtp;
import io.ringdown.media.srtp.SrtpSession;
import io.ringdown.media.srtp.SrtpState;
import io.ringdown.media.transport.Liveness.TrunkSign;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One call's media: STUN, DTLS and SRTP on the web side, RTP on the trunk side, the bridge between. Every method is for the
 * loop's thread, except {@link #stats} and {@link #quality}; other threads go through {@link MediaLoop#execute}.
 */
public final class CallMedia {
    private static final int PACKETS_PER_SECOND = 250; // five times 20 ms packets
    private static final int PACKETS_AT_ONCE = 500; // a network that wakes up after seconds
    private static final int RTP_HEADER = 12;
    private static final int STRANGERS_PACKETS = 3; // of one address, before it counts as a stream

    private static final int UNREACHABLE = 0;
    private static final int TRUNK_REFUSED = 1;
    private static final int PUBLISHED = 2;

    private static final int RTCP_FIRST = 192; // RFC 5761 §4
    private static final int RTCP_LAST = 223;

    private final MediaLoop loop;
    private final MediaListener listener;
    private final Liveness liveness;
    private final Bridge bridge;
    private final WebLeg web;
    private final TokenBucket trunkBucket;
    private final WakeHeap.Entry<CallMedia> wakeEntry = new WakeHeap.Entry<>(this);
    private final Counts<Noise> noise = new Counts<>(Noise.class);
    private @Nullable TrunkLeg trunk;
    private @Nullable Agreed agreed;
    // A second leg that is not heard, and what was agreed with its trunk.
    private @Nullable TrunkLeg aside;
    private @Nullable Agreed agreedAside;
    private boolean closed;
    private long unsent;
    private final StrangerWatch strangers = new StrangerWatch();
    private @Nullable InetSocketAddress lastStranger;
    private int strangersPackets;
    private Predicate<InetSocketAddress> mayBeTheTrunk = nobody -> false;

    // What other threads may see.
    private final AtomicLongArray published = new AtomicLongArray(PUBLISHED);
    private final DurationHistogram toTrunk = new DurationHistogram();
    private final DurationHistogram toWeb = new DurationHistogram();
    private volatile boolean mutedNow;
    private volatile boolean heldNow;
    private volatile @Nullable TrunkFormat trunkNow;
    private volatile @Nullable InetSocketAddress trunkTargetNow;
    private volatile @Nullable InetSocketAddress strangerNow;

    /**
     * What a call is put together from.
     *
     * @param settings of the process
     * @param certificate of the process
     * @param identity drawn for this call
     * @param listener told what happens, on the loop's thread
     */
    public record Parts(
            MediaSettings settings, DtlsIdentity certificate, BridgeIdentity identity, MediaListener listener) {}

    /** What a trunk's leg carries, and in whose manner. */
    private record Agreed(TrunkFormat format, TrunkMedia media) {}

    /** On the loop's thread; the loop serves it from here on. */
    CallMedia(MediaLoop loop, Parts parts, long now) {
        this.loop = loop;
        this.listener = parts.listener();
        this.liveness = new Liveness(parts.settings().silence(), listener);
        this.web = new WebLeg(loop, this, parts.certificate(), new Browser(), now);
        this.trunkBucket = new TokenBucket(PACKETS_PER_SECOND, PACKETS_AT_ONCE, now);
        BridgeOutput output =
                new BridgeOutput(this::sealAndSend, this::sealAndSendControl, this::sendRtp, this::sendRtcp);
        this.bridge = new Bridge(loop.codecs(), parts.settings().bridge(), parts.identity(), output, listener, now);
    }

    // ---- what the call asks for

    /** The browser has this answer: its checks may come. */
    public void onWebAnswer(WebAnswer answer, long now) {
        if (closed) {
            return;
        }
        if (web.onAnswer(answer, now)) {
            carry(answer, now);
        }
        liveness.watchWeb(now);
        schedule(now);
    }

    /** Nobody is at the web side before there is another answer; the trunk's goes on. */
    public void closeWeb(long now) {
        if (!closed) {
            bridge.closeWeb(now);
            web.leave();
            liveness.leaveWeb();
            schedule(now);
        }
    }

    /**
     * Who was to come does not: the one with this answer stays. If it is not there any more, nobody is, and whoever comes next is
     * watched for; answers whether it is.
     */
    public boolean dropComingWeb(Optional<WebAnswer> staying, long now) {
        boolean isServed = staying.filter(web::dropComing).isPresent();
        if (!isServed && !closed) {
            closeWeb(now);
            liveness.watchWeb(now);
            schedule(now);
        }
        return isServed;
    }

    private void carry(WebAnswer answer, long now) {
        bridge.sendToWeb(answer.direction().sends());
        bridge.hearWeb(answer.direction().receives());
        bridge.web(answer.format(), now);
    }

    /** The call has this port pair now; what the trunk before it had answered is forgotten. */
    public void onTrunkPorts(TrunkPorts.Pair ports, long now) {
        if (closed) {
            ports.close();
            return;
        }
        onTrunkForgotten(now);
        TrunkLeg old = trunk;
        trunk = new TrunkLeg(this, ports);
        if (old != null) {
            old.close();
        }
    }

    /**
     * The last that is asked of it: what another one goes on with. Nothing leaves from here on and nothing is heard; see {@link
     * Bridge#stop}.
     */
    public Cut cut(long now) {
        BridgeState state = bridge.stop(now);
        TrunkLeg leg = trunk;
        Cut cut = new Cut(
                state,
                Optional.ofNullable(leg)
                        .flatMap(of -> Optional.ofNullable(of.latch().latched())),
                Optional.ofNullable(leg).flatMap(TrunkLeg::keysNow));
        schedule(now);
        return cut;
    }

    /**
     * What the loop knows of a call between two packets.
     *
     * @param bridge between the legs
     * @param latched where the trunk was found to be
     * @param srtp how far the trunk's keys have come
     */
    public record Cut(BridgeState bridge, Optional<InetSocketAddress> latched, Optional<SrtpState> srtp) {}

    /**
     * What a call's media go on from.
     *
     * @param cut what the loop knew
     * @param elapsedNanos since it was made
     * @param music of a trunk that is held
     */
    public record Resumption(Cut cut, long elapsedNanos, HoldMusic music) {}

    /** Goes on where another one has stopped, with a trunk that has agreed on nothing yet, or without one. */
    public void resume(Resumption from, long now) {
        resume(from, Optional.empty(), now);
    }

    /** Goes on where another one has stopped, on its trunk's ports. */
    public void resume(Resumption from, TrunkPorts.Pair ports, TrunkFormat format, TrunkMedia media, long now) {
        if (closed) {
            ports.close();
            return;
        }
        TrunkLeg leg = new TrunkLeg(this, ports);
        trunk = leg;
        leg.resume(
                format,
                from.cut().latched().orElse(null),
                from.cut().srtp().map(SignalledSrtp::new).orElse(null));
        resume(from, Optional.of(format), now);
        onTrunkFormat(format, media, now);
    }

    private void resume(Resumption from, Optional<TrunkFormat> format, long now) {
        BridgeState bridged = from.cut().bridge();
        bridge.resume(bridged, format, from.music(), from.elapsedNanos(), now);
        mutedNow = bridged.isMuted();
        heldNow = bridged.holdPosition().isPresent();
        liveness.watchWeb(now); // which is asked for an offer, and may not be there any more
        schedule(now);
    }

    /** See {@link Bridge#echo}. */
    public void echo(long longestNanos) {
        bridge.echo(longestNanos);
    }

    /** See {@link Bridge#alone}. */
    public void alone() {
        bridge.alone();
    }

    /** See {@link Bridge#hear}. */
    public void hear(Side ear, SoundRing voice, long now) {
        bridge.hear(ear, voice, now);
        schedule(now);
    }

    /** See {@link Bridge#speak}. */
    public void speak(Side mouth, SoundRing to, long now) {
        bridge.speak(mouth, to, now);
        schedule(now);
    }

    /** See {@link Bridge#whileAway}. */
    public void whileAway(AwaySound sound) {
        bridge.whileAway(sound);
    }

    /** Another trunk is tried on the same ports. */
    public void onTrunkForgotten(long now) {
        if (closed) {
            return;
        }
        deafen(now);
        TrunkLeg leg = trunk;
        if (leg != null) {
            leg.forget();
        }
        schedule(now);
    }

    /** Nothing comes from a trunk, or goes there, until there is another agreement. */
    private void deafen(long now) {
        bridge.forgetTrunk(now);
        agreed = null;
        trunkNow = null;
        trunkTargetNow = null;
        expectTrunk(now);
        forgetStranger();
    }

    /** There is a second leg, on these ports, which is not heard; one that was aside before it is let go. */
    public void onAsidePorts(TrunkPorts.Pair ports) {
        if (closed) {
            ports.close();
            return;
        }
        dropAside();
        aside = new TrunkLeg(this, ports);
    }

    /** What the second leg carries once it is heard. */
    public void onAsideFormat(TrunkFormat format, TrunkMedia media) {
        agreedAside = new Agreed(format, media);
    }

    /** The second leg is heard from here on, and the first is the one aside. */
    public void swapTrunks(long now) {
        TrunkLeg next = aside;
        if (closed || next == null) {
            return;
        }
        Agreed with = agreedAside;
        agreedAside = agreed;
        deafen(now);
        TrunkLeg before = trunk;
        if (before != null) {
            before.pause();
        }
        aside = before;
        trunk = next;
        if (with != null) {
            onTrunkFormat(with.format(), with.media(), now);
        }
        schedule(now);
    }

    /** The second leg is over: its ports rest. */
    public void dropAside() {
        TrunkLeg leg = aside;
        aside = null;
        agreedAside = null;
        if (leg != null) {
            leg.close();
        }
    }

    /** The trunk's leg carries this from now on, in the manner of this trunk. */
    public void onTrunkFormat(TrunkFormat format, TrunkMedia media, long now) {
        TrunkLeg leg = trunk;
        if (closed || leg == null) {
            return;
        }
        leg.target(loop, format, media.latchFrom().isPresent(), now);
        Predicate<InetAddress> networks = media.latchFrom().orElse(nobody -> false);
        mayBeTheTrunk = from ->
                networks.test(from.getAddress()) && media.peers().refusal(from).isEmpty();
        bridge.smooth(media.smooth().toNanos());
        bridge.digits(media.digits());
        bridge.trunk(format, now);
        agreed = new Agreed(format, media);
        trunkNow = format;
        trunkTargetNow = leg.target();
        expectTrunk(now);
        forgetStranger();
        if (leg.latch().isOpen(now)) {
            leg.open();
        }
        schedule(now);
    }

    /** Who is on hold listens, and may well send nothing; so may who holds. */
    private void expectTrunk(long now) {
        TrunkFormat format = trunkNow;
        boolean isExpected = format != null && !format.isOnHold() && !heldNow;
        liveness.watchTrunk(format == null ? TrunkSign.NONE : isExpected ? TrunkSign.SOUND : TrunkSign.REPORTS, now);
        look(strangers.expect(isExpected, now));
    }

    /** See {@link Bridge#press}. */
    public OptionalLong press(List<Stroke> strokes, long lengthNanos, long gapNanos, long now) {
        if (closed) {
            return OptionalLong.empty();
        }
        OptionalLong first = bridge.press(strokes, lengthNanos, gapNanos, now);
        schedule(now);
        return first;
    }

    /** See {@link Bridge#cancelPresses}. */
    public void cancelPresses(long now) {
        bridge.cancelPresses(now);
        schedule(now);
    }

    /** See {@link Bridge#digitRoad} and {@link Bridge#hearTones}. */
    public void digitRoad(Optional<DtmfRoad> road, boolean hearTones, long now) {
        bridge.digitRoad(road, now);
        bridge.hearTones(hearTones, now);
        schedule(now);
    }

    /** See {@link Bridge#digitRoads}. */
    public List<DtmfRoad> digitRoads() {
        return bridge.digitRoads();
    }

    /** See {@link Bridge#listen}. */
    public void listen(boolean wanted, long silenceNanos, long now) {
        bridge.listen(wanted, silenceNanos, now);
        schedule(now);
    }

    /** See {@link Bridge#monitor}. */
    public Optional<SoundMonitor> monitor(long now) {
        Optional<SoundMonitor> monitor = bridge.monitor(now);
        schedule(now);
        return monitor;
    }

    /** See {@link Bridge#secureInput}. */
    public void secureInput(boolean wanted) {
        bridge.secureInput(wanted);
    }

    /** See {@link Bridge#muteWeb}. */
    public void muteWeb(boolean muted) {
        if (!closed) {
            bridge.muteWeb(muted);
            mutedNow = muted;
        }
    }

    /** See {@link Bridge#hold}. */
    public void hold(HoldMusic music, long now) {
        if (!closed) {
            bridge.hold(music, now);
            heldNow = true;
            expectTrunk(now);
            schedule(now);
        }
    }

    /** See {@link Bridge#resume}. */
    public void resume(long now) {
        if (!closed) {
            bridge.resume(now);
            heldNow = false;
            expectTrunk(now);
            schedule(now);
        }
    }

    /** What has been counted so far; any thread may ask. */
    public MediaStats stats() {
        return bridge.stats();
    }

    /** Everything that is measured; any thread may ask, at its {@code now}. */
    public CallQuality quality(long now) {
        return new CallQuality(
                bridge.webQuality(now),
                bridge.trunkQuality(now),
                web.path(mutedNow, heldNow, now),
                trunkPath(),
                toTrunk.durations(),
                toWeb.durations());
    }

    private TrunkPath trunkPath() {
        TrunkFormat format = trunkNow;
        InetSocketAddress target = trunkTargetNow;
        return format == null
                ? TrunkPath.NONE
                : new TrunkPath(
                        Optional.of(target == null ? format.rtp() : target),
                        format.weSend(),
                        format.theySend(),
                        published.getOpaque(UNREACHABLE),
                        published.getOpaque(TRUNK_REFUSED),
                        Optional.ofNullable(strangerNow));
    }

    /** Ends both legs: RTCP BYE, close_notify, sockets closed, ports at rest. Idempotent. */
    public void close() {
        if (!closed) {
            bridge.close();
            release(WebLeg::close);
        }
    }

    /** The same without a word to anybody: after {@link #cut} another one goes on. Idempotent. */
    public void letGo(long now) {
        if (!closed) {
            bridge.stop(now);
            loop.dropConnections(this);
            release(WebLeg::abandon);
            loop.releaseClosed();
        }
    }

    private void release(Consumer<WebLeg> farewell) {
        closed = true;
        loop.remove(this);
        farewell.accept(web);
        TrunkLeg leg = trunk;
        if (leg != null) {
            leg.close();
        }
        dropAside();
    }

    // ---- what the loop brings

    void onCheck(StunRequest request, WebChannel channel, IcePath from, long now) {
        web.onCheck(request, channel, from, now);
    }

    /** The TCP connection that this path was is gone. */
    void onLost(IcePath path, long now) {
        web.onLost(path);
        schedule(now);
    }

    void onDtls(byte[] buffer, int length, InetSocketAddress from, int socket, long now) {
        web.onDtls(buffer, length, from, socket, now);
    }

    void onSrtp(byte[] buffer, int length, InetSocketAddress from, int socket, long now) {
        boolean control = isRtcp(buffer);
        int plain = web.open(control, buffer, length, from, socket, now);
        if (plain < 0) {
            return;
        }
        if (control) {
            bridge.onWebRtcp(buffer, 0, plain, now);
        } else {
            bridge.onWebRtp(buffer, 0, plain, now);
        }
        schedule(now);
    }

    void onTrunkPacket(TrunkLeg.Side side, byte[] buffer, int length, long now) {
        if (closed) {
            return;
        }
        if (!trunkBucket.take(now)) {
            drop(Noise.FLOOD);
            return;
        }
        if (length < 8
                || (buffer[0] & 0xc0) != 0x80) { // RTP and RTCP have version 2, and RTCP's least is a report of 8 bytes
            drop(Noise.NOT_MEDIA);
            return;
        }
        boolean control = isRtcp(buffer);
        if (!control && side.control()) {
            drop(Noise.NOT_MEDIA);
            return;
        }
        int plain = openedOfTrunk(control, buffer, length, now);
        if (plain > 0) {
            take(control, buffer, plain, now);
        }
        schedule(now);
    }

    private void take(boolean control, byte[] buffer, int length, long now) {
        if (control) {
            liveness.onTrunkReport(now);
            bridge.onTrunkRtcp(buffer, 0, length, now);
        } else {
            liveness.onTrunk(now);
            onTrunkHeard(now);
            bridge.onTrunkRtp(buffer, 0, length, now);
        }
    }

    private int openedOfTrunk(boolean control, byte[] buffer, int length, long now) {
        TrunkLeg leg = trunk;
        int plain = leg == null ? SrtpSession.REFUSED : leg.opened(control, buffer, length, now);
        if (plain < 0) {
            published.setOpaque(TRUNK_REFUSED, published.getPlain(TRUNK_REFUSED) + 1);
            drop(Noise.NOT_OPENED);
        }
        return plain;
    }

    /** Something has come to the trunk's port from an address that is not the trunk's. */
    void onStranger(TrunkLeg.Side side, InetSocketAddress from, byte[] buffer, int length, long now) {
        if (closed || side.control() || !trunkBucket.take(now)) {
            return;
        }
        boolean isRtp = length >= RTP_HEADER && (buffer[0] & 0xc0) == 0x80 && !isRtcp(buffer);
        if (isRtp && isTheTrunk(from, buffer, now)) {
            onMoved(from, buffer, length, now);
            return;
        }
        drop(Noise.STRANGER);
        if (!isRtp) {
            return;
        }
        strangersPackets = from.equals(lastStranger) ? strangersPackets + 1 : 1;
        lastStranger = from;
        if (strangersPackets >= STRANGERS_PACKETS) {
            strangerNow = from;
            look(strangers.onFound());
        }
    }

    /** Whether this may be the trunk at another address than it has announced: one that may, in time, with what was agreed. */
    private boolean isTheTrunk(InetSocketAddress from, byte[] buffer, long now) {
        TrunkLeg leg = trunk;
        TrunkFormat format = trunkNow;
        int type = buffer[1] & 0x7f;
        return leg != null
                && format != null
                && leg.latch().isOpen(now)
                && mayBeTheTrunk.test(from)
                && (type == format.payloadType()
                        || format.theirEventPayloadType().equals(OptionalInt.of(type)));
    }

    /** With keys, only who has them is the trunk: no address moves for what does not open (RFC 7362 §5). */
    private void onMoved(InetSocketAddress from, byte[] buffer, int length, long now) {
        TrunkLeg leg = trunk;
        TrunkFormat format = trunkNow;
        int plain = openedOfTrunk(false, buffer, length, now);
        if (plain > 0 && leg != null && format != null) {
            leg.moveTo(loop, from, format);
            trunkTargetNow = leg.target();
            take(false, buffer, plain, now);
        }
        schedule(now);
    }

    void onTrunkUnreachable() {
        published.setOpaque(UNREACHABLE, published.getPlain(UNREACHABLE) + 1);
    }

    private void onTrunkHeard(long now) {
        TrunkLeg leg = trunk;
        if (leg != null) {
            look(leg.latch().onHeard());
        }
        look(strangers.onHeard(now));
        if (lastStranger != null) {
            forgetStranger();
        }
    }

    private void forgetStranger() {
        lastStranger = null;
        strangersPackets = 0;
        strangerNow = null;
    }

    private void look(StrangerWatch.Step step) {
        TrunkLeg leg = trunk;
        if (leg == null) {
            return;
        }
        switch (step) {
            case NOTHING -> {}
            case OPEN -> leg.open();
            case CLOSE -> leg.narrow();
        }
    }

    void onTime(long now) {
        bridge.onTime(now);
        liveness.onTime(now);
        TrunkLeg leg = trunk;
        if (leg != null) {
            look(leg.latch().onTime(now));
        }
        look(strangers.onTime(now));
        schedule(now);
    }

    WakeHeap.Entry<CallMedia> wakeEntry() {
        return wakeEntry;
    }

    List<Long> ufragKeys() {
        return web.ufragKeys();
    }

    List<IcePath> paths() {
        return web.paths();
    }

    boolean owns(IcePath from, long now) {
        return web.owns(from, now);
    }

    Map<String, Object> debugState() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("web", web.debugState());
        TrunkLeg leg = trunk;
        if (leg != null) {
            state.put("trunk", leg.debugState());
        }
        TrunkLeg other = aside;
        if (other != null) {
            state.put("aside", other.debugState());
        }
        state.put("dropped", noise.debugState());
        state.put("unsent", unsent);
        state.put("bridge", bridge.debugState());
        return state;
    }

    // ---- web leg

    private void sealAndSend(byte[] buffer, int offset, int length) {
        if (web.send(false, buffer, offset, length)) {
            onLeft(toWeb, bridge.toWebCameAtNanos());
        } else {
            unsent++;
        }
    }

    private void sealAndSendControl(byte[] buffer, int offset, int length) {
        if (!web.send(true, buffer, offset, length)) {
            unsent++;
        }
    }

    // ---- trunk leg

    private void sendRtp(byte[] buffer, int offset, int length) {
        TrunkLeg leg = trunk;
        if (leg == null || !leg.rtp().connected()) {
            unsent++;
            return;
        }
        int sealed = leg.sealed(false, buffer, offset, length);
        if (sealed < 0) {
            unsent++;
            return;
        }
        loop.send(leg.rtp(), buffer, offset, sealed);
        onLeft(toTrunk, bridge.toTrunkCameAtNanos());
    }

    private void sendRtcp(byte[] buffer, int offset, int length) {
        TrunkLeg leg = trunk;
        if (leg == null || !leg.rtcp().connected()) {
            unsent++;
            return;
        }
        int sealed = leg.sealed(true, buffer, offset, length);
        if (sealed < 0) {
            unsent++;
            return;
        }
        loop.send(leg.rtcp(), buffer, offset, sealed);
    }

    private void onLeft(DurationHistogram stay, long cameAtNanos) {
        if (cameAtNanos != Bridge.NEVER) {
            stay.record(System.nanoTime() - cameAtNanos + loop.waitedNanos());
        }
    }

    private void schedule(long now) {
        if (!closed) {
            TrunkLeg leg = trunk;
            long watches = Math.min(
                    strangers.nextWakeup(),
                    leg == null ? Long.MAX_VALUE : leg.latch().nextWakeup());
            long others = Math.min(liveness.nextWakeup(), watches);
            loop.wake(this, Math.min(bridge.nextWakeup(), others), now);
        }
    }

    private void drop(Noise reason) {
        noise.add(reason);
        loop.noise(reason);
    }

    private static boolean isRtcp(byte[] buffer) {
        int second = buffer[1] & 0xff;
        return second >= RTCP_FIRST && second <= RTCP_LAST;
    }

    /** What is told of the browser. */
    private final class Browser implements WebLeg.Events {
        @Override
        public void onConnected() {
            listener.onEvent(new MediaEvent.WebConnected());
        }

        @Override
        public void onServing(WebAnswer answer, long now) {
            carry(answer, now);
            bridge.onWebKeys(now);
            schedule(now);
        }

        @Override
        public void onHeard(long now) {
            liveness.onWeb(now);
        }

        @Override
        public void onChecked(long now) {
            bridge.onWebSign(now);
        }

        @Override
        public void onClosed(boolean isAwaited) {
            bridge.onWebGone();
            if (!isAwaited) {
                listener.onEvent(new MediaEvent.WebClosed());
            }
        }

        @Override
        public void onFailed(DtlsFailure failure) {
            listener.onEvent(new MediaEvent.WebFailed(
                    switch (failure) {
                        case FINGERPRINT_MISMATCH -> MediaEvent.WebFailed.Cause.FINGERPRINT_MISMATCH;
                        case TIMEOUT -> MediaEvent.WebFailed.Cause.HANDSHAKE_FAILED;
                    }));
        }

        @Override
        public void onDropped(Noise reason) {
            drop(reason);
        }
    }
}
