package io.ringdown.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.HangupReason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SipTextTest {

    @ParameterizedTest
    @ValueSource(strings = {"+12025550100", "0049301234", "*21*5#", "112", "AB12"})
    void numbersCanBeDialled(String number) {
        assertThat(SipText.isNumber(number)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "+", "++1", "1 2", "1;phone-context=x", "1@evil", "1\r\nX: y", "1%0d", "１２３", "1,2", "abcxyz"
            })
    void whatIsNoNumberCannot(String number) {
        assertThat(SipText.isNumber(number)).isFalse();
    }

    @Test
    void anyNameStaysWithinItsQuotes() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder name = new StringBuilder();
            for (int n = random.nextInt(90); n > 0; n--) {
                name.append((char) (random.nextInt(4) == 0 ? random.nextInt(0x10000) : random.nextInt(128)));
            }
            String quoted = SipText.quoted(name.toString());
            assertThat(quoted)
                    .as("seed %d, try %d", seed, i)
                    .matches("(?s)\"(?:[^\"\\\\]|\\\\.)*\"")
                    .doesNotContainPattern("[\\p{Cntrl}\\u2028\\u2029]")
                    .hasSizeLessThan(2 * 2 * 64 + 3);
        }
    }

    @Test
    void userPartComesBackAsItWasAndNeedsNoQuotes() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(20); n > 0; n--) {
                text.append((char) (0x20 + random.nextInt(0x5f)));
            }
            String escaped = SipText.user(text.toString());
            assertThat(escaped).as("seed %d", seed).matches("[A-Za-z0-9_.!~*'()&=+$,;?/%-]*");
            assertThat(SipText.unescaped(escaped)).as("seed %d", seed).isEqualTo(text.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%4", "%zz", "%0d%0a", "%00", "%ff"})
    void brokenOrDangerousEscapesStayEscaped(String text) {
        assertThat(SipText.unescaped(text)).isEqualTo(text);
    }

    @Test
    void hashIsEscaped() {
        assertThat(SipText.user("*21#")).isEqualTo("*21%23");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Q.850;cause=16;text=\"x\"|16",
                "q.850 ; cause = 17|17",
                "SIP;cause=200;text=\"a, Q.850;cause=3\",Q.850;cause=31|31",
                "SIP ;cause=480, Q.850;text=\"b;cause=9\";cause=21|21"
            })
    void causeIsFound(String reason, int cause) {
        assertThat(Reason.q850(List.of(reason))).hasValue(cause);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SIP;cause=200",
                "Q.850",
                "Q.850;cause=0",
                "Q.850;cause=128",
                "Q.850;cause=1234",
                "XQ.850;cause=1"
            })
    void noCauseIsNone(String reason) {
        assertThat(Reason.q850(List.of(reason))).isEmpty();
    }

    @Test
    void ourReasonIsReadBack() {
        assertThat(Reason.q850(
                        List.of(Reason.of(new HangupReason(41, "a \"b\"")).value())))
                .hasValue(41);
    }

    @Test
    void sessionDescriptionIsFoundInMultipart() {
        String body =
                "--x\r\nContent-Type: text/plain\r\n\r\nhello\r\n--x\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n\r\n--x--";
        assertThat(Bodies.sdp("multipart/mixed;boundary=x", body.getBytes(StandardCharsets.UTF_8)))
                .hasValueSatisfying(sdp -> assertThat(sdp).startsWith("v=0\r\n"));
        assertThat(Bodies.sdp("application/SDP; charset=utf-8", "v=0".getBytes(StandardCharsets.UTF_8)))
                .hasValue("v=0");
        assertThat(Bodies.sdp("text/plain", "v=0".getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
    }
}
