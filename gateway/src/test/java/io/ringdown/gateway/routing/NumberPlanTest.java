package io.ringdown.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.Phonenumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NumberPlanTest {
    private static final PhoneNumberUtil PLANS = PhoneNumberUtil.getInstance();

    @ParameterizedTest
    @CsvSource({
        "DE, +49 30 123456, +4930123456",
        "DE, 030 / 12 34 56, +4930123456",
        "DE, +49 (0)30 123456, +4930123456",
        "DE, 0049 30 123456, +4930123456",
        "DE, 3012345678, +493012345678",
        "DE, 0044 20 7946 0000, +442079460000",
        "US, (202) 555-0100, +12025550100",
        "US, 1-202-555-0100, +12025550100",
        "US, 011 49 30 1234567, +49301234567",
        "US, 0049 30 1234567, +49301234567",
        "IT, 06 1234 5678, +390612345678",
        "DE, 0151 123456789, +49151123456789",
    })
    void whatPeopleDialBecomesANumberOfTheWorld(String home, String dialled, String e164) {
        assertThat(read(home, dialled, false)).isEqualTo(new NumberPlan.Reading.Global(new PhoneNumber(e164)));
    }

    @ParameterizedTest
    @CsvSource({
        "DE, 112",
        "DE, 110",
        "DE, 116117",
        "DE, *21#",
        "DE, *31#030123456",
        "DE, 1000",
        "DE, 12",
        "US, 911",
        "US, 5550100"
    })
    void serviceCodesShortNumbersAndExtensionsStayAsTheyAre(String home, String dialled) {
        assertThat(read(home, dialled, false)).isEqualTo(new NumberPlan.Reading.Local(new PhoneNumber(dialled)));
    }

    @ParameterizedTest
    @CsvSource({"DE, +491", "DE, +4930", "DE, +999123456", "DE, 00999123456", "DE, +1234567890123456789", "US, +442"})
    void numbersOfAnImpossibleLengthOrOfNoCountryAreNone(String home, String dialled) {
        assertThat(read(home, dialled, false)).isEqualTo(new NumberPlan.Reading.None());
    }

    @Test
    void strictlyANumberThatNoPlanHasIsNoneAndOneThatItHasIsTaken() {
        assertThat(read("DE", "0151 123456789", true)).isEqualTo(new NumberPlan.Reading.None());
        assertThat(read("DE", "1000", true)).isEqualTo(new NumberPlan.Reading.None());
        assertThat(read("DE", "030 123456", true)).isInstanceOf(NumberPlan.Reading.Global.class);
        assertThat(read("DE", "116117", true)).isInstanceOf(NumberPlan.Reading.Local.class);
    }

    @Test
    void withoutAHomeNumbersGoAsTheyWereDialled() {
        NumberPlan nowhere = new NumberPlan(Optional.empty());
        for (String dialled : List.of("0049301234", "+1", "+49030123456", "112", "1000")) {
            PhoneNumber number = new PhoneNumber(dialled);
            assertThat(nowhere.read(number, false)).isEqualTo(new NumberPlan.Reading.Local(number));
        }
    }

    @Test
    void everyFormatThatATrunkMayWantIsReadBackAsTheNumberItWas() {
        List<String> lost = new ArrayList<>();
        int tried = 0;
        for (String region : PLANS.getSupportedRegions()) {
            NumberPlan plan = plan(region);
            for (PhoneNumberUtil.PhoneNumberType type :
                    List.of(PhoneNumberUtil.PhoneNumberType.FIXED_LINE, PhoneNumberUtil.PhoneNumberType.MOBILE)) {
                Phonenumber.PhoneNumber example = PLANS.getExampleNumberForType(region, type);
                if (example == null) {
                    continue;
                }
                PhoneNumber number = new PhoneNumber(PLANS.format(example, PhoneNumberUtil.PhoneNumberFormat.E164));
                for (OutFormat out : OutFormat.values()) {
                    tried++;
                    InFormat in = out == OutFormat.DIGITS ? InFormat.DIGITS : InFormat.AUTO;
                    String written = out.write(number, plan);
                    PhoneNumber back = in.read(new PhoneNumber(written), plan);
                    if (!back.equals(number)) {
                        lost.add(region + " " + out + " " + number.digits() + " as " + written + " read "
                                + back.digits());
                    }
                }
            }
        }
        assertThat(tried).isGreaterThan(1500);
        assertThat(lost).isEmpty();
    }

    @Test
    void readingANumberTwiceChangesNothingMore() {
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        List<String> regions = List.of("DE", "US", "IT", "GB", "BR", "AU", "JP", "FR");
        for (int i = 0; i < 5_000; i++) {
            NumberPlan plan = plan(regions.get(random.nextInt(regions.size())));
            PhoneNumber written = anyNumber(random);
            PhoneNumber once = plan.canonical(written);
            assertThat(plan.canonical(once))
                    .as("-Dseed=%d: %s of %s", seed, written.digits(), plan.home())
                    .isEqualTo(once);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "+4930123456, FIXED", "+4915112345678, MOBILE", "+498001234567, TOLL_FREE", "+499001234567, PREMIUM",
        "+12025550100, FIXED_OR_MOBILE", "+80012345678, TOLL_FREE", "112, UNKNOWN", "*21#, UNKNOWN"
    })
    void typesAreThoseOfThePlan(String number, NumberType type) {
        assertThat(plan("DE").type(new PhoneNumber(number))).isEqualTo(type);
    }

    @Test
    void countriesAreKnownByTheirLetters() {
        assertThat(plan("DE").country(new PhoneNumber("+442079460000"))).hasValue(new Country("GB"));
        assertThat(plan("DE").country(new PhoneNumber("+80012345678"))).isEmpty();
        assertThatThrownBy(() -> Country.parse("XX")).hasMessageContaining("DE");
        assertThatThrownBy(() -> Country.parse("de")).hasMessageContaining("DE");
    }

    static PhoneNumber anyNumber(Random random) {
        StringBuilder digits = new StringBuilder(List.of("", "", "+", "0", "00").get(random.nextInt(5)));
        int length = 1 + random.nextInt(14);
        for (int i = 0; i < length; i++) {
            digits.append((char) ('0' + random.nextInt(10)));
        }
        return new PhoneNumber(digits.toString());
    }

    private static NumberPlan plan(String region) {
        return new NumberPlan(Optional.of(new Country(region)));
    }

    private static NumberPlan.Reading read(String home, String dialled, boolean strict) {
        return plan(home).read(PhoneNumber.of(dialled).orElseThrow(), strict);
    }
}
