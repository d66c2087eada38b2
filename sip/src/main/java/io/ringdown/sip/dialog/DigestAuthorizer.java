package io.ringdown.sip.dialog;

import io.ringdown.sip.Secret;
import io.ringdown.sip.dialog.Digest.Challenge;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A trunk's credentials. Answers the strongest challenge of the configured realm and goes on using its nonce, counting, until
 * the next challenge. Safe for all threads; the caller sees to it that only challenges of the trunk's own address come here.
 */
public final class DigestAuthorizer implements Authorizer {
    private final String user;
    private final Secret password;
    private final Optional<String> realm;
    private final RandomGenerator random;
    private Optional<Challenge> current = Optional.empty();
    private String headerName = "";
    private long count;

    public DigestAuthorizer(String user, Secret password, Optional<String> realm, RandomGenerator random) {
        this.user = user;
        this.password = password;
        this.realm = realm;
        this.random = random;
    }

    @Override
    public synchronized Optional<SipHeader> answer(
            int status, List<String> challenges, String method, String uri, byte[] body) {
        Optional<Challenge> best = challenges.stream()
                .limit(8)
                .flatMap(value -> Challenge.parse(value).stream())
                .filter(c -> realm.isEmpty() || realm.get().equals(c.realm()))
                .max((a, b) -> a.algorithm().compareTo(b.algorithm()));
        if (best.isEmpty()) {
            return Optional.empty();
        }
        String name = status == 407 ? "Proxy-Authorization" : "Authorization";
        boolean sameNonce =
                current.isPresent() && current.get().nonce().equals(best.get().nonce());
        if (!sameNonce) {
            count = 0;
        }
        current = best;
        headerName = name;
        return Optional.of(credentials(best.get(), method, uri, body));
    }

    @Override
    public synchronized Optional<SipHeader> ahead(String method, String uri, byte[] body) {
        return current.map(challenge -> credentials(challenge, method, uri, body));
    }

    @Override
    public boolean stale(List<String> challenges) {
        return challenges.stream()
                .flatMap(value -> Challenge.parse(value).stream())
                .anyMatch(Challenge::stale);
    }

    private SipHeader credentials(Challenge challenge, String method, String uri, byte[] body) {
        count++;
        String nc = HexFormat.of().toHexDigits(count, 8);
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        String cnonce = HexFormat.of().formatHex(bytes);
        String response = Digest.response(challenge, user, password.value(), nc, cnonce, method, uri, body);
        StringBuilder value = new StringBuilder("Digest username=")
                .append(quoted(user))
                .append(",realm=")
                .append(quoted(challenge.realm()))
                .append(",nonce=")
                .append(quoted(challenge.nonce()))
                .append(",uri=")
                .append(quoted(uri))
                .append(",response=\"")
                .append(response)
                .append("\",algorithm=")
                .append(challenge.algorithm().token());
        challenge.opaque().ifPresent(opaque -> value.append(",opaque=").append(quoted(opaque)));
        boolean counted = challenge.qop() != Digest.Qop.NONE;
        if (counted) {
            value.append(",qop=").append(challenge.qop().token()).append(",nc=").append(nc);
        }
        if (counted || challenge.algorithm().session()) {
            value.append(",cnonce=\"").append(cnonce).append('"');
        }
        return new SipHeader(headerName, value.toString());
    }

    // The quoted-string of what the challenger wrote must be what it wrote, so nothing is cleaned away here; control
    // characters never get this far (the guard refuses them).
    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
