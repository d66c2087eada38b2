package io.ringdown.dtmf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InfoBodyTest {
    private static final String RELAY = InfoBody.DTMF_RELAY;

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "Cisco IOS, application/dtmf-relay, 'Signal= 5|Duration= 160|', 5, 160",
        "Asterisk chan_sip and pjsip, application/dtmf-relay, 'Signal=*|Duration=250|', *, 250",
        "FreeSWITCH, application/dtmf-relay, 'Signal=#|Duration=2000|', #, 2000",
        "pjsua without the last line end, application/dtmf-relay, 'Signal=D|Duration=160', D, 160",
        "Oracle and AudioCodes, application/dtmf-relay, 'Signal=9||Duration=100||', 9, 100",
        "Mitel with a leading space, application/dtmf-relay, ' Signal=#| Duration=100', #, 100",
        "event numbers of SEMS, application/dtmf-relay, 'Signal=10|Duration=80', *, 80",
        "a number and no length, application/dtmf-relay, 'signal = 11', #, 250",
        "A to D by number, APPLICATION/DTMF-RELAY; charset=utf-8, 'SIGNAL=15|DURATION=1', D, 1",
        "the other order, application/dtmf-relay, 'Duration=90|Signal=a', A, 90",
        "the key alone, application/dtmf, '7', 7, 250",
        "the key alone with line end, application/dtmf, '*|', *, 250",
        "the key by number, application/dtmf, '12', A, 250",
        "the long form under the short type, application/dtmf, 'Signal=3|Duration=120', 3, 120",
        "a length of nothing, application/dtmf-relay, 'Signal=3|Duration=0', 3, 250",
        "an endless length, application/dtmf-relay, 'Signal=3|Duration=99999999999999999999', 3, 60000",
    })
    void whatIsSentIsRead(String vendor, String type, String body, char key, int millis) {
        for (String lineEnd : List.of("\r\n", "\n", "\r")) {
            assertThat(InfoBody.parse(type, body.replace("|", lineEnd)))
                    .as(vendor)
                    .isEqualTo(new InfoBody.Press(Digit.of(key).orElseThrow(), millis));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Signal=16\r\nDuration=200", "Signal=hf", "signal=FLASH\r\n", "Signal=!", "16", "!"})
    void aFlashIsAFlash(String body) {
        assertThat(InfoBody.parse(RELAY, body)).isEqualTo(new InfoBody.Flash());
    }

    @ParameterizedTest
    @CsvSource({
        "application/sdp, 5, OTHER_TYPE",
        "application/dtmf-relay, '', NO_SIGNAL",
        "application/dtmf-relay, 'Signal=|Duration=100', NO_SIGNAL",
        "application/dtmf-relay, 'Duration=100', NO_SIGNAL",
        "application/dtmf-relay, 'Signals=5', NO_SIGNAL",
        "application/dtmf-relay, 'Signal=1234|Duration=100', NOT_ONE_KEY",
        "application/dtmf, '05', NOT_ONE_KEY",
        "application/dtmf, '17', NOT_ONE_KEY",
        "application/dtmf, 'é', NOT_ONE_KEY",
    })
    void whatIsNoSingleKeySaysWhy(String type, String body, InfoBody.Reason reason) {
        assertThat(InfoBody.parse(type, body.replace("|", "\n"))).isEqualTo(new InfoBody.Unreadable(reason));
    }

    @Test
    void aBodyThatIsTooLongIsNotLookedAt() {
        String body = "Signal=5\r\n".repeat(13);
        assertThat(InfoBody.parse(RELAY, body)).isEqualTo(new InfoBody.Unreadable(InfoBody.Reason.TOO_LONG));
    }

    @Test
    void whatWeWriteIsReadAsTheSame() {
        for (int event = 0; event < 16; event++) {
            Digit digit = Digit.ofEvent(event).orElseThrow();
            assertThat(InfoBody.parse(RELAY, InfoBody.relay(digit, 120))).isEqualTo(new InfoBody.Press(digit, 120));
            assertThat(InfoBody.parse(InfoBody.DTMF, InfoBody.dtmf(digit)))
                    .isEqualTo(new InfoBody.Press(digit, InfoBody.UNSAID_MILLIS));
        }
        assertThat(InfoBody.relay(Digit.ofEvent(5).orElseThrow(), -1)).isEqualTo("Signal=5\r\nDuration=1\r\n");
    }

    /** The forms above with any spaces, case, line ends, and lines of others between. */
    @Test
    void everyVariantOfTheLongFormIsRead() {
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            int event = random.nextInt(16);
            Digit digit = Digit.ofEvent(event).orElseThrow();
            int millis = 1 + random.nextInt(6_000);
            String key = event > 9 && random.nextBoolean() ? String.valueOf(event) : String.valueOf(digit.character());
            String lineEnd = List.of("\r\n", "\n", "\r").get(random.nextInt(3));
            UnaryOperator<String> anyCase = word -> switch (random.nextInt(3)) {
                case 0 -> word.toUpperCase(Locale.ROOT);
                case 1 -> word.toLowerCase(Locale.ROOT);
                default -> word;
            };
            StringBuilder body = new StringBuilder();
            body.append(spaces(random))
                    .append(anyCase.apply("Signal"))
                    .append(spaces(random))
                    .append('=');
            body.append(spaces(random))
                    .append(anyCase.apply(key))
                    .append(spaces(random))
                    .append(lineEnd);
            if (random.nextInt(4) == 0) {
                body.append("Volume=10").append(lineEnd);
            }
            boolean isSaid = random.nextInt(5) > 0;
            if (isSaid) {
                body.append(spaces(random))
                        .append(anyCase.apply("Duration"))
                        .append(spaces(random))
                        .append('=');
                body.append(spaces(random)).append(millis).append(random.nextBoolean() ? lineEnd : "");
            }
            String type = random.nextBoolean() ? RELAY : InfoBody.DTMF;
            assertThat(InfoBody.parse(anyCase.apply(type), body.toString()))
                    .as("seed %d", seed)
                    .isEqualTo(new InfoBody.Press(digit, isSaid ? millis : InfoBody.UNSAID_MILLIS));
        }
    }

    @Test
    void junkIsAnsweredAndNothingSaysADigit() {
        String letters = "Signal=Duration0123456789*#ABCD!\r\n\t \0é=;";
        for (int seed = 0; seed < 100_000; seed++) {
            Random random = new Random(seed);
            StringBuilder body = new StringBuilder(random.nextBoolean() ? "Signal=" : "");
            for (int i = random.nextInt(20); i > 0; i--) {
                body.append(letters.charAt(random.nextInt(letters.length())));
            }
            InfoBody said = InfoBody.parse(RELAY, body.toString());
            switch (said) {
                case InfoBody.Press press -> {
                    assertThat(press.lengthMillis()).isBetween(1, InfoBody.MOST_MILLIS);
                    assertThat(press.toString())
                            .isEqualTo("Press[digit=Digit[masked], lengthMillis=" + press.lengthMillis() + "]");
                }
                case InfoBody.Flash flash -> assertThat(flash.toString()).isEqualTo("Flash[]");
                case InfoBody.Unreadable unreadable ->
                    assertThat(unreadable.toString()).isEqualTo("Unreadable[reason=" + unreadable.reason() + "]");
            }
        }
    }

    private static String spaces(Random random) {
        return List.of("", " ", "\t", "  ").get(random.nextInt(4));
    }
}
