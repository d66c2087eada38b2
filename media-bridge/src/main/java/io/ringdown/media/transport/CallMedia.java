package io.ringdown.media.transport;

import io.ringdown.dtmf.Digit;
import io.ringdown.media.MediaEvent;
import io.ringdown.media.MediaListener;
import io.ringdown.media.MediaSettings;
import io.ringdown.media.MediaStats;
import io.ringdown.media.bridge.Bridge;
import io.ringdown.media.bridge.BridgeIdentity;
import io.ringdown.media.bridge.BridgeOutput;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.dtls.DtlsAssociation;
import io.ringdown.media.dtls.DtlsFailure;
import io.ringdown.media.dtls.DtlsIdentity;
import io.ringdown.media.dtls.DtlsListener;
import io.ringdown.media.dtls.DtlsRole;
import io.ringdown.media.ice.IceLite;
import io.ringdown.media.ice.IcePath;
import io.ringdown.media.ice.IceVerdict;
import io.ringdown.media.ice.StunRequest;
import io.ringdown.media.sdp.TrunkFormat;
import io.ringdown.media.sdp.WebAnswer;
import io.ringdown.media.srtp.SrtpKeys;
import io.ringdown.media.srtp.SrtpSession;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call's media: STUN, DTLS and SRTP on the web side, RTP on the trunk side, the bridge between. Every method is for the
 * loop's thread; other threads go through {@link MediaLoop#execute}.
 */
public final class CallMedia {
    private static final int PACKETS_PER_SECOND = 250; // five times 20 ms packets
    private static final int PACKETS_AT_ONCE = 500; // a network that wakes up after seconds
    private static final long OWNS_ADDRESS_NANOS = 5_000_000_000L;
    private static final int RTCP_FIRST = 192; // RFC 5761 §4
    private static final int RTCP_LAST = 223;

    private final MediaLoop loop;
    private final Parts parts;
    private final MediaListener listener;
    private final Liveness liveness;
    private final Bridge bridge;
    private final TokenBucket webBucket;
    private final TokenBucket dtlsBucket;
    private final TokenBucket trunkBucket;
    private final WakeHeap.Entry<CallMedia> wakeEntry = new WakeHeap.Entry<>(this);
    private final Counts<Noise> noise = new Counts<>(Noise.class);
    private @Nullable IceLite ice;
    private List<Long> ufragKeys = List.of();
    private @Nullable IcePath path;
    private long webHeardNanos;
    private @Nullable DtlsAssociation dtls;
    private @Nullable WebAnswer web;
    private @Nullable SrtpSession srtp;
    private boolean connectedTold;
    private @Nullable TrunkLeg trunk;
    private boolean closed;
    private long unsent;

    /**
     * What a call is put together from.
     *
     * @param codecs of the process
     * @param settings of the process
     * @param certificate of the process
     * @param identity drawn for this call
     * @param listener told what happens, on the loop's thread
     */
    public record Parts(
            Codecs codecs,
            MediaSettings settings,
            DtlsIdentity certificate,
            BridgeIdentity identity,
            MediaListener listener) {}

    /** On the loop's thread; the loop serves it from here on. */
    CallMedia(MediaLoop loop, Parts parts, long now) {
        this.loop = loop;
        this.parts = parts;
        this.listener = parts.listener();
        this.liveness = new Liveness(parts.settings().silence(), listener);
        this.webBucket = new TokenBucket(PACKETS_PER_SECOND, PACKETS_AT_ONCE, now);
        this.dtlsBucket = new TokenBucket(PACKETS_PER_SECOND, PACKETS_AT_ONCE, now);
        this.trunkBucket = new TokenBucket(PACKETS_PER_SECOND, PACKETS_AT_ONCE, now);
        BridgeOutput output =
                new BridgeOutput(this::sealAndSend, this::sealAndSendControl, this::sendRtp, this::sendRtcp);
        this.bridge = new Bridge(
                parts.codecs().with(loop.effort()), parts.settings().bridge(), parts.identity(), output, listener, now);
    }

    // ---- what the call asks for

