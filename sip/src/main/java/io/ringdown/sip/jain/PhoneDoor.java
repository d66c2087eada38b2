package io.ringdown.sip.jain;

import io.ringdown.sip.dialog.SipHeader;
import io.ringdown.sip.jain.Answers.Answer;
import io.ringdown.sip.web.Bearer;
import io.ringdown.sip.web.DigestDoor;
import io.ringdown.sip.web.Login;
import io.ringdown.sip.web.WebSipRoom;
import io.ringdown.sip.web.WebSipSettings;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Who is at the other end of a socket: asks, and looks at what is shown. Safe for all threads; may block. */
final class PhoneDoor {
    private static final String BEARER = "Bearer ";

    private final DigestDoor digest;
    private final WebSipRoom room;
    private final String realm;
    private final Duration passwordLasts;
    private final Consumer<WebChannel> unproved;

    /** {@code unproved} is told of a socket where it could not be shown again. */
    PhoneDoor(WebSipSettings settings, WebSipRoom room, RandomGenerator random, Consumer<WebChannel> unproved) {
        this.realm = settings.domain();
        this.passwordLasts = settings.mostExpires();
        this.room = room;
        this.unproved = unproved;
        this.digest = new DigestDoor(realm, random);
    }

    /** Empty where it is proved enough who its socket is, by this request or before, which the socket knows from then on; else what is said instead. */
    Optional<Answer> refusal(KeyedRequest request, WebChannel socket) {
        if (socket.proof()
                .filter(proof -> proof.isEnoughFor(request, passwordLasts, System.nanoTime()))
                .isPresent()) {
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
        Optional<Bearer> bearer = room.bearerOf(token, socket.wire());
        if (bearer.isEmpty()) {
            digest.wrongToken(from, System.nanoTime());
            doubt(socket);
            return Optional.of(challenge(socket, false));
        }
        Bearer named = bearer.get();
        return proved(
                new Proof(
                        named.user(),
                        named.user(),
                        System.nanoTime(),
                        Optional.of(new Proof.Token(named.lasts())),
                        false),
                socket);
    }

    // A socket is one user's, for as long as it is there.
    private static Optional<Answer> proved(Proof proof, WebChannel socket) {
        if (socket.user().filter(user -> !user.equals(proof.user())).isPresent()) {
            return Optional.of(Answer.of(403));
        }
        socket.proved(proof);
        return Optional.empty();
    }

    private void doubt(WebChannel socket) {
        socket.proof().ifPresent(proof -> {
            socket.proved(proof.inDoubt());
            unproved.accept(socket);
        });
    }

    private Optional<Answer> password(DigestDoor.Credentials shown, String method, WebChannel socket) {
        InetAddress from = socket.wire().from();
        Optional<Login> login =
                digest.mayTry(shown.user(), from, System.nanoTime()) ? room.loginOf(shown.user()) : Optional.empty();
        return switch (digest.judge(shown, method, login.map(Login::secret), name(socket), from, System.nanoTime())) {
            case PROVED ->
                proved(
                        new Proof(login.orElseThrow().user(), shown.user(), System.nanoTime(), Optional.empty(), false),
                        socket);
            case STALE -> Optional.of(challenge(socket, true));
            case REFUSED -> {
                doubt(socket);
                yield Optional.of(challenge(socket, false));
            }
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
