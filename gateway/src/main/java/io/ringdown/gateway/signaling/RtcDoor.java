package io.ringdown.gateway.signaling;

import io.ringdown.gateway.tokens.Identity;
import io.ringdown.gateway.tokens.Presented;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Decides, before the upgrade, which WebSockets of our own protocol come in. Thread-safe. */
final class RtcDoor {
    static final String SUBPROTOCOL = "ringdown.v1";
    private static final String TOKEN_SUBPROTOCOL = "ringdown.token.";

    private final Sockets sockets;
    private final SessionRooms rooms;

    RtcDoor(Sockets sockets, SessionRooms rooms) {
        this.sockets = sockets;
        this.rooms = rooms;
    }

    void handle(Request request, Response response, Callback callback) {
        if (sockets.isOfStranger(request)) {
            // Before its token is looked at: no page of strangers is to have its visitors' address held off.
            Sockets.refuseOrigin(response, callback);
            return;
        }
        InetAddress from = sockets.addressOf(request);
        Optional<String> origin = Origins.of(request);
        Optional<String> token = token(request);
        Optional<Identity> shown = token.flatMap(_ -> mayComeIn(new Presented(token, origin, from)));
        if (token.isPresent() && shown.isEmpty()) {
            Reply.unauthorized(response, callback, rooms.verifier().heldOff(from));
        } else if (origin.isEmpty() && !isNoBrowser(request, shown)) {
            Sockets.refuseOrigin(response, callback);
        } else if (!Sockets.offers(request, SUBPROTOCOL)) {
            Sockets.refuseSubprotocol(response, callback, SUBPROTOCOL);
        } else {
            Visit.Shown says = new Visit.Shown(token, shown);
            sockets.admit(request, response, callback, SUBPROTOCOL, wire -> new Visit(says, origin, from, wire, rooms));
        }
    }

    /**
     * Whom the token names, if it opens something, or its bearer has a session to come back to: a token that has had its call
     * is enough for that, and so is one that has run out, of a client that can show no other. Of a page that is refused like
     * everything else that opens nothing: it says its token in {@code hello}, and can leave it out there.
     */
    private Optional<Identity> mayComeIn(Presented shown) {
        Optional<Identity> named = shown.origin().isPresent()
                ? rooms.verifier().identify(shown)
                : rooms.verifier().recognize(shown);
        return named.filter(who ->
                rooms.sessions().haveOne(who) || rooms.verifier().verify(shown).isPresent());
    }

    /** No page can set that header of a handshake. */
    private static boolean isNoBrowser(Request request, Optional<Identity> shown) {
        return shown.isPresent() && request.getHeaders().contains(HttpHeader.AUTHORIZATION);
    }

    private static Optional<String> token(Request request) {
        return Bearer.of(request)
                .or(() -> request.getHeaders().getValuesList(HttpHeader.SEC_WEBSOCKET_SUBPROTOCOL).stream()
                        .flatMap(value -> List.of(value.split(",", -1)).stream())
                        .map(String::strip)
                        .filter(value -> value.startsWith(TOKEN_SUBPROTOCOL))
                        .map(value -> value.substring(TOKEN_SUBPROTOCOL.length()))
                        .findFirst());
    }
}