    /** The browser has this answer: its checks may come. */
    public void onWebAnswer(WebAnswer answer, long now) {
        if (closed) {
            return;
        }
        web = answer;
        IceLite present = ice;
        if (present == null) {
            ice = new IceLite(answer.ours());
        } else if (answer.iceRestarted()) {
            present.restart(answer.ours());
        }
        listUfrags();
        if (answer.dtlsRestarted() || dtls == null) {
            DtlsAssociation old = dtls;
            dtls = associate();
            if (old != null) {
                old.close();
            }
        }
        liveness.watchWeb(now);
        bridge.sendToWeb(answer.direction().sends());
        bridge.web(answer.format(), now);
        schedule(now);
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

    /** Another trunk is tried on the same ports. */
    public void onTrunkForgotten(long now) {
        if (closed) {
            return;
        }
        bridge.forgetTrunk(now);
        liveness.watchTrunk(false, now);
        TrunkLeg leg = trunk;
        if (leg != null) {
            leg.forget();
        }
        schedule(now);
    }

    /** The trunk's leg carries this from now on, each packet held for so long. */
    public void onTrunkFormat(TrunkFormat format, Duration smooth, long now) {
        TrunkLeg leg = trunk;
        if (closed || leg == null) {
            return;
        }
        leg.target(loop, format);
        bridge.smooth(smooth.toNanos());
        bridge.trunk(format, now);
        liveness.watchTrunk(!format.isOnHold(), now);
        schedule(now);
    }

    /** See {@link Bridge#press}. */
    public boolean press(Digit digit, long lengthNanos, long gapNanos, long now) {
        if (closed) {
            return false;
        }
        boolean taken = bridge.press(digit, lengthNanos, gapNanos, now);
        schedule(now);
        return taken;
    }

    /** See {@link Bridge#muteWeb}. */
    public void muteWeb(boolean muted) {
        if (!closed) {
            bridge.muteWeb(muted);
        }
    }

    /** What has been measured so far; any thread may ask. */
    public MediaStats stats() {
        return bridge.stats();
    }

    /** Ends both legs: RTCP BYE, close_notify, sockets closed, ports at rest. Idempotent. */
    public void close() {
        if (closed) {
            return;
        }
        bridge.close();
        closed = true;
        loop.remove(this);
        DtlsAssociation association = dtls;
        if (association != null) {
            association.close();
        }
        SrtpSession session = srtp;
        if (session != null) {
            session.close();
        }
        TrunkLeg leg = trunk;
        if (leg != null) {
            leg.close();
        }
    }

    // ---- what the loop brings

    void onCheck(StunRequest request, WebChannel channel, IcePath from, long now) {
        IceLite agent = ice;
        CallMedia owner = channel.callAt(from.remote());
        if (agent == null) {
            loop.noise(Noise.UNKNOWN_UFRAG);
            return;
        }
        if (owner != null && owner != this && owner.owns(from, now)) {
            loop.noise(Noise.ADDRESS_TAKEN);
            return;
        }
        switch (agent.onRequest(request, from, now)) {
            case IceVerdict.Dropped dropped ->
                loop.noise(
                        switch (dropped.reason()) {
                            case WRONG_INTEGRITY -> Noise.WRONG_INTEGRITY;
                            case MALFORMED -> Noise.MALFORMED_CHECK;
                        });
            case IceVerdict.Refused refused -> loop.send(from, refused.response());
            case IceVerdict.Answered answered -> {
                channel.place(from.remote(), this);
                for (IcePath gone : answered.forgotten()) {
                    loop.forget(gone, this);
                }
                loop.send(from, answered.response());
                path = agent.path();
                if (answered.restarted()) {
                    listUfrags();
                }
                onWebHeard(now);
            }
        }
    }

    void onDtls(byte[] buffer, int length, long now) {
        DtlsAssociation association = dtls;
        if (!dtlsBucket.take(now)) {
            drop(Noise.FLOOD);
        } else if (association != null) {
            association.onDatagram(buffer, 0, length);
            beginHandshake(association);
        }
    }

    void onSrtp(byte[] buffer, int length, long now) {
        SrtpSession session = srtp;
        if (session == null) {
            drop(Noise.BEFORE_KEYS);
            return;
        }
        boolean control = isRtcp(buffer);
        int plain = control ? session.openControl(buffer, 0, length) : session.open(buffer, 0, length);
        if (plain < 0) {
            drop(Noise.NOT_OPENED);
            return;
        }
        if (!webBucket.take(now)) { // of authentic ones only: forged ones must not use up the browser's (THREATS M7)
            drop(Noise.FLOOD);
            return;
        }
        onWebHeard(now);
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
        if (isRtcp(buffer)) {
            bridge.onTrunkRtcp(buffer, 0, length, now);
        } else if (!side.control()) {
            liveness.onTrunk(now);
            bridge.onTrunkRtp(buffer, 0, length, now);
        } else {
            drop(Noise.NOT_MEDIA);
        }
        schedule(now);
    }

    void onTime(long now) {
        bridge.onTime(now);
        liveness.onTime(now);
        schedule(now);
    }

    WakeHeap.Entry<CallMedia> wakeEntry() {
        return wakeEntry;
    }

    List<Long> ufragKeys() {
        return ufragKeys;
    }

    List<IcePath> paths() {
        IceLite agent = ice;
        return agent == null ? List.of() : agent.paths();
    }

    Map<String, Object> debugState() {
        Map<String, Object> state = new LinkedHashMap<>();
        IceLite agent = ice;
        state.put("path", String.valueOf(path));
        state.put("nominated", agent != null && agent.nominated());
        state.put("paths", paths().stream().map(String::valueOf).toList());
        SrtpSession session = srtp;
        if (session != null) {
            state.put("srtp", session.debugState());
        }
        TrunkLeg leg = trunk;
        if (leg != null) {
            state.put("trunk", leg.debugState());
        }
        state.put("dropped", noise.debugState());
        state.put("unsent", unsent);
        state.put("bridge", bridge.debugState());
        return state;
    }

    // ---- web leg

    private void listUfrags() {
        IceLite agent = ice;
        ufragKeys = loop.list(this, ufragKeys, agent == null ? List.of() : agent.ufragKeys());
    }

    private boolean owns(IcePath from, long now) {
        return paths().contains(from) && now - webHeardNanos < OWNS_ADDRESS_NANOS;
    }

    private void onWebHeard(long now) {
        webHeardNanos = now;
        liveness.onWeb(now);
    }

    /** We are always the server, and a server begins with the browser's first datagram. */
    private void beginHandshake(DtlsAssociation association) {
        WebAnswer answer = web;
        if (answer != null) {
            association.start(DtlsRole.SERVER, answer.fingerprints());
        }
    }

    private DtlsAssociation associate() {
        DtlsEvents events = new DtlsEvents();
        DtlsAssociation association = new DtlsAssociation(parts.certificate(), events);
        events.association = association;
        return association;
    }

    private void onKeys(DtlsAssociation from, SrtpKeys keys) {
        if (closed || from != dtls) {
            return;
        }
        SrtpSession old = srtp;
        srtp = new SrtpSession(keys);
        if (old != null) {
            old.close();
        }
        if (!connectedTold) {
            connectedTold = true;
            listener.onEvent(new MediaEvent.WebConnected());
        }
    }

    private void sealAndSend(byte[] buffer, int offset, int length) {
        SrtpSession session = srtp;
        IcePath to = path;
        if (session == null || to == null) {
            unsent++;
            return;
        }
        int sealed = session.seal(buffer, offset, length);
        if (sealed > 0) {
            loop.send(to, buffer, offset, sealed);
        } else {
            unsent++;
        }
    }

    private void sealAndSendControl(byte[] buffer, int offset, int length) {
        SrtpSession session = srtp;
        IcePath to = path;
        if (session == null || to == null) {
            unsent++;
            return;
        }
        int sealed = session.sealControl(buffer, offset, length);
        if (sealed > 0) {
            loop.send(to, buffer, offset, sealed);
        } else {
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
        loop.send(leg.rtp(), buffer, offset, length);
    }

    private void sendRtcp(byte[] buffer, int offset, int length) {
        TrunkLeg leg = trunk;
        if (leg == null || !leg.rtcp().connected()) {
            unsent++;
            return;
        }
        loop.send(leg.rtcp(), buffer, offset, length);
    }

    private void schedule(long now) {
        if (!closed) {
            loop.wake(this, Math.min(bridge.nextWakeup(), liveness.nextWakeup()), now);
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

    /** Carries what an association says from its thread to the loop's. */
    private final class DtlsEvents implements DtlsListener {
        private @Nullable DtlsAssociation association;

        @Override
        public void onDatagram(byte[] datagram) {
            loop.execute(now -> {
                IcePath to = path;
                if (to != null) {
                    loop.send(to, datagram);
                }
            });
        }

        @Override
        public void onKeys(SrtpKeys keys) {
            loop.execute(now -> {
                DtlsAssociation from = association;
                if (from != null) {
                    CallMedia.this.onKeys(from, keys);
                }
            });
        }

        @Override
        public void onFailure(DtlsFailure failure) {
            loop.execute(now -> {
                if (!closed && association == dtls) {
                    listener.onEvent(new MediaEvent.WebFailed(
                            switch (failure) {
                                case FINGERPRINT_MISMATCH -> MediaEvent.WebFailed.Cause.FINGERPRINT_MISMATCH;
                                case TIMEOUT -> MediaEvent.WebFailed.Cause.HANDSHAKE_FAILED;
                            }));
                }
            });
        }

        @Override
        public void onClosed() {
            loop.execute(now -> {
                if (!closed && association == dtls) {
                    listener.onEvent(new MediaEvent.WebClosed());
                }
            });
        }
    }
}
