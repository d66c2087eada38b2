package io.ringdown.sip.jain;

import io.ringdown.sip.dialog.SipHeader;
import io.ringdown.sip.jain.Answers.Answer;
import io.ringdown.sip.web.Bearer;
import io.ringdown.sip.web.DigestDoor;
import io.ringdown.sip.web.DigestSecret;
import io.ringdown.sip.web.Login;
import io.ringdown.sip.web.LoginUnavailableException;
import io.ringdown.sip.web.WebSipRoom;
import io.ringdown.sip.web.WebSipSettings;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import javax.sip.address.URI;
import javax.sip.message.Request;

/** Who is at the other end of a socket: asks, and looks at what is shown. Safe for all threads; may block. */
final class PhoneDoor {
    private static final String BEARER = "Bearer ";
    // With the visual separators of RFC 3966 5.1.1.
    private static final Pattern NUMBER = Pattern.compile("\\+?[0-9*#][0-9*#.()-]{0,63}");

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
        long now = System.nanoTime();
        if (socket.proof()
                .filter(proof -> proof.isEnoughFor(request, passwordLasts, now) || isForHelp(request))
                .isPresent()) {
            return Optional.empty();
        }
        for (String shown : request.credentials()) {
            if (shown.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
                return token(shown.substring(BEARER.length()).strip(), socket, now);
            }
        }
        return request.credentials().stream()
                .flatMap(shown -> digest.read(shown).stream())
                .findFirst()
                .map(shown -> password(shown, request.getMethod(), socket, now))
                .orElseGet(() -> Optional.of(challenge(socket, false)));
    }

    private boolean isForHelp(KeyedRequest request) {
        return request.getMethod().equals(Request.INVITE)
                && Reading.number(request.getRequestURI())
                        .filter(room::isEmergency)
                        .isPresent();
    }

    /**
     * Whether whoever is proved to be at this socket may begin a call with this in From, though it is not their name: it is nobody's,
     * or a number that the rules of caller ids judge.
     */
    boolean mayCallAs(URI from, KeyedRequest invite, WebChannel socket) {
        return PhoneInvite.isAnonymous(from)
                || Reading.number(from)
                        .filter(user -> NUMBER.matcher(user).matches())
                        .filter(number -> isForHelp(invite)
                                || socket.user()
                                        .filter(user -> !room.isNameOfAnother(number, user))
                                        .isPresent())
                        .isPresent();
    }

    // Who was let in here, and never wrong since, is judged without the limits of guesses: a neighbour's must not shut
    // them out.
    private static boolean isAgain(WebChannel socket, Predicate<Proof> same) {
        return socket.proof()
                .filter(proof -> !proof.doubted() && same.test(proof))
                .isPresent();
    }

    private Optional<Answer> token(String token, WebChannel socket, long now) {
        InetAddress from = socket.wire().from();
        boolean again = isAgain(socket, proof -> proof.token().isPresent());
        if (!again && !digest.mayShowToken(from, now)) {
            return Optional.of(Answers.overloaded());
        }
        Optional<Bearer> bearer = room.bearerOf(token, socket.user(), socket.wire());
        if (bearer.isEmpty()) {
            if (!again) {
                digest.wrongToken(from, now);
            }
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

    private Optional<Answer> password(DigestDoor.Credentials shown, String method, WebChannel socket, long now) {
        InetAddress from = socket.wire().from();
        boolean again =
                isAgain(socket, proof -> proof.token().isEmpty() && proof.name().equals(shown.user()));
        if (!again && !digest.mayTry(shown.user(), from, now)) {
            return Optional.of(Answers.overloaded());
        }
        Optional<Login> login;
        try {
            login = room.loginOf(shown.user());
        } catch (LoginUnavailableException e) {
            return Optional.of(Answers.overloaded());
        }
        Optional<DigestSecret> secret = login.map(Login::secret);
        DigestDoor.Verdict verdict = again
                ? digest.judgeAgain(shown, method, secret, name(socket), from, now)
                : digest.judge(shown, method, secret, name(socket), from, now);
        return switch (verdict) {
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
