package io.ringdown.practice;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.dtmf.Digit;
import io.ringdown.sip.Geolocation;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PracticeNumberTest {

    @Test
    void numbersAreKnownInEverySpellingOfTheirDigits() {
        for (String called :
                List.of("+12025550101", "12025550101", "0012025550101", "+1 202-555-0101", "+1(202)5550101")) {
            assertThat(PracticeNumber.of(called)).contains(PracticeNumber.IVR);
        }
        for (String called :
                List.of("", "+12025550112", "+12025550099", "+112025550101", "+120255501011", "101", "911", "112")) {
            assertThat(PracticeNumber.of(called)).isEmpty();
        }
    }

    @Test
    void theNumbersAreThoseOfTheTable() {
        assertThat(PracticeNumber.values())
                .extracting(PracticeNumber::dialled)
                .containsExactly(
                        "+12025550100",
                        "+12025550101",
                        "+12025550102",
                        "+12025550103",
                        "+12025550104",
                        "+12025550105",
                        "+12025550106",
                        "+12025550107",
                        "+12025550108",
                        "+12025550109",
                        "+12025550110",
                        "+12025550111",
                        "933");
    }

    @Test
    void echoAnswersAtOnce() {
        assertThat(play(PracticeNumber.ECHO).after(100).log()).containsExactly("0.0s Answer", "0.0s Echo");
    }

    @Test
    void refusalsComeWithTheirStatusAndCause() {
        assertThat(play(PracticeNumber.BUSY).after(100).log()).containsExactly("0.5s Reject 486 17");
        assertThat(play(PracticeNumber.NO_ANSWER).after(100).log()).containsExactly("0.0s Ring", "30.0s Reject 480 19");
        assertThat(play(PracticeNumber.REJECTED).after(100).log()).containsExactly("0.0s Ring", "2.0s Reject 603 21");
        assertThat(play(PracticeNumber.UNKNOWN).after(100).log()).containsExactly("0.5s Reject 404 1");
        assertThat(new Play(PracticeNumber.unassigned()).after(100).log()).containsExactly("0.0s Reject 404 1");
    }

    @Test
    void earlyMediaComeBeforeTheAnswer() {
        assertThat(play(PracticeNumber.EARLY_MEDIA).after(100).log())
                .containsExactly(
                        "0.5s Progress", "0.5s Say [EARLY]", "2.8s Answer", "2.8s Say [ANSWERED]", "5.3s HangUp");
    }

    @Test
    void theShortCallIsAnsweredAfterFiveSecondsAndEndsTenLater() {
        assertThat(play(PracticeNumber.SHORT).after(100).log())
                .containsExactly("0.0s Ring", "5.0s Answer", "5.0s Say [TEN_SECONDS]", "15.0s HangUp");
    }

    @Test
    void digitsAreSentAfterTheAnnouncement() {
        assertThat(play(PracticeNumber.SENDS_DIGITS).after(100).log())
                .containsExactly(
                        "0.0s Ring",
                        "1.0s Answer",
                        "1.0s Say [SENDING_DIGITS]",
                        "3.3s Press 12",
                        "5.6s Say [DIGITS_SENT]",
                        "8.1s HangUp");
    }

    @Test
    void aCallerWhoHangsUpEndsTheScript() {
        for (PracticeNumber number : PracticeNumber.values()) {
            Play play = play(number).after(1.5);
            if (!play.isOver() && number != PracticeNumber.RING_ME) {
                int before = play.log().size();
                assertThat(play.hangUp().after(1_000).log()).as(number.name()).hasSize(before);
            }
        }
    }

    @Test
    void ringMeCallsBackTwoSecondsAfterTheEnd() {
        assertThat(play(PracticeNumber.RING_ME).after(100).log())
                .containsExactly("0.0s Ring", "1.0s Answer", "1.0s Say [RING_YOU]", "3.3s HangUp", "5.3s CallBack");
        assertThat(play(PracticeNumber.RING_ME).after(2).hangUp().after(100).log())
                .endsWith("4.0s CallBack");
        assertThat(play(PracticeNumber.RING_ME).after(0.5).hangUp().after(100).log())
                .containsExactly("0.0s Ring");
        assertThat(new Play(PracticeNumber.RING_ME.script(Optional.empty(), Optional.empty()))
                        .after(100)
                        .log())
                .containsExactly("0.0s Ring", "1.0s Answer", "1.0s Say [NO_NUMBER]", "3.3s HangUp");
    }

    @Test
    void theAddressCheckSaysWhatHasCome() {
        assertThat(addressCheck(Optional.of(new Geolocation.ByValue("<presence/>"))))
                .containsExactly("0.0s Ring", "1.0s Answer", "1.0s Say [LOCATION_DOCUMENT]", "3.5s HangUp");
        assertThat(addressCheck(Optional.of(new Geolocation.ByReference("https://lis.example/1"))))
                .contains("1.0s Say [LOCATION_LINK]");
        assertThat(addressCheck(Optional.empty())).contains("1.0s Say [NO_LOCATION]");
        assertThat(PracticeNumber.of("933")).contains(PracticeNumber.ADDRESS_CHECK);
    }

    private static List<String> addressCheck(Optional<Geolocation> place) {
        return new Play(PracticeNumber.ADDRESS_CHECK.script(Optional.empty(), place))
                .after(100)
                .log();
    }

    @Test
    void theIvrReadsBackWhatWasPressedUntilTheHashKey() {
        assertThat(play(PracticeNumber.IVR)
                        .after(2)
                        .press("1*A")
                        .after(1)
                        .press("#")
                        .after(3)
                        .press("#")
                        .log())
                .containsExactly(
                        "0.0s Ring",
                        "1.0s Answer",
                        "1.0s Say [WELCOME]",
                        "2.0s Hush",
                        "3.0s Say [YOU_PRESSED, DIGIT_1, DIGIT_STAR, DIGIT_A, AGAIN]",
                        "6.0s Say [NOTHING, AGAIN]");
    }

    @Test
    void theEarlyIvrReadsBackBeforeItAnswers() {
        assertThat(play(PracticeNumber.EARLY_IVR)
                        .after(4)
                        .press("07#")
                        .after(10)
                        .log())
                .containsExactly(
                        "1.0s Progress",
                        "1.0s Say [WELCOME]",
                        "4.0s Say [YOU_PRESSED, DIGIT_0, DIGIT_7]",
                        "6.0s Answer",
                        "6.0s Say [GOODBYE]",
                        "8.5s HangUp");
    }

    @Test
    void anIvrThatHearsNothingGivesUpAfterItsRounds() {
        List<String> log = play(PracticeNumber.IVR).after(1_000).log();
        assertThat(log).filteredOn(line -> line.contains("AGAIN")).hasSize(Ivr.MAX_ROUNDS);
        assertThat(log).last().asString().endsWith("HangUp");
    }

    @Test
    void anIvrTakesNoMoreDigitsThanItHolds() {
        List<String> log =
                play(PracticeNumber.IVR).after(2).press("5".repeat(40)).log();
        assertThat(log)
                .filteredOn(line -> line.contains("YOU_PRESSED"))
                .singleElement()
                .asString()
                .contains("DIGIT_5, ".repeat(Ivr.MAX_DIGITS));
    }

    @Test
    void noInputAtAnyTimeBreaksAScript() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        List<PracticeNumber> numbers = List.of(PracticeNumber.values());
        for (int run = 0; run < 2_000; run++) {
            PracticeNumber number = numbers.get(random.nextInt(numbers.size()));
            Script script = number.script(Optional.of("+4915112345678"), Optional.empty());
            long now = random.nextLong();
            script.on(new Input.Began(), now);
            for (int step = 0; step < 60; step++) {
                now += random.nextLong(3_000_000_000L);
                Input input = switch (random.nextInt(5)) {
                    case 0, 1 -> new Input.Woken();
                    case 2 -> new Input.Quiet();
                    case 3 ->
                        new Input.Pressed(Digit.ofEvent(random.nextInt(16)).orElseThrow());
                    default -> random.nextInt(10) == 0 ? new Input.Ended() : new Input.Woken();
                };
                assertThat(script.on(input, now))
                        .as("%s, seed %d", number, seed)
                        .isNotNull();
            }
        }
    }

    private static Play play(PracticeNumber number) {
        return new Play(number.script(Optional.of("+4915112345678"), Optional.empty()));
    }
}
