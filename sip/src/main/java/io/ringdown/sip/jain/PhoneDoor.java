package io.ringdown.sip.jain;

import io.ringdown.sip.Secret;
import io.ringdown.sip.dialog.SipHeader;
import io.ringdown.sip.jain.Answers.Answer;
import io.ringdown.sip.web.DigestDoor;
import io.ringdown.sip.web.Login;
import io.ringdown.sip.web.WebSipRoom;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Who is at the other end of a socket: asks, and looks at what is shown. Safe for all threads; may block. */
final class PhoneDoor {
    private static final String BEARER = "Bearer ";

    private final DigestDoor digest;
    private final WebSipRoom room;
    private final String realm;

    PhoneDoor(String realm, WebSipRoom room, RandomGenerator random) {
        this.realm = realm;
        this.room = room;
        this.digest = new DigestDoor(realm, random);
    }

    /** Empty once this request has proved who its socket is, which the socket knows from then on; else what is said instead. */
    Optional<Answer> refusal(KeyedRequest request, WebChannel socket) {
        if (socket.user().isPresent()) {
            return Optional.empty();
        }
        for (String shown : request.credentials()) {
            if (shown.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
                return token(shown.substring(BEARER.length()).strip(), socket);
            }
        }
        return request.credentials().stream()
                .flatMap(shown -> digest.read(shown).stream())
                .findFirst()
                .map(shown -> password(shown, request.getMethod(), socket))
                .orElseGet(() -> Optional.of(challenge(socket, false)));
    }

    private Optional<Answer> token(String token, WebChannel socket) {
        InetAddress from = socket.wire().from();
        if (!digest.mayShowToken(from, System.nanoTime())) {
            return Optional.of(Answers.overloaded());
        }
        Optional<String> user = room.bearerOf(token, socket.wire());
        if (user.isEmpty()) {
            digest.wrongToken(from, System.nanoTime());
            return Optional.of(challenge(socket, false));
        }
        socket.proved(user.get(), user.get());
        return Optional.empty();
    }

    private Optional<Answer> password(DigestDoor.Credentials shown, String method, WebChannel socket) {
        InetAddress from = socket.wire().from();
        Optional<Login> login =
                digest.mayTry(shown.user(), from, System.nanoTime()) ? room.loginOf(shown.user()) : Optional.empty();
        Optional<Secret> password = login.map(Login::password);
        return switch (digest.judge(shown, method, password, name(socket), from, System.nanoTime())) {
            case PROVED -> {
                socket.proved(login.orElseThrow().user(), shown.user());
                yield Optional.empty();
            }
            case STALE -> Optional.of(challenge(socket, true));
            case REFUSED -> Optional.of(challenge(socket, false));
            case TOO_MANY -> Optional.of(Answers.overloaded());
        };
    }

    private Answer challenge(WebChannel socket, boolean stale) {
        List<SipHeader> headers = new ArrayList<>();
        headers.add(new SipHeader("WWW-Authenticate", "Bearer realm=\"" + realm + "\"")); // RFC 8898 4
        digest.challenges(name(socket), stale, System.nanoTime())
                .forEach(value -> headers.add(new SipHeader("WWW-Authenticate", value)));
        return new Answer(401, headers);
    }

    private static String name(WebChannel socket) {
        return socket.address().getHostAddress();
    }
}
