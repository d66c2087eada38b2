package io.ringdown.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdown.evidence.Outcome.Verdict;
import io.ringdown.evidence.RowTable.State;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a row is shown, and what is printed of it. */
final class RowTableTest {
    private static Outcome held(String run, Verdict verdict, String peers) {
        return new Outcome(Row.HOLD, "HeldTest#isHeld", run, verdict, peers);
    }

    private static State state(Outcome... outcomes) {
        return new RowTable(List.of(outcomes)).state(Row.HOLD);
    }

    @Test
    void rowIsGreenWhenItsTestsAreAndSomebodyElseWasThere() {
        assertThat(state(held("a", Verdict.GREEN, "SIPp uas-held"), held("b", Verdict.GREEN, "")))
                .isEqualTo(State.GREEN);
    }

    @Test
    void rowThatHasMetNoTrunkButOursIsNotShown() {
        assertThat(state(held("a", Verdict.GREEN, "Chromium"))).isEqualTo(State.ALONE);
    }

    @Test
    void oneRedRunMakesTheRowRed() {
        assertThat(state(held("a", Verdict.GREEN, "SIPp uas-held"), held("b", Verdict.RED, "")))
                .isEqualTo(State.RED);
    }

    @Test
    void rowWithoutATestThatRanIsNotRun() {
        assertThat(state()).isEqualTo(State.NOT_RUN);
        assertThat(state(held("a", Verdict.NOT_RUN, ""))).isEqualTo(State.NOT_RUN);
        assertThat(state(held("a", Verdict.GREEN, "baresip"), held("b", Verdict.NOT_RUN, "")))
                .as("a green one does not speak for another")
                .isEqualTo(State.NOT_RUN);
    }

    @Test
    void testWhoseRunsCouldNotBeMadeIsForgivenWhenTheyAre() {
        assertThat(state(
                        new Outcome(Row.HOLD, "HeldTest#a", "", Verdict.RED, ""),
                        new Outcome(Row.HOLD, "HeldTest#a", "[1] 5", Verdict.GREEN, "baresip")))
                .isEqualTo(State.GREEN);
    }

    @Test
    void ofARunThatWasTriedAgainTheLastCounts() {
        assertThat(state(held("a", Verdict.RED, ""), held("a", Verdict.GREEN, "baresip")))
                .isEqualTo(State.GREEN);
        assertThat(state(held("a", Verdict.GREEN, "baresip"), held("a", Verdict.RED, "")))
                .isEqualTo(State.RED);
    }

    @Test
    void classThatFailedAsAWholeIsForgivenWhenItsTestsRunAgain() {
        Outcome broken = new Outcome(Row.HOLD, "HeldTest", "", Verdict.RED, "");
        assertThat(state(broken)).isEqualTo(State.RED);
        assertThat(state(broken, held("a", Verdict.GREEN, "baresip"))).isEqualTo(State.GREEN);
        assertThat(state(held("a", Verdict.GREEN, "baresip"), broken)).isEqualTo(State.RED);
    }

    @Test
    void tableIsGreenWhenEveryRowIs() {
        List<Outcome> all = new ArrayList<>();
        for (Row row : Row.values()) {
            all.add(new Outcome(row, "T#t", "", Verdict.GREEN, "SIPp uas"));
        }
        assertThat(new RowTable(all).isGreen()).isTrue();
        for (Outcome missing : all) {
            List<Outcome> others = new ArrayList<>(all);
            others.remove(missing);
            assertThat(new RowTable(others).isGreen())
                    .as("without %s", missing.row())
                    .isFalse();
        }
    }

    @Test
    void eachRowHasALineAndEachTestThatIsNotGreenOneBelow() {
        RowTable table = new RowTable(List.of(
                held("[1]", Verdict.GREEN, "Chromium,SIPp uas-held"),
                held("[2]", Verdict.RED, "SIPp uas-held"),
                new Outcome(Row.HOLD, "OtherTest#holds", "", Verdict.GREEN, "SIPp uas-holds-too,baresip")));
        assertThat(table.text().lines())
                .hasSize(Row.values().length + 2)
                .containsSequence(
                        "hold                   RED      2/3         Chromium, SIPp (2 scenarios), baresip",
                        "  red: HeldTest#isHeld [2]")
                .contains("transfer               NOT RUN  0/0");
        assertThat(table.details().lines())
                .containsSequence(
                        "hold: RED",
                        "  HeldTest#isHeld (1 of 2 green)",
                        "    Chromium",
                        "    SIPp uas-held",
                        "  OtherTest#holds (1 of 1 green)");
    }

    @Test
    void lineIsReadAsItWasWritten() {
        Outcome outcome = held("[1] a=\"x\"", Verdict.GREEN, "SIPp a,SIPp b");
        assertThat(Outcome.of(outcome.line())).isEqualTo(outcome);
        assertThat(Outcome.of(held("a\tb\nc", Verdict.RED, "").line()).run()).isEqualTo("a b c");
        assertThatThrownBy(() -> Outcome.of("HOLD\tx")).isInstanceOf(IllegalArgumentException.class);
    }
}
