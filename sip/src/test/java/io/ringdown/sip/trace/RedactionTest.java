package io.ringdown.sip.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RedactionTest {
    private static final String SECRET = "7391ce";

    private static String message(String header, String contentType, String body) {
        return "INVITE sip:+493012345@carrier.example SIP/2.0\r\nCall-ID: abc\r\n" + header + "Content-Type: "
                + contentType + "\r\n\r\n" + body;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization: Digest username=\"u\", realm=\"r\", nonce=\"n\", response=\"7391ce\", uri=\"sip:r\"\r\n",
                "Proxy-Authorization: Digest username=\"u\",response=7391ce,cnonce=\"7391ce\"\r\n",
                "authorization : digest RESPONSE = \"7391ce\"\r\n",
                "Authorization: Digest username=\"u\",\r\n response=\"7391ce\"\r\n",
                "Authorization: Bearer 7391ce\r\n",
                "Authorization: Basic 7391ce\r\n",
                "Contact: <sip:a@b;postd=pp7391ce>\r\n"
            })
    void credentialsAndPostDialDigitsAreLeftOutOfHeaders(String header) {
        assertThat(Redaction.of(message(header, "application/sdp", "v=0\r\n")))
                .doesNotContain(SECRET)
                .contains("left out", "Call-ID: abc", "v=0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:7391ce|2^31|1:1\r\n",
                "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAAA|2^31;inline:7391ce\r\n",
                "a=ice-pwd:7391ce\r\n",
                "k=clear:7391ce\r\n",
                "a=key-mgmt:mikey 7391ce\r\n"
            })
    void keysAreLeftOutOfSessionDescriptions(String line) {
        assertThat(Redaction.of(message("", "application/sdp", "v=0\r\n" + line + "a=sendrecv\r\n")))
                .doesNotContain(SECRET)
                .containsPattern("left[ /]o")
                .contains("a=sendrecv");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/dtmf-relay",
                "application/dtmf",
                "application/vnd.nortelnetworks.digits",
                "application/kpml-response+xml",
                "text/plain",
                "application/sdp-like"
            })
    void bodiesOfOtherTypesAreLeftOutWhole(String type) {
        assertThat(Redaction.of(message("", type, "Signal=7391ce\r\nv=7391ce\r\n7391ce")))
                .doesNotContain(SECRET)
                .contains("characters of the body left out");
    }

    @Test
    void partsOfOtherTypesAreLeftOutOfMultipart() {
        String body = """
                --b
                Content-Type: application/dtmf-relay

                Signal=7391ce
                --b
                Content-Type: application/sdp

                v=0
                --b--
                """.replace("\n", "\r\n");
        assertThat(Redaction.of(message("", "multipart/mixed;boundary=b", body)))
                .doesNotContain(SECRET)
                .contains("v=0", "--b--");
    }

    @Test
    void whatHasNoSecretsStaysAsItIs() {
        String plain = message("Subject: response=5\r\n", "application/sdp", "v=0\r\nm=audio 4000 RTP/AVP 0\r\n");
        assertThat(Redaction.of(plain)).isEqualTo(plain);
    }

    @Test
    void noMessageIsKeptLongerThanTheBoundAndNoneFailsWhateverIsInIt() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        List<String> pieces = List.of(
                "\r\n",
                "\n",
                "\r",
                ":",
                " ",
                "Authorization:",
                "Content-Type: application/sdp",
                "Content-Length: 5",
                "a=crypto:1 X inline:",
                "x");
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            int parts = random.nextInt(40);
            for (int p = 0; p < parts; p++) {
                text.append(pieces.get(random.nextInt(pieces.size())));
            }
            assertThat(Redaction.of(text.toString().repeat(1 + random.nextInt(100)))
                            .length())
                    .as("seed %d", seed)
                    .isLessThan(Redaction.MOST_KEPT + 200);
        }
    }

    @Test
    void bodyOfWhichSomethingIsLeftOutGetsItsOwnLengthAndAnyOtherKeepsWhatItSaid() {
        String head = "INFO sip:a SIP/2.0\r\nContent-Type: %s\r\n%s: 9999\r\nCall-ID: c\r\n\r\n";
        String note = "[10 characters of the body left out]\r\n";
        assertThat(Redaction.of(head.formatted("application/dtmf-relay", "Content-Length") + "Signal=5\r\n"))
                .contains("Content-Length: " + note.length() + "\r\nCall-ID: c\r\n\r\n" + note);
        String key = "v=0\r\na=ice-pwd:[left out]\r\n";
        assertThat(Redaction.of(head.formatted("application/sdp", "l") + "v=0\r\na=ice-pwd:ü\r\n"))
                .contains("l: " + key.length() + "\r\n")
                .endsWith(key);
        assertThat(Redaction.of(head.formatted("application/sdp", "Content-Length") + "v=0\r\ns=-\r\n"))
                .as("a length that is wrong on the wire is seen to be")
                .contains("Content-Length: 9999\r\n");
    }

    @Test
    void keyIsReplacedByOneOfItsLengthSoThatReadersOfCapturesTakeIt() {
        String line = "a=crypto:1 AEAD_AES_256_GCM inline:%s|2^31\r\n";
        String key = "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSojd0RmdmcmVCspeEc3QA==";
        assertThat(Redaction.of(message("", "application/sdp", "v=0\r\n" + line.formatted(key))))
                .contains(line.formatted("left/out".repeat(7) + "le=="));
    }
}
