package io.ringdown.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.Diverted;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 7044, with the causes of RFC 4458; RFC 4244; RFC 5806. */
final class DiversionsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // last | first | why | History-Info
                "+1|+1|unconditional|<sip:+1@a>;index=1, <sip:+2@a;cause=302>;index=1.1;mp=1",
                "+2|+1|user-busy|<sip:+1@a>;index=1,<sip:+2@a;cause=302>;index=1.1;mp=1,<sip:+3@a;cause=486>;index=1.2;mp=1.1",
                "+1|+1|no-answer|\"B, <x>\" <sip:+1;phone-context=b@a;user=phone>;index=1,<sip:+2@a;cause=408>;index=1.1",
                "+1|+1|unknown|<tel:+1;ext=5>;index=1,<sip:+2@a>;index=1.1;mp=1",
                "+1|+1|unknown|<sip:+1@a>;index=1,<sip:+2@a>;index=1.1;mp=9",
                // the one before the last answers for nothing: mp says who sent it on
                "+1|+1|deflection|<sip:+1@a>;index=1,<sip:+1@b>;index=1.1;rc=1,<sip:+2@a;cause=480>;index=1.2;mp=1",
                // as RFC 4244 had it
                "+1|+1|unconditional|<sip:+1@a?Reason=SIP%3Bcause%3D302>;index=1, <sip:+2@a>;index=1.1",
                "+1|+1|user-busy|<sip:+1@a?Reason=SIP%3B%20text%3D%22Busy%22%3Bcause%3D486&X=1>;index=1, <sip:+2@a>;index=1.1",
                // who may not be known is not told, the others are
                "-|+1|user-busy|<sip:+1@a>;index=1,<sip:+2@a;cause=302?Privacy=history>;index=1.1;mp=1,<sip:+3@a;cause=486>;index=1.2;mp=1.1",
                "+2|-|unavailable|<sip:anonymous@anonymous.invalid>;index=1,<sip:+2@a;cause=302>;index=1.1;mp=1,"
                        + "<sip:+3@a;cause=503>;index=1.2;mp=1.1",
            })
    void historyTellsWhoSentItOnAndWhoWasCalledAtFirst(String last, String first, String why, String history) {
        assertThat(Diversions.of(List.of(history), List.of(), List.of())).hasValue(diverted(last, first, why));
        assertThat(Diversions.of(List.of(history.split(",(?=<)")), List.of(), List.of()))
                .as("each in a header of its own")
                .hasValue(diverted(last, first, why));
        for (String hiding : List.of("history", "id;history", "header", "session")) {
            assertThat(Diversions.of(List.of(history), List.of("<sip:+9@a>"), List.of(hiding)))
                    .as(hiding)
                    .isEmpty();
        }
        assertThat(Diversions.of(List.of(history), List.of(), List.of("id", "none")))
                .as("who calls is another matter")
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<sip:+1@a>;index=1",
                "<sip:+1@a>;index=1, <sip:+1@b>;index=1.1;rc=1, <sip:+1@c>;index=1.1.1;np=1.1",
                "<sip:+1@a>;index=1, <sip:+1@b>;index=1.1",
                "<sip:+1@a>;index=1, <sip:+1@b;cause=200>;index=1.1",
                "<sip:+1@a?Reason=Q.850%3Bcause%3D302>;index=1, <sip:+1@b>;index=1.1",
            })
    void historyWithoutADiversionTellsNothing(String history) {
        assertThat(Diversions.of(List.of(history), List.of(), List.of())).isEmpty();
        assertThat(Diversions.of(List.of(history), List.of("<sip:+9@a>;reason=away"), List.of()))
                .as("Diversion is still asked")
                .hasValue(diverted("+9", "+9", "away"));
    }

    @Test
    void whatHistoryHidesIsNotTakenFromDiversion() {
        String hidden = "<sip:anonymous@anonymous.invalid>;index=1, <sip:+2@a;cause=302>;index=1.1;mp=1";
        assertThat(Diversions.of(List.of(hidden), List.of("<sip:+9@a>;reason=away"), List.of()))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "+1|+1|unconditional|<sip:+1@a>;reason=unconditional",
                "+2|+1|no-answer|<sip:+2@a>;reason=no-answer;counter=1, \"A, B\" <sip:+1@a>;reason=\"user-busy\"",
                "+1|+1|unknown|sip:+1@a;reason=whatever",
                "-|+1|user-busy|<sip:+2@a>;privacy=full;reason=user-busy, <sip:+1@a>",
                "-|+1|unknown|<sip:+2@a>;privacy=\"uri\", <sip:+1@a>;privacy=name",
            })
    void diversionTellsTheLatestFirst(String last, String first, String why, String diversion) {
        assertThat(Diversions.of(List.of(), List.of(diversion), List.of())).hasValue(diverted(last, first, why));
    }

    @Test
    void nothingThatAnybodyWritesBreaksTheReadingOrFillsIt() {
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        String[] pieces = {
            "<",
            ">",
            "\"",
            "\\",
            ",",
            ";",
            "=",
            "?",
            "&",
            "@",
            ":",
            "sip:",
            "tel:",
            "+1",
            "a",
            "cause=302",
            "mp=1",
            "index=1",
            "Reason=SIP%3Bcause%3D486",
            "%",
            "%0d%0a",
            "\u0000",
            "Privacy=history",
            " ",
            "\ud800",
            "privacy=full"
        };
        for (int run = 0; run < 20_000; run++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(random.nextInt(50) == 0 ? 2000 : 30); i >= 0; i--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            List<String> one = List.of(text.toString());
            Diversions.of(one, one, List.of("none"))
                    .ifPresent(diverted -> List.of(diverted.last(), diverted.first())
                            .forEach(number -> number.ifPresent(told -> assertThat(told)
                                    .as("-Dseed=%d: %s", seed, text)
                                    .hasSizeBetween(1, 64)
                                    .matches("\\P{Cntrl}+"))));
        }
    }

    private static Diverted diverted(String last, String first, String why) {
        return new Diverted(number(last), number(first), Diverted.Why.of(why));
    }

    private static Optional<String> number(String written) {
        return written.equals("-") ? Optional.empty() : Optional.of(written);
    }
}
