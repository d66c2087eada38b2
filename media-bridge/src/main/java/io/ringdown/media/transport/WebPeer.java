package io.ringdown.media.transport;

import io.ringdown.media.dtls.DtlsAssociation;
import io.ringdown.media.dtls.DtlsFailure;
import io.ringdown.media.dtls.DtlsIdentity;
import io.ringdown.media.dtls.DtlsListener;
import io.ringdown.media.dtls.DtlsRole;
import io.ringdown.media.ice.IceLite;
import io.ringdown.media.ice.IcePath;
import io.ringdown.media.quality.WebPath;
import io.ringdown.media.sdp.WebAnswer;
import io.ringdown.media.srtp.SrtpKeys;
import io.ringdown.media.srtp.SrtpSession;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One peer connection of a browser: its ICE, its DTLS association and the keys that came of it. On its loop's thread. */
final class WebPeer {
    private final MediaLoop loop;
    private final Events events;
    private final IceLite ice;
    private final DtlsAssociation association;
    private WebAnswer answer;
    private WebPath.Dtls dtls = WebPath.Dtls.NEW;
    private @Nullable SrtpSession srtp;

    /** What becomes of it, told on the loop's thread. */
    interface Events {
        void onKeys(WebPeer from, SrtpKeys keys, long now);

        void onFailure(WebPeer from, DtlsFailure failure);

        void onClosed(WebPeer from);
    }

    WebPeer(MediaLoop loop, DtlsIdentity certificate, IceLite ice, WebAnswer answer, Events events) {
        this.loop = loop;
        this.events = events;
        this.ice = ice;
        this.answer = answer;
        this.association = new DtlsAssociation(certificate, new Association());
    }

    IceLite ice() {
        return ice;
    }

    /** The last answer that it has got. */
    WebAnswer answer() {
        return answer;
    }

    /** A later answer, by which ICE may begin anew; the association stays. */
    void onAnswer(WebAnswer later) {
        answer = later;
        if (later.iceRestarted()) {
            ice.restart(later.ours());
        }
    }

    /** Where ICE and DTLS have come to. */
    WebPath.Ice iceNow() {
        if (ice.nominated()) {
            return WebPath.Ice.NOMINATED;
        }
        if (ice.lost()) {
            return WebPath.Ice.LOST;
        }
        return ice.path() == null ? WebPath.Ice.NEW : WebPath.Ice.CHECKED;
    }

    WebPath.Dtls dtlsNow() {
        return dtls;
    }

    /** Null before there are keys. */
    @Nullable
    SrtpSession srtp() {
        return srtp;
    }

    /** Where it is sent to; null while nobody knows. */
    @Nullable
    IcePath path() {
        return ice.path();
    }

    /** There is a way to the browser: as a client we begin now. */
    void onChecked() {
        if (answer.isDtlsClient()) {
            shakeHands(DtlsRole.CLIENT);
        }
    }

    /** A server begins with the browser's first datagram. */
    void onDtls(byte[] buffer, int length) {
        association.onDatagram(buffer, 0, length);
        shakeHands(answer.isDtlsClient() ? DtlsRole.CLIENT : DtlsRole.SERVER);
    }

    private void shakeHands(DtlsRole role) {
        if (dtls == WebPath.Dtls.NEW) {
            dtls = WebPath.Dtls.HANDSHAKE;
            association.start(role, answer.fingerprints());
        }
    }

    void onKeys(SrtpKeys keys) {
        srtp = new SrtpSession(keys);
        dtls = WebPath.Dtls.CONNECTED;
    }

    /** Ends it with close_notify. */
    void close() {
        association.close();
        forgetKeys();
    }

    /** Ends it and says nothing. */
    void abandon() {
        association.abandon();
        forgetKeys();
    }

    private void forgetKeys() {
        SrtpSession session = srtp;
        if (session != null) {
            session.close();
        }
    }

    Map<String, Object> debugState() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("path", String.valueOf(ice.path()));
        state.put("nominated", ice.nominated());
        state.put("paths", ice.paths().stream().map(String::valueOf).toList());
        state.put("dtls", dtls.name());
        SrtpSession session = srtp;
        if (session != null) {
            state.put("srtp", session.debugState());
        }
        return state;
    }

    /** Carries what the association says from its thread to the loop's. */
    private final class Association implements DtlsListener {
        @Override
        public void onDatagram(byte[] datagram) {
            loop.execute(now -> {
                IcePath to = ice.path();
                if (to != null) {
                    loop.send(to, datagram);
                }
            });
        }

        @Override
        public void onKeys(SrtpKeys keys) {
            loop.execute(now -> events.onKeys(WebPeer.this, keys, now));
        }

        @Override
        public void onFailure(DtlsFailure failure) {
            loop.execute(now -> {
                dtls = switch (failure) {
                    case FINGERPRINT_MISMATCH -> WebPath.Dtls.WRONG_CERTIFICATE;
                    case TIMEOUT -> WebPath.Dtls.FAILED;
                };
                events.onFailure(WebPeer.this, failure);
            });
        }

        @Override
        public void onClosed() {
            loop.execute(now -> {
                dtls = WebPath.Dtls.CLOSED;
                events.onClosed(WebPeer.this);
            });
        }
    }
}
