package io.ringdown.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.ReferTarget;
import io.ringdown.sip.Replacement;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is taken out of a Refer-To, and what is put into one. */
final class ReferToTest {

    private static ReferTo.Asked read(String... values) {
        return ReferTo.read(new ReferRequest(List.of(values), Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<sip:+12025550123@192.0.2.1>|+12025550123",
                "sip:+12025550123@192.0.2.1;user=phone|+12025550123",
                "\"A <b>, \\\"c\\\"\" <sips:%2B12025550123;phone-context=x@192.0.2.1:5061;method=INVITE>;p=1|+12025550123",
                "<tel:+1-202-555-0123;ext=4>|+1-202-555-0123",
                "<sip:bob:secret@192.0.2.1?Subject=a&Route=%3Csip:1%3E>|bob",
                "<SIP:9%2323@192.0.2.1>|9#23",
                "<sip:a%0d%0aX:1@192.0.2.1>|a%0d%0aX",
            })
    void theNumberIsTakenAndNothingElse(String value, String number) {
        assertThat(read(value)).isEqualTo(new ReferTo.Asked.Call(ReferTarget.of(number)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<http://192.0.2.1/>|416",
                "<mailto:a@192.0.2.1>|416",
                "<sip:192.0.2.1>|404",
                "<tel:>|404",
                "<sip:1@192.0.2.1;method=BYE>|603",
                "<sip:1@192.0.2.1;METHOD=invite>|603",
                "<sip:1@192.0.2.1>, <sip:2@192.0.2.1>|400",
                "sip:1@192.0.2.1,sip:2@192.0.2.1|400",
                "<sip:1@192.0.2.1|400",
                "\"a <sip:1@192.0.2.1>|400",
                "nothing|400",
                "''|400",
                "<sip:1@192.0.2.1?Replaces=a%3Bto-tag%3Db>|400",
                "<sip:1@192.0.2.1?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc&replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc>|400",
            })
    void whatCannotBeFollowedIsRefused(String value, int status) {
        assertThat(read(value)).isEqualTo(new ReferTo.Asked.Refused(status));
    }

    @Test
    void noneAndSeveralAreRefused() {
        assertThat(read()).isEqualTo(new ReferTo.Asked.Refused(400));
        assertThat(read("<sip:1@192.0.2.1>", "<sip:1@192.0.2.1>")).isEqualTo(new ReferTo.Asked.Refused(400));
    }

    @Test
    void whatIsWrittenForTheDialogOfAnotherCallIsReadAsThatDialog() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        String word = "aZ09-.!%*_+`'~";
        String callId = word + "()<>:\\\"/[]?{}";
        for (int i = 0; i < 10_000; i++) {
            Replacement dialog = new Replacement(
                    text(random, callId) + (random.nextBoolean() ? "@" + text(random, callId) : ""),
                    text(random, word),
                    text(random, word),
                    random.nextBoolean());
            String written = ReferTo.of("sip:peer@192.0.2.1:5070;transport=tcp?X-A=1", dialog);
            assertThat(read(written))
                    .as("seed %d: %s", seed, written)
                    .isEqualTo(new ReferTo.Asked.Call(
                            new ReferTarget("peer", Optional.of(dialog), Optional.empty(), Optional.empty())));
            assertThat(written.substring(written.indexOf("?Replaces=")))
                    .as("seed %d", seed)
                    .matches("\\?Replaces=[A-Za-z0-9%_.!~*'()-]+&Require=replaces>");
        }
    }

    private static String text(Random random, String of) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i <= random.nextInt(12); i++) {
            text.append(of.charAt(random.nextInt(of.length())));
        }
        return text.toString();
    }

    @Test
    void anythingIsReadOrRefusedAndWhatIsReadHasNoLineEnds() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        String parts = "<>\"\\;,?&=@:%sip:tel:Replaces=method=INVITE0dto-tag=from-tag=\r\n\t 1+";
        for (int i = 0; i < 50_000; i++) {
            StringBuilder value = new StringBuilder(random.nextBoolean() ? "<sip:" : "");
            for (int length = random.nextInt(40); length > 0; length--) {
                int at = random.nextInt(parts.length());
                value.append(parts, at, Math.min(parts.length(), at + 1 + random.nextInt(9)));
            }
            if (read(value.toString()) instanceof ReferTo.Asked.Call(ReferTarget target)) {
                assertThat(target.calledNumber().chars().noneMatch(Character::isISOControl))
                        .as("seed %d: %s", seed, value)
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a@b;to-tag=1;from-tag=2|a@b;to-tag=1;from-tag=2",
                "a@b ; from-tag=2 ;To-Tag = 1;x=y;EARLY-ONLY|a@b;to-tag=1;from-tag=2;early-only",
                "a;to-tag=1|",
                "a;to-tag=1;from-tag=|",
                "a;to-tag=1;from-tag=2;to-tag=3|",
                "a b;to-tag=1;from-tag=2|",
                "a;to-tag=1;from-tag=2, b;to-tag=1;from-tag=2|",
                ";to-tag=1;from-tag=2|",
            })
    void aReplacesIsReadOrIsNone(String value, String meant) {
        assertThat(Replacement.parse(value).map(Replacement::headerValue)).isEqualTo(Optional.ofNullable(meant));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SIP/2.0 100 Trying|100",
                "SIP/2.0 486|486",
                "'Via: x\nsip/2.0  603 Decline\nSIP/2.0 200 OK'|603",
                "SIP/2.0 2000 OK|-1",
                "SIP/2.0 099 No|-1",
                "INVITE sip:1@192.0.2.1 SIP/2.0|-1",
                "''|-1",
            })
    void theStatusOfASipfragIsThatOfItsFirstStatusLine(String body, int status) {
        assertThat(Sipfrag.status(body).orElse(-1)).isEqualTo(status);
    }

    @Test
    void whatStandsBehindTheLimitOfASipfragIsNotLookedAt() {
        assertThat(Sipfrag.status("\n".repeat(Sipfrag.MAX_BYTES) + "SIP/2.0 200 OK"))
                .isEmpty();
    }

    @Test
    void eachStatusIsToldAndReadAlike() {
        for (int status = 100; status < 700; status++) {
            assertThat(Sipfrag.status(Sipfrag.of(status))).hasValue(status);
        }
    }
}
