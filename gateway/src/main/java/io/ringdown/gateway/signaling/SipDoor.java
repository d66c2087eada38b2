package io.ringdown.gateway.signaling;

import io.ringdown.gateway.call.Timers;
import io.ringdown.gateway.tokens.Presented;
import io.ringdown.gateway.tokens.TokenVerifier;
import io.ringdown.sip.web.WebSipSocket;
import io.ringdown.sip.web.WebSipWire;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Decides, before the upgrade, which WebSockets of softphones come in (RFC 7118 §4). Who they are they say by SIP; a client that is
 * no browser shows a token besides, as with our own protocol. Thread-safe.
 */
final class SipDoor {
    static final String PATH = "/sip";
    private static final String SUBPROTOCOL = "sip"; // RFC 7118 §4.1

    private final Sockets sockets;
    private final TokenVerifier verifier;
    private final Function<WebSipWire, WebSipSocket> phones;
    private final Timers timers;
    private final LongSupplier clock;

    /** {@code phones} takes each socket that has been opened. */
    SipDoor(
            Sockets sockets,
            TokenVerifier verifier,
            Function<WebSipWire, WebSipSocket> phones,
            Timers timers,
            LongSupplier clock) {
        this.sockets = sockets;
        this.verifier = verifier;
        this.phones = phones;
        this.timers = timers;
        this.clock = clock;
    }

    void handle(Request request, Response response, Callback callback) {
        if (sockets.isOfStranger(request)) {
            Sockets.refuseOrigin(response, callback);
            return;
        }
        InetAddress from = sockets.addressOf(request);
        Optional<String> origin = Origins.of(request);
        Optional<String> token = Bearer.of(request);
        if (origin.isEmpty() && token.isEmpty()) {
            Sockets.refuseOrigin(response, callback);
        } else if (token.isPresent()
                && verifier.verify(new Presented(token, origin, from)).isEmpty()) {
            Reply.unauthorized(response, callback, verifier.heldOff(from));
        } else if (!Sockets.offers(request, SUBPROTOCOL)) {
            Sockets.refuseSubprotocol(response, callback, SUBPROTOCOL);
        } else {
            sockets.admit(
                    request,
                    response,
                    callback,
                    SUBPROTOCOL,
                    wire -> new SipVisit(wire, origin, from, phones, timers, clock));
        }
    }
}
