package io.ringdown.media.bridge;

import io.ringdown.dtmf.DtmfRoad;
import io.ringdown.dtmf.DtmfSettings;
import io.ringdown.dtmf.Stroke;
import io.ringdown.dtmf.TelephoneEvent;
import io.ringdown.dtmf.TelephoneEventReceiver;
import io.ringdown.media.AwaySound;
import io.ringdown.media.MediaEvent;
import io.ringdown.media.MediaListener;
import io.ringdown.media.MediaStats;
import io.ringdown.media.Side;
import io.ringdown.media.SoundMonitor;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.hold.HoldMusic;
import io.ringdown.media.quality.LegQuality;
import io.ringdown.media.rtp.RedPayload;
import io.ringdown.media.rtp.RtpPacket;
import io.ringdown.media.sdp.TrunkFormat;
import io.ringdown.media.sdp.WebFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Carries sound, digits and reports between the two legs of one call. Single-threaded: every method runs on the call's media
 * loop, except {@link #stats()}, the qualities, {@link #debugState()} and {@link #toString()}, which any thread may call. Pure: packets leave
 * through the {@link BridgeOutput} from within the inputs; after each input ask {@link #nextWakeup()} and call {@link #onTime}
 * then. All times are {@code System.nanoTime()}'s kind of nanoseconds. What cannot be understood is counted and dropped.
 */
public final class Bridge implements AutoCloseable {
    /** No moment at all. */
    public static final long NEVER = RtpStream.NEVER;

    private static final int NONE = -1;
    private static final byte[] NO_TABLE = {};
    private static final int COMFORT_NOISE = 13; // RFC 3389 §4: at 8 kHz, offered or not

    private static final long NANOS_PER_MILLI = 1_000_000;

    // No browser goes from one codec to another as often as this.
    private static final long LEAST_CHANGE_NANOS = 100_000_000;

    private final Codecs codecs;
    private final BridgeSettings settings;
    private final MediaListener listener;
    private final Leg web;
    private final Leg trunk;
    private final RtpPacket packet = new RtpPacket();
    private final RedPayload red = new RedPayload();
    private final LossProtection protection = new LossProtection();
    private volatile String chain = "-";
    private @Nullable WebFormat webFormat;
    private @Nullable WebFormat webHeard;
    private @Nullable WebFormat webSent;
    private long webHeardSinceNanos;
    private final CodecUse codecUse;
    private @Nullable TrunkFormat trunkFormat;
    private @Nullable Direction up;
    private @Nullable Direction down;
    private final Digits digits;
    private @Nullable LineEar ear;
    private final Mouth browser;
    private final Mouth telephone;
    private final Tap tap;
    private SoundLinks links;
    private boolean isAlone;
    private boolean isHearingTones;
    private boolean isListening;
    private long silenceNanos;
    private int webRedType = NONE;
    private boolean hasCopies;
    private byte[] fromOtherLaw = NO_TABLE;
    private long smoothNanos;
    private boolean isMuted;
    private boolean isSecureInput;
    private final Absence absence = new Absence();
    private long resumedNanos;
    private boolean isWebDeaf;
    private boolean isWebSending = true;
    private @Nullable HoldPlayer hold;
    private @Nullable Echo echo;
    private boolean isClosed;
    private long lastNanos;

    // When something is due, by what it is: a packet of one leg moves one of them, and looks at nothing else.
    private long upWakeNanos = Long.MAX_VALUE;
    private long downWakeNanos = Long.MAX_VALUE;
    private long otherWakeNanos;

    /** A bridge with no leg yet; it sends nothing before {@link #trunk} or {@link #web}. */
    public Bridge(
            Codecs codecs,
            BridgeSettings settings,
            BridgeIdentity identity,
            BridgeOutput output,
            MediaListener listener,
            long now) {
        this.codecs = codecs;
        this.settings = settings;
        this.listener = listener;
        this.web = new Leg(identity.web(), identity, settings, output.webRtp(), output.webRtcp(), now);
        this.trunk = new Leg(identity.trunk(), identity, settings, output.trunkRtp(), output.trunkRtcp(), now);
        this.codecUse = new CodecUse(web, settings.codecInterval().toNanos());
        this.digits = new Digits(trunk.out, () -> up, listener);
        this.browser = new Mouth(codecs, this::isBrowserBlanked);
        this.telephone = new Mouth(codecs, () -> false);
        this.tap = new Tap(browser, telephone, this::isBrowserBlanked, digits::mayEchoAnywhere);
        this.links = new SoundLinks(browser, telephone, new Mixing(web.out, false), new Mixing(trunk.out, false));
        this.lastNanos = now;
        this.resumedNanos = now;
        this.otherWakeNanos = otherWakeup();
    }

    /** The browser hears itself, for so long at most once it can be heard: there is no trunk, and never will be. */
    public void echo(long longestNanos) {
        echo = new Echo(web, longestNanos);
    }

    /** There is no trunk, and never will be: the browser hears nothing but what is linked to it, all the time. */
    public void alone() {
        isAlone = true;
        links = new SoundLinks(browser, telephone, new Mixing(web.out, true), new Mixing(trunk.out, false));
    }

    /** This side hears what goes into the ring, beside what it hears anyway, until it is closed or this is. */
    public void hear(Side ear, SoundRing voice, long now) {
        links.hear(ear, voice);
        onLinked(voice, now);
    }

    /** What this side says goes into the ring, until it is closed or this is. */
    public void speak(Side mouth, SoundRing to, long now) {
        links.speak(mouth, to);
        onLinked(to, now);
    }

    private void onLinked(SoundRing ring, long now) {
        if (isClosed) {
            ring.close();
            links.end();
        } else {
            connect(now);
        }
    }

    /** Whether the telephone does not hear the browser just now, as while we press for it. */
    private boolean isBrowserBlanked() {
        return isMuted || !(isAlone || trunk.out.wantsAudio());
    }

    /** Whether the browser wants to hear us just now; where it does not, its stream only gets older. */
    public void sendToWeb(boolean allowed) {
        isWebDeaf = !allowed;
        openWeb();
    }

    private void openWeb() {
        WebFormat format = webSent;
        if (isWebDeaf || (hold != null && !links.isBrowserMixed())) {
            web.out.shut();
        } else if (format != null) {
            web.out.open(format.payloadType());
        }
    }

    /** Whether the browser sends just now, as far as it has said. */
    public void hearWeb(boolean isSending) {
        isWebSending = isSending;
    }

    /** The browser's leg carries this from now on: the first answer, or a changed one. */
    public void web(WebFormat format, long now) {
        if (isClosed || format.equals(webFormat)) {
            return;
        }
        begin(now);
        digits.web(format);
        webFormat = format;
        WebFormat heard = CodecUse.answered(format, webHeard);
        webHeard = heard;
        webSent = CodecUse.answered(format, webSent);
        codecUse.onFormat(format, now);
        webRedType = format.redPayloadType().orElse(NONE);
        protection.onFormat(format.redPayloadType().orElse(Protection.NO_RED), format.mostBitrate());
        protectWeb();
        web.open(heard.codec(), now);
        openWeb();
        connect(now);
    }

    /** Nobody is there any more: RTCP BYE, and nothing goes there until {@link #web} is called again. */
    public void closeWeb(long now) {
        if (isClosed || webFormat == null) {
            return;
        }
        begin(now);
        web.bye(now);
        web.shut();
        absence.onGone();
        webFormat = null;
        webHeard = null;
        webSent = null;
        codecUse.end();
        connect(now);
    }

    /** The trunk's leg carries this from now on; sending starts at once, with silence where there is no browser yet. */
    public void trunk(TrunkFormat format, long now) {
        TrunkFormat before = trunkFormat;
        if (isClosed || format.equals(before)) {
            return;
        }
        begin(now);
        if (before != null && !before.rtp().equals(format.rtp())) {
            trunk.source.forget();
        }
        trunkFormat = format;
        fromOtherLaw = format.codec().isG711()
                ? ByteForwarding.table(codecs, otherLaw(format.codec()), format.codec())
                : NO_TABLE;
        trunk.open(format.codec(), now);
        if (format.weSend()) {
            trunk.out.open(format.payloadType());
        } else {
            trunk.out.shut();
        }
        connect(now);
        digits.trunk(format, now);
        finish(now);
    }

    /** Packets towards the trunk are held for so long each, at most 80 ms, so that they leave at a steady pace; 0 to not. */
    public void smooth(long nanos) {
        smoothNanos = nanos;
        Direction direction = up;
        if (direction != null) {
            direction.law().smooth(nanos);
            upWakeNanos = direction.law().nextWakeup();
        }
    }

    /** The trunk that answered is no longer ours (crank-back): nothing goes there until {@link #trunk} is called again. */
    public void forgetTrunk(long now) {
        begin(now);
        trunk.shut();
        trunkFormat = null;
        digits.forgetTrunk(now);
        connect(now);
    }

    /** Takes RTP from the browser, already opened by SRTP. The buffer is the bridge's until this returns, headroom included. */
    public void onWebRtp(byte[] buffer, int offset, int length, long now) {
        WebFormat heard = webHeard;
        if (isClosed || !isUsable(web, buffer, offset, length)) {
            return;
        }
        hasCopies = packet.payloadType() == webRedType;
        if (hasCopies && !unwrapRed(buffer)) {
            web.onMalformed();
            return;
        }
        Echo back = echo;
        if (back != null) {
            onEcho(back, buffer, now);
            return;
        }
        if (hasCopies) {
            eventCopies(buffer, now);
        }
        if (heard != null
                && packet.payloadType() == heard.payloadType()
                && takesNext(web, fromWeb(), trunk.out, buffer, now)) {
            upWakeNanos = settle(up, now);
            measureReception(now);
            return;
        }
        begin(now);
        TelephoneEventReceiver events = digits.ofWeb(packet.payloadType());
        if (heard == null) {
            web.onIgnored();
        } else if (packet.payloadType() == heard.payloadType() || isWebChange(now)) {
            onAudio(web, fromWeb(), buffer, now);
        } else if (events != null) {
            onEvent(web, fromWeb(), events, buffer, now);
        } else {
            onOther(web, fromWeb(), now);
        }
        if (web.source.reception().hasLostSinceReport()) {
            web.reports.onLoss();
        }
        finish(now);
    }

    private void onEcho(Echo back, byte[] buffer, long now) {
        begin(now);
        WebFormat before = webHeard;
        boolean isSound = before != null && (packet.payloadType() == before.payloadType() || isWebChange(now));
        WebFormat heard = webHeard;
        if (isSound && heard != null) {
            back.onSound(packet, buffer, heard.codec().clockRate(), now);
        } else {
            web.onIgnored(); // events and the like are no sound
        }
        finish(now);
    }

    /** Where the browser's sound goes; asked anew once a packet may have changed the codec. Nowhere while we hold. */
    private @Nullable Direction fromWeb() {
        return hold == null ? up : null;
    }

    /** Whether the browser goes over to another codec that was answered, with this packet: then we have gone with it. */
    private boolean isWebChange(long now) {
        WebFormat format = webFormat;
        if (format == null || format.alternatives().isEmpty()) {
            return false;
        }
        WebFormat other = format.payloadType() == packet.payloadType() ? format : null;
        for (int i = 0; i < format.alternatives().size() && other == null; i++) {
            WebFormat alternative = format.alternatives().get(i);
            other = alternative.payloadType() == packet.payloadType() ? alternative : null;
        }
        if (other == null || now - webHeardSinceNanos < LEAST_CHANGE_NANOS || !web.source.isNewest(packet, now)) {
            return false;
        }
        webHeard = other;
        webHeardSinceNanos = now;
        web.open(other.codec(), now);
        connect(now);
        return true;
    }

    /** Takes RTP from the trunk's right address. The buffer is the bridge's until this returns, headroom included. */
    public void onTrunkRtp(byte[] buffer, int offset, int length, long now) {
        TrunkFormat format = trunkFormat;
        if (isClosed || !isUsable(trunk, buffer, offset, length)) {
            return;
        }
        hasCopies = false;
        Direction direction = down;
        if (format != null
                && format.theySend()
                && packet.payloadType() == format.payloadType()
                && takesNext(trunk, direction, web.out, buffer, now)) {
            downWakeNanos = settle(direction, now);
            return;
        }
        begin(now);
        TelephoneEventReceiver events = format == null ? null : digits.ofTrunk(packet.payloadType(), format);
        if (format == null || !format.theySend()) {
            trunk.onIgnored();
        } else if (packet.payloadType() == format.payloadType()) {
            onAudio(trunk, direction, buffer, now);
        } else if (events != null) {
            onEvent(trunk, direction, events, buffer, now);
        } else if (isOtherLaw(format)) {
            ByteForwarding.recode(fromOtherLaw, buffer, packet.payloadOffset(), packet.payloadLength());
            onAudio(trunk, direction, buffer, now);
        } else if (packet.payloadType() == COMFORT_NOISE) {
            onComfortNoise(trunk, direction, buffer, now);
        } else {
            onOther(trunk, direction, now);
        }
        finish(now);
    }

    /** Takes RTCP from the browser, already opened by SRTCP. */
    public void onWebRtcp(byte[] buffer, int offset, int length, long now) {
        if (isClosed) {
            return;
        }
        long before = web.reports.peerReports();
        web.onReport(buffer, offset, length, now);
        if (web.reports.peerReports() != before) {
            if (protection.onReport(web.reports.remoteFractionLost(), now)) {
                protectWeb();
            }
            measureSending(now);
        }
        finish(now);
    }

    /** Takes RTCP from the trunk's right address. */
    public void onTrunkRtcp(byte[] buffer, int offset, int length, long now) {
        if (isClosed) {
            return;
        }
        long before = trunk.reports.peerReports();
        trunk.onReport(buffer, offset, length, now);
        if (trunk.reports.peerReports() != before) {
            digits.onReport(trunk.reports.remoteExtendedHighest() & 0xFFFF, trunk.reports.remoteLost());
        }
        finish(now);
    }

    /** Does what is due: fillers, digits, reports. Calling it early or late is harmless. */
    public void onTime(long now) {
        if (!isClosed) {
            finish(now);
        }
    }

    /** When {@link #onTime} wants to be called next; {@code Long.MAX_VALUE} for never. */
    public long nextWakeup() {
        if (isClosed) {
            return Long.MAX_VALUE;
        }
        return Math.min(otherWakeNanos, Math.min(upWakeNanos, downWakeNanos));
    }

    private long otherWakeup() {
        long next = Math.min(web.reports.nextReportNanos(), trunk.reports.nextReportNanos());
        LineEar listening = ear;
        next = Math.min(next, listening == null ? Long.MAX_VALUE : listening.nextWakeup());
        next = Math.min(next, Math.min(tap.nextWakeup(), links.nextWakeup()));
        return Math.min(next, digits.nextWakeup());
    }

    /** What holds for presses towards the trunk. */
    public void digits(DtmfSettings settings) {
        digits.settings(settings);
    }

    /**
     * By which road presses go to the trunk from now on; empty if none leads there. Before this is said it is telephone-event
     * where that was agreed, and otherwise they wait.
     */
    public void digitRoad(Optional<DtmfRoad> road, long now) {
        if (!isClosed) {
            begin(now);
            digits.road(road, now);
            finish(now);
        }
    }

    /** Which roads lead to the trunk within its media; empty before it has answered. */
    public List<DtmfRoad> digitRoads() {
        return digits.roads();
    }

    /**
     * Queues strokes towards the trunk behind those under way.
     *
     * @return the number of their first press, which the others follow; empty if no road leads to the trunk, it must not be sent
     *     to, or there is no room for all
     */
    public OptionalLong press(List<Stroke> strokes, long lengthNanos, long gapNanos, long now) {
        OptionalLong first = isClosed ? OptionalLong.empty() : digits.press(strokes, lengthNanos, gapNanos);
        if (first.isPresent()) {
            finish(now);
        }
        return first;
    }

    /** Forgets the presses that wait; the one under way ends as it would. */
    public void cancelPresses(long now) {
        if (!isClosed) {
            digits.cancelWaiting();
            finish(now);
        }
    }

    /** Whether tones from the trunk are told as presses: it costs a decoder and a detector. */
    public void hearTones(boolean wanted, long now) {
        isHearingTones = wanted;
        hear(now);
    }

    /** Whether sound, silence and beeps of the trunk are told; silence once it has lasted so long. */
    public void listen(boolean wanted, long newSilenceNanos, long now) {
        isListening = wanted;
        silenceNanos = newSilenceNanos;
        hear(now);
    }

    /** An ear for what is wanted, and of the codec that comes; it is no part of the sound's path. */
    private void hear(long now) {
        Direction direction = down;
        boolean isWanted = !isClosed && (isHearingTones || isListening);
        LineEar present = ear;
        AudioCodec codec = direction == null ? null : direction.wiring().from();
        if (present != null && (!isWanted || present.codec() != codec)) {
            present.digits(false, now);
            present.close();
            ear = null;
        }
        if (isWanted && codec != null) {
            LineEar listening = ear;
            if (listening == null) {
                listening = new LineEar(codecs, codec, listener, () -> lastNanos, digits::mayEcho);
                ear = listening;
            }
            listening.digits(isHearingTones, now);
            listening.line(isListening, silenceNanos);
        }
        if (direction != null) {
            direction.heardBy(ear);
        }
    }

    /** What both parties say, for one more who listens; empty before there is a trunk. */
    public Optional<SoundMonitor> monitor(long now) {
        Direction fromBrowser = up;
        if (isClosed || fromBrowser == null) {
            return Optional.empty();
        }
        Direction fromTelephone = down;
        int rate = fromTelephone == null
                ? fromBrowser.wiring().rateIn()
                : fromTelephone.wiring().rateIn();
        SoundMonitor monitor = tap.open(Math.max(rate, fromBrowser.wiring().rateIn()), now);
        connectLinks(now);
        finish(now);
        return Optional.of(monitor);
    }

    /** Whether digits in the sound are kept from those who listen, whoever presses them. */
    public void secureInput(boolean wanted) {
        isSecureInput = wanted;
        tap.secure(wanted);
        links.secure(wanted);
    }

    /** Whether the trunk hears silence in place of the browser; digits still go through. */
    public void muteWeb(boolean muted) {
        isMuted = muted;
        Direction direction = up;
        if (direction != null) {
            direction.mute(muted);
        }
    }

    /**
     * The trunk hears this from here on in place of the browser, and the browser nothing of the trunk. Digits still go both ways.
     * Called again it begins anew.
     */
    public void hold(HoldMusic music, long now) {
        if (isClosed) {
            return;
        }
        begin(now);
        hold(new HoldPlayer(music, 0), now);
    }

    private void hold(HoldPlayer player, long now) {
        hold = player;
        connectLinks(now);
        Direction direction = up;
        if (direction != null) {
            direction.hold(player, now);
        }
        finish(now);
    }

    /** Both hear each other again. */
    public void resume(long now) {
        if (isClosed || hold == null) {
            return;
        }
        begin(now);
        hold = null;
        Direction direction = up;
        if (direction != null) {
            direction.resume(now);
        }
        connectLinks(now);
        finish(now);
    }

    /** What the trunk hears while the browser sends nothing; where it is held or the browser muted, that goes on. */
    public void whileAway(AwaySound sound) {
        absence.sound(sound);
    }

    /** The browser has shown itself by a check. */
    public void onWebSign(long now) {
        absence.onSign(web.source.lastNanos(), now);
    }

    /** The browser has closed its side: nothing more comes before it has come anew. */
    public void onWebGone() {
        absence.onGone();
    }

    private @Nullable HoldPlayer awayMusic() {
        boolean isHeard = web.source.hasBeenHeard() && isWebSending && !isMuted;
        return isHeard ? absence.music(web.source.lastNanos(), lastNanos) : null;
    }

    /** What has been counted so far, the last few frames perhaps not yet. Any thread may ask. */
    public MediaStats stats() {
        return new MediaStats(web.stats(), trunk.stats());
    }

    /** What has been measured of the browser's leg so far. Any thread may ask, at its {@code now}. */
    public LegQuality webQuality(long now) {
        return web.quality(now);
    }

    /** What has been measured of the trunk's leg so far. Any thread may ask, at its {@code now}. */
    public LegQuality trunkQuality(long now) {
        return trunk.quality(now);
    }

    /** The browser can send from now on, perhaps another page of it than before: there are keys. */
    public void onWebKeys(long now) {
        if (!isClosed) {
            web.expect(now);
            web.source.forget();
        }
    }

    /**
     * For the sink of packets to the browser, while it has one: when the oldest sound in it came in; {@link #NEVER} if it was
     * made here.
     */
    public long toWebCameAtNanos() {
        return web.out.sendingCameAtNanos();
    }

    /** The same towards the trunk. */
    public long toTrunkCameAtNanos() {
        return trunk.out.sendingCameAtNanos();
    }

    /** The chains and the counts of both legs, as nested maps. Any thread may ask. */
    public Map<String, Object> debugState() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("chain", chain);
        state.put("web", web.debugState());
        state.put("trunk", trunk.debugState());
        return state;
    }

    /**
     * The last of this bridge: a press under way leaves with its final packets, those that wait are told as failed, and from then
     * on nothing leaves and nothing is heard. What another bridge goes on with is answered.
     */
    public BridgeState stop(long now) {
        if (!isClosed) {
            begin(now);
            stop();
        }
        TrunkFormat format = trunkFormat;
        HoldPlayer player = hold;
        return new BridgeState(
                trunk.out.state(format == null ? 0 : format.ptimeMillis() * NANOS_PER_MILLI, now),
                trunk.source.state(),
                trunk.source.carriesEvents(),
                trunk.reports.remoteLost(),
                digits.recentEvents(now),
                digits.nextPress(),
                digits.isRoadKnown(),
                digits.road(),
                isHearingTones,
                isListening ? OptionalLong.of(silenceNanos) : OptionalLong.empty(),
                isMuted,
                isSecureInput,
                web.source.hasBeenHeard(),
                player == null ? OptionalLong.empty() : OptionalLong.of(player.position()));
    }

    /**
     * Goes on where another bridge was stopped, before anything is agreed with the trunk here: its {@link BridgeIdentity} is that
     * of the stopped one's trunk. No timestamp is used twice, and none is left out but those whose time has gone.
     *
     * @param format what the trunk's leg carries; {@link #trunk} is to be called with it
     * @param music for a trunk that is held
     * @param elapsedNanos since the other one was stopped
     */
    public void resume(BridgeState from, Optional<TrunkFormat> format, HoldMusic music, long elapsedNanos, long now) {
        begin(now);
        format.ifPresent(carried -> resume(from.stream(), carried, elapsedNanos, now));
        from.heard().ifPresent(heard -> trunk.source.resume(heard, from.carriesEvents(), now));
        trunk.reports.resume(from.remoteLost());
        digits.resume(from, now);
        isHearingTones = from.isHearingTones();
        isListening = from.listenSilenceNanos().isPresent();
        silenceNanos = from.listenSilenceNanos().orElse(0);
        isMuted = from.isMuted();
        secureInput(from.isSecureInput());
        if (from.isWebHeard()) {
            web.source.wasHeard(now);
        }
        if (from.holdPosition().isPresent()) {
            hold(new HoldPlayer(music, from.holdPosition().getAsLong()), now);
        }
    }

    private void resume(BridgeState.Stream from, TrunkFormat format, long elapsedNanos, long now) {
        long packetNanos = format.ptimeMillis() * NANOS_PER_MILLI;
        long late = elapsedNanos - from.dueNanos();
        long missed = Math.max(0, (late + packetNanos - 1) / packetNanos);
        trunk.out.resume(from.packets(), from.octets());
        trunk.out.skip((int) (missed * format.ptimeMillis() * (format.codec().clockRate() / 1_000)));
        resumedNanos = now + missed * packetNanos - late;
    }

    /** Says RTCP BYE on both legs and gives the codecs back. Idempotent. */
    @Override
    public void close() {
        if (!isClosed) {
            stop();
            web.bye(lastNanos);
            trunk.bye(lastNanos);
        }
    }

    private void stop() {
        digits.close(lastNanos);
        isClosed = true;
        hear(lastNanos);
        tap.close();
        links.end();
        up = retire(up, web);
        down = retire(down, trunk);
    }

    /** Both chains, as a packet meets them: {@code Srtp -> PT111 -> Opus(8k) -> Pcmu -> Rtp(0) | Rtp(0) -> …}. */
    @Override
    public String toString() {
        return chain;
    }

    /** Puts both directions together for the formats as they are now; what fits already goes on undisturbed. */
    private void connect(long now) {
        WebFormat heard = webHeard;
        WebFormat sent = webSent;
        TrunkFormat carrier = trunkFormat;
        if (isAlone) {
            connectAlone(heard, sent, now);
        } else if (carrier == null) {
            up = retire(up, web);
            down = retire(down, trunk);
            chain = echo == null ? "-" : "Srtp -> Srtp";
        } else {
            AudioCodec fromBrowser = heard == null ? carrier.codec() : heard.codec();
            up = connectUp(new Direction.Wiring(fromBrowser, carrier.codec(), carrier.ptimeMillis()), now);
            down = connectDown(carrier, sent, now);
            chain = describe(up, down, carrier);
        }
        hear(now);
        connectLinks(now);
        finish(now);
    }

    private void connectLinks(long now) {
        links.connect(up, down, hold != null, now);
        openWeb();
    }

    /** What the browser says goes nowhere but to who is let hear it, and what it hears comes from nowhere else. */
    private void connectAlone(@Nullable WebFormat heard, @Nullable WebFormat sent, long now) {
        if (heard == null || sent == null) {
            up = retire(up, web);
            down = retire(down, trunk);
        } else {
            up = connectUp(new Direction.Wiring(heard.codec(), heard.codec(), heard.ptimeMillis()), now);
            down = connectDown(new Direction.Wiring(sent.codec(), sent.codec(), sent.ptimeMillis()), now);
        }
        chain = heard == null ? "-" : "Srtp -> links | links -> Srtp";
    }

    private Direction connectUp(Direction.Wiring wiring, long now) {
        Direction before = up;
        if (before != null && before.wiring().equals(wiring)) {
            return before;
        }
        Direction made;
        long nextFiller;
        if (before == null) {
            made = new Direction(
                    wiring, codecs, web.level, trunk.out, settings.hold().toNanos(), now);
            nextFiller = Math.max(now, resumedNanos);
        } else {
            nextFiller = Math.min(before.law().nextWakeup(), now + 20_000_000); // the trunk's packets keep their rhythm
            made = before.succeededBy(wiring, now);
            web.retire(before.law());
        }
        made.mute(isMuted);
        made.away(this::awayMusic);
        made.law().smooth(smoothNanos);
        made.law().fill(nextFiller);
        HoldPlayer player = hold;
        if (player != null) {
            made.hold(player, now);
        }
        return made;
    }

    /** Where nobody is at the web side there is one for who of other calls hears the telephone, and it leads nowhere. */
    private @Nullable Direction connectDown(TrunkFormat carrier, @Nullable WebFormat sent, long now) {
        if (sent == null && !telephone.isHeard()) {
            return retire(down, trunk);
        }
        AudioCodec to = sent == null ? carrier.codec() : sent.codec();
        int ptimeMillis = sent == null ? carrier.ptimeMillis() : sent.ptimeMillis();
        Direction made = connectDown(new Direction.Wiring(carrier.codec(), to, ptimeMillis), now);
        made.law().expect(carrier.theySend());
        return made;
    }

    private Direction connectDown(Direction.Wiring wiring, long now) {
        Direction before = down;
        if (before != null && before.wiring().equals(wiring)) {
            return before;
        }
        if (before != null && before.wiring().from() == wiring.from()) {
            before.rewire(wiring, now);
            before.protect(protection.protection());
            return before;
        }
        Direction made;
        if (before == null) {
            made = new Direction(
                    wiring, codecs, trunk.level, web.out, settings.hold().toNanos(), now);
        } else {
            boolean wasFilling = before.law().isFilling();
            long nextFiller = before.law().nextWakeup();
            made = before.succeededBy(wiring, now);
            trunk.retire(before.law());
            if (wasFilling) { // the browser's stream goes on, whether the trunk speaks or not
                made.law().fill(nextFiller);
            }
        }
        made.protect(protection.protection());
        return made;
    }

    private static @Nullable Direction retire(@Nullable Direction direction, Leg from) {
        if (direction != null) {
            from.retire(direction.law());
            direction.close();
        }
        return null;
    }

    private String describe(Direction fromWeb, @Nullable Direction fromTrunk, TrunkFormat carrier) {
        WebFormat heard = webHeard;
        WebFormat sent = webSent;
        if (heard == null || sent == null || fromTrunk == null) {
            return "silence -> Rtp(" + carrier.payloadType() + ")";
        }
        return "Srtp -> PT%d%s -> Rtp(%d) | Rtp(%d)%s -> PT%d -> Srtp"
                .formatted(
                        heard.payloadType(),
                        fromWeb.path(),
                        carrier.payloadType(),
                        carrier.payloadType(),
                        fromTrunk.path(),
                        sent.payloadType());
    }

    private boolean isUsable(Leg leg, byte[] buffer, int offset, int length) {
        boolean isRtp = packet.wrap(buffer, offset, length);
        if (!isRtp) {
            leg.onMalformed();
        }
        return isRtp;
    }

    /**
     * Takes the packet if it is the one after the last of its stream, as nearly all are; false if it is not. It concerns its own
     * direction alone: what a call keeps lies in no cache between two packets, so what is not looked at is time won.
     */
    private boolean takesNext(Leg leg, @Nullable Direction direction, RtpStream to, byte[] buffer, long now) {
        if (!leg.source.isNext(packet)) {
            return false;
        }
        lastNanos = now;
        to.time(now);
        leg.source.onPacket(packet, now);
        forward(leg, direction, buffer, now);
        if (leg.isPublishing()) {
            publish();
        }
        return true;
    }

    private void onAudio(Leg leg, @Nullable Direction direction, byte[] buffer, long now) {
        switch (leg.source.onPacket(packet, now)) {
            case SWITCHED -> {
                leg.onTimestampJump();
                if (direction != null) {
                    direction.law().restart(now);
                }
                forward(leg, direction, buffer, now);
            }
            case HEARD -> forward(leg, direction, buffer, now);
            case FOREIGN, STALE -> leg.onIgnored();
        }
    }

    private void forward(Leg leg, @Nullable Direction direction, byte[] buffer, long now) {
        leg.measure(packet.timestamp(), now);
        WebFormat heard = webHeard;
        if (direction != null) {
            if (hasCopies && heard != null) {
                copies(heard, leg, direction, buffer, now);
            }
            direction
                    .law()
                    .onFrame(
                            leg.source.reception().extended(packet.sequence()),
                            packet.timestamp(),
                            buffer,
                            packet.payloadOffset(),
                            packet.payloadLength(),
                            now);
            direction.law().fill(now);
        } else if (leg == web && heard != null) {
            browser.onFrameApart(heard.codec(), buffer, packet.payloadOffset(), packet.payloadLength());
        }
        leg.onFrame();
    }

    /** Events may come under an SSRC of their own, beside the audio; they never take the audio's place: see {@link Source}. */
    private void onEvent(
            Leg leg, @Nullable Direction direction, TelephoneEventReceiver digits, byte[] buffer, long now) {
        if (leg.source.isHeard(packet.ssrc())) {
            if (!onPause(leg, direction, now)) {
                return;
            }
            leg.source.onEventWithin();
        } else if (!leg.source.takesEventBeside(packet.ssrc(), isEventEnd(buffer), now)) {
            leg.onIgnored();
            return;
        }
        if (leg == web) {
            browser.onEvent();
        } else {
            telephone.onEvent();
        }
        digits.onPacket(
                packet.ssrc(),
                packet.sequence(),
                packet.timestamp(),
                packet.marker(),
                buffer,
                packet.payloadOffset(),
                packet.payloadLength(),
                now);
    }

    /** Lays the packet's view over the block that is its own; what else it brings stays in {@link #red}. */
    private boolean unwrapRed(byte[] buffer) {
        boolean isWhole = red.wrap(buffer, packet.payloadOffset(), packet.payloadLength());
        if (isWhole) {
            packet.unwrap(red);
        }
        return isWhole;
    }

    /** Offers the law what the packet repeats of those before it. */
    private void copies(WebFormat format, Leg leg, Direction direction, byte[] buffer, long now) {
        long carrier = leg.source.reception().extended(packet.sequence());
        for (int i = 0; i < red.copies(); i++) {
            if (red.type(i) == format.payloadType()) {
                direction
                        .law()
                        .onCopy(
                                carrier,
                                packet.timestamp(),
                                red.ticksBefore(i),
                                buffer,
                                red.offset(i),
                                red.length(i),
                                now);
            }
        }
    }

    /** What the packet repeats of the presses before it (RFC 4733 §2.6.2); whose packet has come already knows it. */
    private void eventCopies(byte[] buffer, long now) {
        if (!web.source.isHeard(packet.ssrc())) {
            return;
        }
        for (int i = 0; i < red.copies(); i++) {
            TelephoneEventReceiver events = digits.ofWeb(red.type(i));
            if (events != null) {
                events.onPacket(
                        packet.ssrc(),
                        packet.sequence() - (red.copies() - i),
                        packet.timestamp() - red.ticksBefore(i),
                        false,
                        buffer,
                        red.offset(i),
                        red.length(i),
                        now);
            }
        }
    }

    private boolean isEventEnd(byte[] buffer) {
        return packet.payloadLength() >= TelephoneEvent.LENGTH && TelephoneEvent.isEnd(buffer, packet.payloadOffset());
    }

    /** Anything else of the stream, such as comfort noise, only keeps its place in the sequence. */
    private void onOther(Leg leg, @Nullable Direction direction, long now) {
        leg.onIgnored();
        if (leg.source.isHeard(packet.ssrc())) {
            onPause(leg, direction, now);
        }
    }

    /** The trunk falls silent and says how its quiet sounds; from there on that is what the browser hears. */
    private void onComfortNoise(Leg leg, @Nullable Direction direction, byte[] buffer, long now) {
        if (packet.payloadLength() == 0 || !leg.source.isHeard(packet.ssrc())) {
            leg.onIgnored();
            return;
        }
        if (onPause(leg, direction, now) && direction != null) {
            direction.path().comfortNoise(buffer[packet.payloadOffset()] & 0x7F);
        }
    }

    private boolean onPause(Leg leg, @Nullable Direction direction, long now) {
        return switch (leg.source.onPacket(packet, now)) {
            case SWITCHED -> {
                if (direction != null) {
                    direction.law().restart(now);
                }
                yield true;
            }
            case HEARD -> {
                if (direction != null) {
                    direction.law().onPause(leg.source.reception().extended(packet.sequence()), now);
                }
                yield true;
            }
            case FOREIGN, STALE -> {
                leg.onIgnored();
                yield false;
            }
        };
    }

    /** Some trunks send the other law that was offered, whatever the answer put first. */
    private boolean isOtherLaw(TrunkFormat format) {
        return format.codec().isG711() && packet.payloadType() == staticType(otherLaw(format.codec()));
    }

    private static AudioCodec otherLaw(AudioCodec codec) {
        return codec == AudioCodec.PCMU ? AudioCodec.PCMA : AudioCodec.PCMU;
    }

    /** RFC 3551 §6. */
    private static int staticType(AudioCodec codec) {
        return codec == AudioCodec.PCMU ? 0 : 8;
    }

    private void protectWeb() {
        Direction direction = down;
        if (direction != null) {
            direction.protect(protection.protection());
        }
    }

    /** What every input by which packets may leave begins with. */
    private void begin(long now) {
        lastNanos = now;
        web.out.time(now);
        trunk.out.time(now);
    }

    /** What every input ends with: all that is due by now leaves, and the counts are shown. */
    private void finish(long now) {
        begin(now);
        digits.onTime(now);
        LineEar listening = ear;
        if (listening != null) {
            listening.onTime(now);
        }
        boolean isTapLeft = tap.onTime(now);
        if (links.onTime(now) || isTapLeft) {
            connectLinks(now);
        }
        web.onTime(now);
        trunk.onTime(now);
        upWakeNanos = settle(up, now);
        downWakeNanos = settle(down, now);
        otherWakeNanos = otherWakeup();
        publish();
        measureReception(now);
    }

    /** All that is due by now in this direction leaves; answers when something is due again. */
    private static long settle(@Nullable Direction direction, long now) {
        if (direction == null) {
            return Long.MAX_VALUE;
        }
        direction.law().onTime(now);
        return direction.law().nextWakeup();
    }

    private void publish() {
        publish(up, web);
        publish(down, trunk);
    }

    private static void publish(@Nullable Direction direction, Leg from) {
        if (direction == null) {
            from.publish();
        } else {
            from.publish(direction.law());
        }
    }

    private void measureSending(long now) {
        if (codecUse.onReport(webSent, now)) {
            follow(now);
        }
    }

    private void measureReception(long now) {
        if (codecUse.onTime(webHeard, now)) {
            follow(now);
        }
    }

    /** Sends what was chosen, and tells once what the browser should. */
    private void follow(long now) {
        WebFormat sending = codecUse.toBrowser(webFormat, trunkFormat);
        if (sending != null && !sending.equals(webSent)) {
            webSent = sending;
            openWeb();
            connect(now);
        }
        WebFormat wanted = codecUse.askedFor(webFormat, trunkFormat);
        if (wanted != null) {
            listener.onEvent(new MediaEvent.WebCodecWanted(wanted.codec()));
        }
    }
}
