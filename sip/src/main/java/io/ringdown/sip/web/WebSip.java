package io.ringdown.sip.web;

import io.ringdown.sip.TrunkCall;
import io.ringdown.sip.TrunkListener;
import java.util.Map;

/**
 * The side of SIP that softphones in browsers are on: a SIP stack of its own over sockets that a web server has opened (RFC 7118).
 * It registers phones (RFC 3261 §10, RFC 5626 as far as one socket needs it), asks who they are (digest, RFC 8760, or a token, RFC
 * 8898), keeps their dialogs, and lets nobody touch those of another. Safe for all threads; returns at once.
 */
public interface WebSip extends AutoCloseable {

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
