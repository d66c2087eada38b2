package io.ringdown.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.Secret;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DigestTest {
    private static final String CNONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
    private static final byte[] NONE = {};
    private static final String CHALLENGE =
            "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=%s,"
                    + " nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\","
                    + " opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";

    @ParameterizedTest
    @CsvSource({
        "MD5, 8ca523f5e9506fed4657c9700eebdbec",
        "SHA-256, 753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
    })
    void responseIsThatOfRfc7616Section391(String algorithm, String expected) {
        Digest.Challenge challenge =
                Digest.Challenge.parse(CHALLENGE.formatted(algorithm)).orElseThrow();
        assertThat(Digest.response(
                        challenge, "Mufasa", "Circle of Life", "00000001", CNONCE, "GET", "/dir/index.html", NONE))
                .isEqualTo(expected);
    }

    // The numbers are those of Python's hashlib, by the formula of RFC 7616 3.4.3.
    @ParameterizedTest
    @CsvSource({
        "MD5, d1b8e2ac3f6782372de4bf3d8735b406",
        "SHA-256, 385d2de062660ced11876f42d9497c69cacf5caaf3d951dd424aee9f7157d563"
    })
    void whereNothingElseIsOfferedTheBodyCountsToo(String algorithm, String expected) {
        String onlyInt = CHALLENGE.replace("auth, auth-int", "auth-int");
        Digest.Challenge challenge =
                Digest.Challenge.parse(onlyInt.formatted(algorithm)).orElseThrow();
        assertThat(challenge.qop()).isEqualTo(Digest.Qop.AUTH_INT);
        byte[] body = "v=0\r\n".getBytes(StandardCharsets.UTF_8);
        assertThat(Digest.response(
                        challenge, "Mufasa", "Circle of Life", "00000001", CNONCE, "GET", "/dir/index.html", body))
                .isEqualTo(expected);
        assertThat(Digest.Challenge.parse(CHALLENGE.formatted(algorithm))
                        .orElseThrow()
                        .qop())
                .isEqualTo(Digest.Qop.AUTH);
    }

    @Test
    void responseWithoutQopIsThatOfRfc2617Section35WithoutIt() {
        Digest.Challenge challenge = Digest.Challenge.parse(
                        "Digest realm=\"testrealm@host.com\",nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"")
                .orElseThrow();
        assertThat(challenge.qop()).isEqualTo(Digest.Qop.NONE);
        assertThat(Digest.response(
                        challenge, "Mufasa", "Circle Of Life", "00000001", "x", "GET", "/dir/index.html", NONE))
                .isEqualTo("670fd8c2df070c60b045671b8b24ff02");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Basic realm=\"x\"",
                "Digest",
                "Digest realm=\"x\"",
                "Digest nonce=\"x\"",
                "Digest realm=\"x\",nonce=\"\"",
                "Digest realm=\"x\",nonce=\"n\",algorithm=SHA-1",
                "Digest realm=\"x\",nonce=\"n\",qop=\"auth-conf\"",
                "Digest realm=\"x,nonce=n"
            })
    void whatCannotBeAnsweredIsNoChallenge(String value) {
        assertThat(Digest.Challenge.parse(value)).isEmpty();
    }

    @Test
    void strongestAlgorithmIsAnsweredAndTheNonceCountRuns() {
        DigestAuthorizer authorizer =
                new DigestAuthorizer("u", new Secret("p"), Optional.of("http-auth@example.org"), new Random(1));
        SipHeader first = authorizer
                .answer(407, List.of(CHALLENGE.formatted("MD5"), CHALLENGE.formatted("SHA-256")), "INVITE", "sip:a")
                .orElseThrow();
        assertThat(first.name()).isEqualTo("Proxy-Authorization");
        assertThat(first.value()).contains("algorithm=SHA-256", "nc=00000001", "qop=auth,");
        assertThat(authorizer.ahead("BYE", "sip:a").orElseThrow().value()).contains("nc=00000002");
        assertThat(authorizer
                        .answer(407, List.of(CHALLENGE.formatted("SHA-256")), "INVITE", "sip:a")
                        .orElseThrow()
                        .value())
                .contains("nc=00000003");
    }

    @Test
    void otherRealmsGetNothing() {
        DigestAuthorizer authorizer = new DigestAuthorizer("u", new Secret("p"), Optional.of("ours"), new Random(1));
        for (int i = 0; i < 100; i++) {
            assertThat(authorizer.answer(401, List.of("Digest realm=\"r" + i + "\",nonce=\"n\""), "INVITE", "sip:a"))
                    .isEmpty();
        }
        assertThat(authorizer.ahead("INVITE", "sip:a")).isEmpty();
    }

    @Test
    void quotesInTheChallengeCannotLeaveTheirString() {
        DigestAuthorizer authorizer = new DigestAuthorizer("u", new Secret("p"), Optional.empty(), new Random(1));
        String value = authorizer
                .answer(401, List.of("Digest realm=\"a\\\"b\\\\c\",nonce=\"n\""), "INVITE", "sip:a")
                .orElseThrow()
                .value();
        assertThat(value).contains("realm=\"a\\\"b\\\\c\"");
    }
}
