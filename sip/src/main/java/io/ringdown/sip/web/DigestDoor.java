package io.ringdown.sip.web;

import io.ringdown.sip.Secret;
import io.ringdown.sip.dialog.Digest;
import io.ringdown.sip.dialog.Digest.Algorithm;
import io.ringdown.sip.dialog.Digest.Challenge;
import io.ringdown.sip.dialog.Digest.Qop;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Asks softphones who they are, by digest as RFC 8760 has it in SIP, and judges what they answer. Sans-IO; safe for all threads.
 *
 * <p>Nonces are remembered by nobody before they are used: each carries its time and a MAC (RFC 7616 3.3), over the socket that
 * it was given to as well. Of those that were used the highest count is kept; the same one again is a replay. One answer for a user
 * whom nobody knows and for a wrong password, after the same work.
 */
public final class DigestDoor {
    // The best first (RFC 8760 2.4), and MD5 last: JsSIP and SIP.js keep the last challenge alone, and know no other.
    private static final List<Algorithm> OFFERED = List.of(Algorithm.SHA_256, Algorithm.MD5);
    private static final long NONCE_LIVES_NANOS = TimeUnit.MINUTES.toNanos(5);
    private static final int MAX_NONCES = 16_384;
    private static final int MAX_CREDENTIALS = 2048;
    private static final int RANDOM_BYTES = 8;
    private static final int MAC_BYTES = 16;
    private static final int SITE_BYTES = 8;
    private static final int GUESSES_OF_USER = 10;
    private static final int GUESSES_OF_ADDRESS = 100;

