package io.ringdown.media.transport;

import io.ringdown.media.dtls.DtlsFailure;
import io.ringdown.media.dtls.DtlsIdentity;
import io.ringdown.media.ice.IceLite;
import io.ringdown.media.ice.IcePath;
import io.ringdown.media.ice.IceVerdict;
import io.ringdown.media.ice.StunRequest;
import io.ringdown.media.quality.WebPath;
import io.ringdown.media.sdp.WebAnswer;
import io.ringdown.media.srtp.SrtpKeys;
import io.ringdown.media.srtp.SrtpSession;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * A call's way to its browser: the peer connection that serves, one more while a page comes anew, and what packets belong to
 * which. On the call's loop's thread, but for {@link #path}, which any thread may ask.
 */
final class WebLeg {
    private static final int PACKETS_PER_SECOND = 250; // five times 20 ms packets
    private static final int PACKETS_AT_ONCE = 500; // a network that wakes up after seconds
    private static final long OWNS_ADDRESS_NANOS = 5_000_000_000L;
    private static final long NEVER = Long.MIN_VALUE;

    private static final int ANSWERED = 0;
    private static final int HEARD = 1;
    private static final int BEFORE_KEYS = 2;
    private static final int REFUSED = 3;
    private static final int PUBLISHED = 4;

    private final MediaLoop loop;
    private final CallMedia call;
    private final DtlsIdentity certificate;
    private final Events events;
    private final Renewal<WebPeer> peers = new Renewal<>();
    private final PeerEvents peerEvents = new PeerEvents();
    private final TokenBucket mediaBucket;
    private final TokenBucket dtlsBucket;
    private List<Long> ufragKeys = List.of();
    private boolean isClosed;
    private long heardNanos;

    // What other threads may see.
    private final AtomicLongArray published = new AtomicLongArray(PUBLISHED);
    private volatile WebPath.Ice iceNow = WebPath.Ice.NEW;
    private volatile WebPath.Dtls dtlsNow = WebPath.Dtls.NEW;
    private volatile boolean weSend = true;
    private volatile boolean theySend = true;

    /** What a call is told of its browser. */
    interface Events {
        /** There are keys for it. */
        void onConnected();

        /** A peer connection with this answer serves from now on. */
        void onServing(WebAnswer answer, long now);

        /** The browser has shown itself. */
        void onHeard(long now);

        /** It has done so by a check. */
        void onChecked(long now);

        /**
         * The browser has closed what serves.
         *
         * @param isAwaited whether it has offered anew by then
         */
        void onClosed(boolean isAwaited);

        /** No peer connection works, and none will. */
        void onFailed(DtlsFailure failure);

        /** A packet was dropped. */
        void onDropped(Noise reason);
    }

    WebLeg(MediaLoop loop, CallMedia call, DtlsIdentity certificate, Events events, long now) {
        this.loop = loop;
        this.call = call;
        this.certificate = certificate;
        this.events = events;
        this.mediaBucket = new TokenBucket(PACKETS_PER_SECOND, PACKETS_AT_ONCE, now);
        this.dtlsBucket = new TokenBucket(PACKETS_PER_SECOND, PACKETS_AT_ONCE, now);
        published.set(ANSWERED, NEVER);
        published.set(HEARD, NEVER);
    }

    /**
     * The browser has this answer: its checks may come. Answers whether it holds at once; if not, it does when {@link
     * Events#onServing} says so.
     */
    boolean onAnswer(WebAnswer answer, long now) {
        WebPeer newest = peers.newest();
        if (newest == null || answer.dtlsRestarted()) {
            IceLite ice = newest == null || answer.iceRestarted() ? new IceLite(answer.ours()) : newest.ice();
            WebPeer replaced = peers.onOffered(new WebPeer(loop, certificate, ice, answer, peerEvents));
            if (replaced != null) {
                retire(replaced);
            }
            published.setOpaque(ANSWERED, now);
        } else {
            newest.onAnswer(answer);
        }
        listUfrags();
        publish();
        boolean isHolding = peers.serving() == null || peers.coming() == null;
        if (isHolding) {
            showDirection(answer);
        }
        return isHolding;
    }

    /** Takes a check for one of {@link #ufragKeys}. */
    void onCheck(StunRequest request, WebChannel channel, IcePath from, long now) {
        WebPeer peer = addressee(request.ufragKey());
        CallMedia owner = channel.callAt(from.remote());
        if (peer == null) {
            loop.noise(Noise.UNKNOWN_UFRAG);
            return;
        }
        if (owner != null && owner != call && owner.owns(from, now)) {
            loop.noise(Noise.ADDRESS_TAKEN);
            return;
        }
        switch (peer.ice().onRequest(request, from, now)) {
            case IceVerdict.Dropped dropped ->
                loop.noise(
                        switch (dropped.reason()) {
                            case WRONG_INTEGRITY -> Noise.WRONG_INTEGRITY;
                            case MALFORMED -> Noise.MALFORMED_CHECK;
                        });
            case IceVerdict.Refused refused -> loop.send(from, refused.response());
            case IceVerdict.Answered answered -> {
                channel.place(from.remote(), call);
                answered.forgotten().forEach(this::forget);
                loop.send(from, answered.response());
                peer.onChecked();
                if (answered.restarted()) {
                    listUfrags();
                }
                publish();
                onHeard(now);
                events.onChecked(now);
            }
        }
    }

    /** The TCP connection that this path was is gone: the browser connects again, or comes by another path. */
    void onLost(IcePath path) {
        each().forEach(peer -> peer.ice().onLost(path));
        publish();
    }

    private @Nullable WebPeer addressee(long ufragKey) {
        WebPeer coming = peers.coming();
        if (coming != null && coming.ice().ufragKeys().contains(ufragKey)) {
            return coming;
        }
        WebPeer serving = peers.serving();
        return serving != null && serving.ice().ufragKeys().contains(ufragKey) ? serving : null;
    }

    /** Takes a DTLS datagram from a place that has passed a check. */
    void onDtls(byte[] buffer, int length, InetSocketAddress from, int socket, long now) {
        WebPeer peer = at(from, socket);
        if (!dtlsBucket.take(now)) {
            events.onDropped(Noise.FLOOD);
        } else if (peer != null) {
            peer.onDtls(buffer, length);
            publish();
        }
    }

    /**
     * Opens SRTP or SRTCP from a place that has passed a check, in place; answers its length, or {@link SrtpSession#REFUSED} for
     * what has been counted and is to be dropped.
     */
    int open(boolean control, byte[] buffer, int length, InetSocketAddress from, int socket, long now) {
        WebPeer peer = peers.coming() == null ? peers.serving() : at(from, socket);
        SrtpSession session = peer == null ? null : peer.srtp();
        if (peer != null && session == null) { // who comes anew may come from where the one before still speaks
            peer = peers.serving();
            session = peer == null || !peer.ice().has(from, socket) ? null : peer.srtp();
        }
        if (peer == null || session == null) {
            published.setOpaque(BEFORE_KEYS, published.getPlain(BEFORE_KEYS) + 1);
            events.onDropped(Noise.BEFORE_KEYS);
            return SrtpSession.REFUSED;
        }
        int plain = control ? session.openControl(buffer, 0, length) : session.open(buffer, 0, length);
        if (plain < 0) {
            published.setOpaque(REFUSED, published.getPlain(REFUSED) + 1);
            events.onDropped(Noise.NOT_OPENED);
            return SrtpSession.REFUSED;
        }
        if (!mediaBucket.take(now)) { // of authentic ones only: forged ones must not use up the browser's (THREATS M7)
            events.onDropped(Noise.FLOOD);
            return SrtpSession.REFUSED;
        }
        peer.ice().onMedia(from, socket, now);
        onHeard(now);
        return plain;
    }

    /** The peer connection that a place belongs to, the newest first. */
    private @Nullable WebPeer at(InetSocketAddress from, int socket) {
        WebPeer coming = peers.coming();
        return coming != null && coming.ice().has(from, socket) ? coming : peers.serving();
    }

    /** Seals a packet in place and sends it; false if there is no way, or no key yet. */
    boolean send(boolean control, byte[] buffer, int offset, int length) {
        WebPeer peer = peers.serving();
        SrtpSession session = peer == null ? null : peer.srtp();
        IcePath to = peer == null ? null : peer.path();
        if (session == null || to == null) {
            return false;
        }
        int sealed = control ? session.sealControl(buffer, offset, length) : session.seal(buffer, offset, length);
        if (sealed <= 0) {
            return false;
        }
        loop.send(to, buffer, offset, sealed);
        return true;
    }

    /** Under which fragments checks may come. */
    List<Long> ufragKeys() {
        return ufragKeys;
    }

    /** Every place that has passed a check. */
    List<IcePath> paths() {
        List<IcePath> paths = new ArrayList<>();
        each().forEach(peer -> paths.addAll(peer.ice().paths()));
        return paths;
    }

    /** Whether this place is this browser's, as far as it has been heard of late. */
    boolean owns(IcePath from, long now) {
        return paths().contains(from) && now - heardNanos < OWNS_ADDRESS_NANOS;
    }

    /** The way to the browser; any thread may ask, at its {@code now}. */
    WebPath path(boolean muted, boolean held, long now) {
        return new WebPath(
                iceNow,
                dtlsNow,
                millisSince(published.getOpaque(ANSWERED), now),
                millisSince(published.getOpaque(HEARD), now),
                published.getOpaque(BEFORE_KEYS),
                published.getOpaque(REFUSED),
                muted,
                !held && weSend,
                theySend);
    }

    private static OptionalLong millisSince(long then, long now) {
        return then == NEVER ? OptionalLong.empty() : OptionalLong.of(Math.max(0, now - then) / 1_000_000);
    }

    Map<String, Object> debugState() {
        Map<String, Object> state = new LinkedHashMap<>();
        WebPeer serving = peers.serving();
        if (serving != null) {
            state.put("serving", serving.debugState());
        }
        WebPeer coming = peers.coming();
        if (coming != null) {
            state.put("coming", coming.debugState());
        }
        return state;
    }

    /** Who was to come does not; true if the peer connection with this answer serves, and its page is there. */
    boolean dropComing(WebAnswer staying) {
        WebPeer dropped = peers.dropComing();
        if (dropped != null) {
            retire(dropped);
            listUfrags();
            publish();
        }
        WebPeer serving = peers.serving();
        return serving != null
                && !peers.isServingClosed()
                && serving.answer().ours().equals(staying.ours());
    }

    /** Nobody is there any more: what there is ends with close_notify, and the next answer begins anew. */
    void leave() {
        List<WebPeer> gone = each();
        peers.forget();
        gone.forEach(this::retire);
        listUfrags();
        iceNow = WebPath.Ice.NEW;
        dtlsNow = WebPath.Dtls.NEW;
        published.setOpaque(ANSWERED, NEVER);
        published.setOpaque(HEARD, NEVER);
    }

    /** Ends what there is with close_notify. */
    void close() {
        isClosed = true;
        each().forEach(WebPeer::close);
    }

    /** Ends what there is and says nothing. */
    void abandon() {
        isClosed = true;
        each().forEach(WebPeer::abandon);
    }

    private List<WebPeer> each() {
        List<WebPeer> each = new ArrayList<>(2);
        WebPeer serving = peers.serving();
        if (serving != null) {
            each.add(serving);
        }
        WebPeer coming = peers.coming();
        if (coming != null) {
            each.add(coming);
        }
        return each;
    }

    /** It is not used any more: its places are nobody's. */
    private void retire(WebPeer old) {
        old.close();
        old.ice().paths().forEach(this::forget);
    }

    /** Unless the other peer connection is there too. */
    private void forget(IcePath gone) {
        if (!paths().contains(gone)) {
            loop.forget(gone, call);
        }
    }

    private void listUfrags() {
        List<Long> keys = new ArrayList<>();
        each().forEach(peer -> keys.addAll(peer.ice().ufragKeys()));
        ufragKeys = loop.list(call, ufragKeys, List.copyOf(keys));
    }

    private void onHeard(long now) {
        heardNanos = now;
        published.setOpaque(HEARD, now);
        events.onHeard(now);
    }

    private void publish() {
        WebPeer judged = peers.judged();
        if (judged != null) {
            iceNow = judged.iceNow();
            dtlsNow = judged.dtlsNow();
        }
    }

    private void showDirection(WebAnswer answer) {
        weSend = answer.direction().sends();
        theySend = answer.direction().receives();
    }

    private final class PeerEvents implements WebPeer.Events {
        @Override
        public void onKeys(WebPeer from, SrtpKeys keys, long now) {
            if (isClosed || from != peers.coming()) {
                return;
            }
            from.onKeys(keys);
            WebPeer before = peers.onKeys(from);
            if (before != null) {
                retire(before);
            }
            listUfrags();
            publish();
            showDirection(from.answer());
            events.onServing(from.answer(), now);
            events.onConnected();
        }

        @Override
        public void onFailure(WebPeer from, DtlsFailure failure) {
            if (isClosed) {
                return;
            }
            switch (peers.onFailure(from)) {
                case FINAL -> events.onFailed(failure);
                case BORNE -> {
                    if (!each().contains(from)) {
                        retire(from);
                        listUfrags();
                    }
                }
            }
            publish();
        }

        @Override
        public void onClosed(WebPeer from) {
            if (!isClosed && from == peers.serving()) {
                events.onClosed(!peers.onClosed(from));
                publish();
            }
        }
    }
}
