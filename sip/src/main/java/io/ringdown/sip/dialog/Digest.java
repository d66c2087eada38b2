package io.ringdown.sip.dialog;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** HTTP digest as RFC 7616 defines it and RFC 8760 allows it in SIP: the challenge and the response to it. Pure. */
public final class Digest {
    private static final int MAX_CHALLENGE = 2048;
    private static final Pattern PARAMETER = Pattern.compile(
            "\\G\\s*,?\\s*([A-Za-z0-9_*-]{1,32})\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\\s\",]++))\\s*");

    private Digest() {}

    /** The algorithms, weakest first. */
    public enum Algorithm {
        MD5("MD5", "MD5"),
        MD5_SESS("MD5-sess", "MD5"),
        SHA_256("SHA-256", "SHA-256"),
        SHA_256_SESS("SHA-256-sess", "SHA-256"),
        SHA_512_256("SHA-512-256", "SHA-512/256"),
        SHA_512_256_SESS("SHA-512-256-sess", "SHA-512/256");

        private final String token;
        private final String hash;

        Algorithm(String token, String hash) {
            this.token = token;
            this.hash = hash;
        }

        /** As headers have it. */
        public String token() {
            return token;
        }

        boolean session() {
            return token.endsWith("-sess");
        }

        /** The one of this name; empty for what is none that we know. */
        public static Optional<Algorithm> of(String token) {
            for (Algorithm algorithm : values()) {
                if (algorithm.token.equalsIgnoreCase(token)) {
                    return Optional.of(algorithm);
                }
            }
            return Optional.empty();
        }

        private String hex(String text) {
            return hex(text.getBytes(StandardCharsets.UTF_8));
        }

        private String hex(byte[] bytes) {
            try {
                return HexFormat.of().formatHex(MessageDigest.getInstance(hash).digest(bytes));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(hash + " is missing from this JDK", e);
            }
        }
    }

    /** What the response covers, beside the credentials. */
    public enum Qop {
        /** Method and URI, in the form of RFC 2069. */
        NONE(""),
        /** Method and URI. */
        AUTH("auth"),
        /** The body too; taken only where nothing else is offered. */
        AUTH_INT("auth-int");

        private final String token;

        Qop(String token) {
            this.token = token;
        }

        String token() {
            return token;
        }
    }

    /** A challenge that we can answer. */
    public record Challenge(
            String realm, String nonce, Optional<String> opaque, Algorithm algorithm, Qop qop, boolean stale) {

        /** Reads a header's value; empty for other schemes, unknown algorithms and values of qop, or nonsense. */
        public static Optional<Challenge> parse(String value) {
            String text = value.strip();
            if (text.length() > MAX_CHALLENGE || !text.regionMatches(true, 0, "Digest", 0, 6)) {
                return Optional.empty();
            }
            Map<String, String> parameters = parameters(text.substring(6));
            String realm = parameters.get("realm");
            String nonce = parameters.get("nonce");
            Optional<Algorithm> algorithm = Algorithm.of(parameters.getOrDefault("algorithm", "MD5"));
            Optional<Qop> qop = qop(parameters.get("qop"));
            if (realm == null || nonce == null || nonce.isEmpty() || algorithm.isEmpty() || qop.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(new Challenge(
                    realm,
                    nonce,
                    Optional.ofNullable(parameters.get("opaque")),
                    algorithm.get(),
                    qop.get(),
                    "true".equalsIgnoreCase(parameters.get("stale"))));
        }

        private static Optional<Qop> qop(@Nullable String offered) {
            if (offered == null) {
                return Optional.of(Qop.NONE);
            }
            return hasToken(offered, "auth")
                    ? Optional.of(Qop.AUTH)
                    : hasToken(offered, "auth-int") ? Optional.of(Qop.AUTH_INT) : Optional.empty();
        }

        private static boolean hasToken(String list, String token) {
            for (String one : list.split(",", -1)) {
                if (one.strip().equalsIgnoreCase(token)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** The parameters behind the scheme of a challenge or of credentials, names in small letters; as far as they can be read. */
    public static Map<String, String> parameters(String text) {
        Map<String, String> found = new TreeMap<>();
        Matcher m = PARAMETER.matcher(text);
        while (m.find() && found.size() < 32) {
            String quoted = m.group(2);
            String raw = quoted != null ? quoted.replaceAll("\\\\(.)", "$1") : m.group(3);
            found.putIfAbsent(m.group(1).toLowerCase(Locale.ROOT), raw);
        }
        return found;
    }

    /** The response of RFC 7616 3.4.1, or RFC 2069's where the challenge has no qop; {@code body} counts for auth-int alone. */
    public static String response(
            Challenge challenge,
            String user,
            String password,
            String nc,
            String cnonce,
            String method,
            String uri,
            byte[] body) {
        String ha1 = ha1(challenge.algorithm(), user, challenge.realm(), password);
        return response(challenge, ha1, nc, cnonce, method, uri, body);
    }

    /** What stands for user and password in the response, and where they are not kept: HA1, but for what a session adds. */
    public static String ha1(Algorithm algorithm, String user, String realm, String password) {
        return algorithm.hex(user + ":" + realm + ":" + password);
    }

    /** The same, of what {@link #ha1} has made. */
    public static String response(
            Challenge challenge, String ofUser, String nc, String cnonce, String method, String uri, byte[] body) {
        Algorithm a = challenge.algorithm();
        String ha1 = a.session() ? a.hex(ofUser + ":" + challenge.nonce() + ":" + cnonce) : ofUser;
        Qop qop = challenge.qop();
        String ha2 = a.hex(method + ":" + uri + (qop == Qop.AUTH_INT ? ":" + a.hex(body) : ""));
        return qop == Qop.NONE
                ? a.hex(ha1 + ":" + challenge.nonce() + ":" + ha2)
                : a.hex(ha1 + ":" + challenge.nonce() + ":" + nc + ":" + cnonce + ":" + qop.token() + ":" + ha2);
    }
}