    private final String realm;
    private final SecretKeySpec key;
    private final RandomGenerator random;
    private final Secret nobodys;
    private final Guesses ofUser = new Guesses(GUESSES_OF_USER);
    private final Guesses ofToken = new Guesses(GUESSES_OF_USER);
    private final Guesses ofAddress = new Guesses(GUESSES_OF_ADDRESS);
    private final NameGuesses ofName = new NameGuesses();
    // The time of the youngest nonce whose count has been forgotten; with it all that are as old are.
    private long forgottenUntil = Long.MIN_VALUE;
    private final Map<String, Used> used = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Used> eldest) {
            boolean full = size() > MAX_NONCES;
            if (full) {
                forgottenUntil = Math.max(forgottenUntil, eldest.getValue().made());
            }
            return full;
        }
    };

    /** A nonce that was used: when it was made, and its highest count. */
    private record Used(long made, long count) {}

    /** What becomes of a request with these credentials. */
    public enum Verdict {
        /** It is who it says. */
        PROVED,
        /** The password is right, the nonce is not, or not any more: with a new one the same may be tried at once. */
        STALE,
        /** A wrong password, a user whom nobody knows, a replay: which, is not told. */
        REFUSED,
        /** This source has been wrong too often, or too many have about this name; nothing was looked at. */
        TOO_MANY
    }

    /**
     * What a request says of its sender.
     *
     * @param user the name that it claims
     * @param parameters those of the header
     */
    public record Credentials(String user, Map<String, String> parameters) {
        public Credentials {
            parameters = Map.copyOf(parameters);
        }

        @Override
        public String toString() {
            return "Credentials(***)";
        }
    }

    /**
     * Makes it.
     *
     * @param realm what the passwords are for
     * @param random unguessable; the key of the nonces and their salt are drawn from it
     */
    public DigestDoor(String realm, RandomGenerator random) {
        this.realm = realm;
        this.random = random;
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        this.key = new SecretKeySpec(secret, "HmacSHA256");
        byte[] dummy = new byte[16];
        random.nextBytes(dummy);
        this.nobodys = new Secret(Base64.getEncoder().encodeToString(dummy));
    }

    /**
     * Values of WWW-Authenticate, in their order.
     *
     * @param socket names whom they are for
     * @param stale whether only the nonce was wrong
     */
    public List<String> challenges(String socket, boolean stale, long now) {
        return OFFERED.stream()
                .map(algorithm -> "Digest realm=\"" + realm + "\",nonce=\"" + nonce(socket, now) + "\",algorithm="
                        + algorithm.token() + ",qop=\"auth\"" + (stale ? ",stale=true" : ""))
                .toList();
    }

    private String nonce(String socket, long now) {
        byte[] salt = new byte[RANDOM_BYTES];
        random.nextBytes(salt);
        ByteBuffer body =
                ByteBuffer.allocate(Long.BYTES + RANDOM_BYTES).putLong(now).put(salt);
        ByteBuffer whole = ByteBuffer.allocate(Long.BYTES + RANDOM_BYTES + MAC_BYTES)
                .put(body.array())
                .put(mac(body.array(), socket));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(whole.array());
    }

    private byte[] mac(byte[] body, String socket) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(body);
            mac.update(socket.getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(mac.doFinal(), MAC_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 is missing from this JDK", e);
        }
    }

    // When it was made; empty for one that is not ours, or was another socket's.
    private Optional<Long> made(String nonce, String socket) {
        byte[] whole;
        try {
            whole = Base64.getUrlDecoder().decode(nonce);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (whole.length != Long.BYTES + RANDOM_BYTES + MAC_BYTES) {
            return Optional.empty();
        }
        byte[] body = Arrays.copyOf(whole, Long.BYTES + RANDOM_BYTES);
        byte[] mac = Arrays.copyOfRange(whole, Long.BYTES + RANDOM_BYTES, whole.length);
        return MessageDigest.isEqual(mac, mac(body, socket))
                ? Optional.of(ByteBuffer.wrap(body).getLong())
                : Optional.empty();
    }

    /** Reads a value of Authorization; empty for another scheme, another realm, and what names nobody. */
    public Optional<Credentials> read(String authorization) {
        String text = authorization.strip();
        if (text.length() > MAX_CREDENTIALS || !text.regionMatches(true, 0, "Digest ", 0, 7)) {
            return Optional.empty();
        }
        Map<String, String> parameters = Digest.parameters(text.substring(7));
        String user = parameters.getOrDefault("username", "");
        return user.isEmpty() || !realm.equals(parameters.get("realm"))
                ? Optional.empty()
                : Optional.of(new Credentials(user, parameters));
    }

    /** Whether a password of this name may be tried from there now; it need not be looked up for who may not. */
    public synchronized boolean mayTry(String user, InetAddress from, long now) {
        return ofUser.mayTry(user + " " + source(from), now)
                && ofAddress.mayTry(source(from), now)
                && ofName.mayTry(user, source(from), now);
    }

    private synchronized void wrong(String user, boolean isUser, InetAddress from, long now) {
        ofUser.wrong(user + " " + source(from), now);
        ofAddress.wrong(source(from), now);
        ofName.wrong(user, isUser, source(from), now);
    }

    /** Whether a token may be shown from there now. */
    public synchronized boolean mayShowToken(InetAddress from, long now) {
        return ofToken.mayTry(source(from), now) && ofAddress.mayTry(source(from), now);
    }

    /** One that was shown from there opens nothing. */
    public synchronized void wrongToken(InetAddress from, long now) {
        ofToken.wrong(source(from), now);
        ofAddress.wrong(source(from), now);
    }

    // Of IPv6 the first 64 bits: no site gets less (RFC 6177 2), and who has them has all that is behind.
    private static String source(InetAddress from) {
        byte[] address = from.getAddress();
        return HexFormat.of().formatHex(address, 0, Math.min(address.length, SITE_BYTES));
    }

    /**
     * Judges them.
     *
     * @param method of the request that they came with
     * @param secret the user's; empty where there is no such user
     * @param socket where they came from, as {@link #challenges} had it
     * @param from where that is
     */
    public Verdict judge(
            Credentials shown,
            String method,
            Optional<DigestSecret> secret,
            String socket,
            InetAddress from,
            long now) {
        if (!mayTry(shown.user(), from, now)) {
            return Verdict.TOO_MANY;
        }
        Verdict verdict = judgeAgain(shown, method, secret, socket, from, now);
        if (verdict == Verdict.REFUSED) {
            wrong(shown.user(), secret.isPresent(), from, now);
        }
        return verdict;
    }

    /**
     * The same of one who was {@link Verdict#PROVED} on this socket, and never wrong since: what others of their source have guessed
     * does not hold them up, and a wrong one is no guess.
     */
    public Verdict judgeAgain(
            Credentials shown,
            String method,
            Optional<DigestSecret> secret,
            String socket,
            InetAddress from,
            long now) {
        if (!isRight(shown, method, secret)) {
            return Verdict.REFUSED;
        }
        Map<String, String> said = shown.parameters();
        String nonce = said.getOrDefault("nonce", "");
        Optional<Long> made = made(nonce, socket);
        if (made.isEmpty() || now - made.get() > NONCE_LIVES_NANOS) {
            return Verdict.STALE;
        }
        Verdict verdict = count(nonce, made.get(), Long.parseLong(said.getOrDefault("nc", ""), 16));
        if (verdict == Verdict.PROVED) {
            right(shown.user(), from, now);
        }
        return verdict;
    }

    private synchronized void right(String user, InetAddress from, long now) {
        ofName.right(user, source(from), now);
    }

    private boolean isRight(Credentials shown, String method, Optional<DigestSecret> secret) {
        Map<String, String> said = shown.parameters();
        Optional<Algorithm> algorithm =
                Algorithm.of(said.getOrDefault("algorithm", "MD5")).filter(OFFERED::contains);
        String nc = said.getOrDefault("nc", "");
        if (algorithm.isEmpty() || !"auth".equalsIgnoreCase(said.get("qop")) || !nc.matches("[0-9A-Fa-f]{8}")) {
            return false;
        }
        Challenge asIfOurs = new Challenge(
                realm, said.getOrDefault("nonce", ""), Optional.empty(), algorithm.get(), Qop.AUTH, false);
        Optional<String> ha1 = secret.flatMap(known -> known.ha1(algorithm.get(), shown.user(), realm));
        // A hash is made for whoever is asked for, as for a password: how long it takes tells nobody who is known.
        boolean isMade = secret.filter(DigestSecret.Password.class::isInstance).isPresent();
        String other = isMade ? "" : Digest.ha1(algorithm.get(), shown.user(), realm, nobodys.value());
        String expected = Digest.response(
                asIfOurs,
                ha1.orElse(other),
                nc,
                said.getOrDefault("cnonce", ""),
                method,
                said.getOrDefault("uri", ""),
                new byte[0]);
        boolean isEqual = MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.US_ASCII),
                said.getOrDefault("response", "").toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
        return isEqual && ha1.isPresent();
    }

    // RFC 7616 3.4: the count of a nonce rises with each request.
    private synchronized Verdict count(String nonce, long made, long nc) {
        Used before = used.get(nonce);
        if (before == null && made <= forgottenUntil) {
            return Verdict.STALE;
        }
        if (nc <= (before == null ? 0 : before.count())) {
            return Verdict.STALE;
        }
        used.put(nonce, new Used(made, nc));
        return Verdict.PROVED;
    }
}
