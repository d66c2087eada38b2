package io.ringdown.gateway.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PrefixFileTest {
    @TempDir
    private Path folder;

    @Test
    void ratesAreReadLineByLine() throws Exception {
        List<Rate> rates =
                PrefixFile.rates(file("prefix,price,fee,first,next\n\n# fixed\n+49, 0.01\n+4917,0.08,0.02,30,6\n"));
        assertThat(rates).hasSize(2);
        Rate mobile = rates.getLast();
        assertThat(mobile.price(Duration.ofSeconds(1))).isEqualTo(Money.parse("0.06"));
        assertThat(mobile.price(Duration.ofSeconds(31))).isEqualTo(Money.parse("0.068"));
        assertThat(mobile.price(Duration.ZERO)).isEqualTo(Money.NONE);
        assertThat(rates.getFirst().price(Duration.ofSeconds(61))).isEqualTo(Money.parse("0.02"));
    }

    @Test
    void theDearestMinuteTimesTheLongestCallIsStillMoreThanNothing() throws Exception {
        Rate dearest = PrefixFile.rates(file("+49,1000000000,1000000000,1,1\n")).getFirst();
        Money week = dearest.price(Duration.ofDays(7));
        assertThat(week).isGreaterThan(dearest.price(Duration.ofHours(1)));
        assertThat(dearest.price(Duration.ofDays(365_000))).isGreaterThanOrEqualTo(week);
    }

    @ParameterizedTest
    @CsvSource({
        "'+49', line 1",
        "'+49,0.01\n+44,a lot', line 2",
        "'any,1', line 1",
        "'+49,-1', line 1",
        "'+49,0.1,0,0', line 1",
        "'+49,0.1,0,a', line 1",
        "'+49,0.1,0,1,1,1', line 1"
    })
    void whatIsNoRateIsToldWithItsLine(String text, String where) throws Exception {
        Path file = file(text);
        assertThatThrownBy(() -> PrefixFile.rates(file))
                .isInstanceOf(GuardException.class)
                .hasMessageContaining(where);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> PrefixFile.rates(folder.resolve("nowhere.csv")))
                .hasMessageContaining("nowhere.csv");
    }

    private Path file(String text) throws Exception {
        return Files.writeString(folder.resolve("rates.csv"), text);
    }
}
