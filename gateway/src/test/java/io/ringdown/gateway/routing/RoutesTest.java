package io.ringdown.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

final class RoutesTest {

    @Test
    void longestPrefixComesFirstAndEqualOnesInOrder() {
        SequencedMap<String, List<Prefix>> prefixes = new LinkedHashMap<>();
        prefixes.put("world", List.of(Prefix.parse("any")));
        prefixes.put("germany", List.of(Prefix.parse("+49"), Prefix.parse("+4930")));
        prefixes.put("second", List.of(Prefix.parse("+49")));
        prefixes.put("in-only", List.of());
        Routes routes = new Routes(prefixes);
        assertThat(routes.trunksFor(new PhoneNumber("+4930123"))).containsExactly("germany", "second", "world");
        assertThat(routes.trunksFor(new PhoneNumber("+4989"))).containsExactly("germany", "second", "world");
        assertThat(routes.trunksFor(new PhoneNumber("0049"))).containsExactly("world");
    }

    @Test
    void numbersAreFreedOfWhatPeopleWriteBetweenDigits() {
        assertThat(PhoneNumber.of("+1 (202) 555-01.00/1").orElseThrow().digits())
                .isEqualTo("+120255501001");
        assertThat(PhoneNumber.of("*31#0049")).isPresent();
    }

    @Test
    void nothingButANumberIsANumber() {
        for (String wrong : List.of(
                "",
                "+",
                "++1",
                "1+",
                "12a",
                "1\r\nX: y",
                "1\n",
                "1;phone-context=x",
                "1@host",
                "1%0d",
                "\uff11\uff12",
                "\u0661",
                "1\u0000",
                "1\u2028",
                "1\u000b",
                "1".repeat(33),
                " ".repeat(65) + "1",
                "tel:+1")) {
            assertThat(PhoneNumber.of(wrong)).as(wrong).isEmpty();
            assertThatThrownBy(() -> new PhoneNumber(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void textOfANumberIsMasked() {
        assertThat(new PhoneNumber("+12025550100").toString())
                .doesNotContain("202555")
                .startsWith("+12");
    }

    @Test
    void prefixesAreChecked() {
        assertThatThrownBy(() -> Prefix.parse("")).hasMessageContaining("any");
        assertThatThrownBy(() -> Prefix.parse("+49x")).hasMessageContaining("+49");
    }
}
