package io.ringdown.bench.fidelity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.StringReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xml.sax.InputSource;

/** What must not get worse unnoticed. The bounds are what the whole bench measures, less a margin for its shorter speech here. */
final class FidelityTest {
    private static final Pattern NONE = new Pattern.Random(0);
    private static final Speech SPEECH = Speech.of(2);
    private static final BrowserMouth MOUTH = new BrowserMouth(SPEECH);

    @ParameterizedTest
    @EnumSource
    void withoutLossSpeechComesThroughWholeAtItsLevelAndWithTheDelayOfItsCodecs(Setup.Road road) {
        Score score = score(all(road), NONE);
        boolean isG711 = road == Setup.Road.G711_TO_TRUNK;
        assertThat(score.estoi()).isGreaterThan(isG711 ? 0.995 : 0.98);
        assertThat(score.gainDb()).isBetween(-0.25, 0.1);
        assertThat(score.delayMillis()).isBetween(19.9, isG711 ? 20.1 : 27.0);
        assertThat(score.delaySpreadMillis()).isLessThan(0.2);
        assertThat(score.latePercent()).isZero();
        if (isG711) {
            assertThat(score.snrDb()).isGreaterThan(35);
        }
    }

    @ParameterizedTest
    @EnumSource
    void atFivePercentLossRepairsAreHeardAndTheDelayStays(Setup.Road road) {
        Pattern loss = new Pattern.Random(5);
        Score with = score(all(road), loss);
        Score without = score(nothing(road), loss);
        assertThat(with.estoi()).isGreaterThan(without.estoi() + 0.005).isGreaterThan(0.95);
        assertThat(with.delaySpreadMillis()).isLessThan(0.5);
        assertThat(with.latePercent()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"WEB_TO_TRUNK", "TRUNK_TO_LOSSY_WEB"})
    void redIsHeardBothWays(Setup.Road road) {
        Pattern loss = new Pattern.Random(5);
        Setup without = all(road);
        Setup with = new Setup("RED", road, without.browser().withoutFec().withRed(), without.gateway());
        assertThat(score(with, loss).estoi())
                .isGreaterThan(score(without, loss).estoi() + 0.003)
                .isGreaterThan(0.975);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jitter-40", "reorder-5"})
    void whatIsOnlyLateIsNoLoss(String name) {
        Score score = score(all(Setup.Road.WEB_TO_TRUNK), Pattern.parse(name).getFirst());
        assertThat(score.estoi()).isGreaterThan(0.98);
    }

    @Test
    void theSameSeedHasTheSameScores() {
        Pattern loss = new Pattern.Burst(10);
        assertThat(score(all(Setup.Road.TRUNK_TO_LOSSY_WEB), loss).estoi())
                .isEqualTo(score(all(Setup.Road.TRUNK_TO_LOSSY_WEB), loss).estoi());
    }

    @Test
    void thePlotAndTheTableNameEverySetup() throws Exception {
        Map<Study, List<Study.Row>> tables = new LinkedHashMap<>();
        for (Study study : Study.repairs(Pattern.parse("none"))) {
            tables.put(study, study.measure(SPEECH, MOUTH, 1, 1));
        }
        String svg = FidelityPlot.svg(tables);
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
        tables.forEach((study, rows) -> {
            String text = FidelityTable.text(study, rows);
            for (Setup setup : study.setups()) {
                assertThat(svg).contains(">" + setup.name() + "<");
                assertThat(text).contains("\n" + setup.name());
            }
        });
    }

    @Test
    void optionsAreReadAndWrongOnesNamed() {
        FidelityOptions options = FidelityOptions.parse(
                List.of("--part", "answer", "--patterns", "none,burst-5", "--takes", "3", "--seed", "9"));
        assertThat(options.part()).isEqualTo(FidelityOptions.Part.ANSWER);
        assertThat(options.patterns()).containsExactly(NONE, new Pattern.Burst(5));
        assertThat(options.takes()).isEqualTo(3);
        assertThat(options.seed()).isEqualTo(9);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FidelityOptions.parse(List.of("--part", "sound")))
                .withMessage("--part: sound is none of repairs, answer, encoder, all");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FidelityOptions.parse(List.of("--takes", "0")))
                .withMessage("--takes: 0 is no number from 1 to 100");
        assertThatIllegalArgumentException().isThrownBy(() -> FidelityOptions.parse(List.of("--json")));
        assertThatIllegalArgumentException().isThrownBy(() -> FidelityOptions.parse(List.of("--calls", "4")));
    }

    private static Score score(Setup setup, Pattern pattern) {
        return Score.of(SPEECH, BridgedCall.run(setup, MOUTH, pattern, 1));
    }

    private static Setup all(Setup.Road road) {
        return new Setup("all", road, Setup.Browser.usual(), Setup.Gateway.usual());
    }

    private static Setup nothing(Setup.Road road) {
        return new Setup(
                "nothing",
                road,
                Setup.Browser.usual().withoutFec(),
                Setup.Gateway.usual().withMissing(Setup.Missing.SILENCE).withoutFec());
    }
}
