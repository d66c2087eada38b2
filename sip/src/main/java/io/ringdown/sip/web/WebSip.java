package io.ringdown.sip.web;

import io.ringdown.sip.InfoRules;
import io.ringdown.sip.TrunkCall;
import io.ringdown.sip.TrunkListener;
import io.ringdown.sip.jain.JainPhones;
import java.util.Map;

/**
 * The side of SIP that softphones in browsers are on: a SIP stack of its own over sockets that a web server has opened (RFC 7118).
 * It registers phones (RFC 3261 §10, RFC 5626 as far as one socket needs it), asks who they are (digest, RFC 8760, or a token, RFC
 * 8898), keeps their dialogs, and lets nobody touch those of another. Safe for all threads; returns at once.
 */
public interface WebSip extends AutoCloseable {

    /** Begins to serve; no body of an INFO is understood. */
    static WebSip start(WebSipSettings settings, WebSipRoom room) {
        return start(settings, room, InfoRules.none());
    }

    /** As the other, with bodies of INFO that are understood and told ({@link io.ringdown.sip.TrunkEvent.InfoReceived}). */
    static WebSip start(WebSipSettings settings, WebSipRoom room, InfoRules info) {
        return JainPhones.start(settings, room, info);
    }

    /** A socket was opened with the subprotocol {@code sip}. */
    WebSipSocket accept(WebSipWire wire);

    /**
     * Calls a registered phone; what follows comes to the listener, first of all {@link io.ringdown.sip.TrunkEvent.Failed} where it
     * is none, or is away for too long.
     */
    TrunkCall invite(PhoneId phone, WebSipInvite invite, TrunkListener listener);

    /** Everything worth knowing about what is going on. */
    Map<String, Object> debugState();

    /** Ends every dialog, telling the phones, and closes every socket. Idempotent. */
    @Override
    void close();
}
