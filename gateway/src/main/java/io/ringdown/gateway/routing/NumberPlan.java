package io.ringdown.gateway.routing;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.PhoneNumberUtil.ValidationResult;
import com.google.i18n.phonenumbers.Phonenumber;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber.CountryCodeSource;
import com.google.i18n.phonenumbers.ShortNumberInfo;
import java.util.Optional;

/**
 * The numbering plans of the world, seen from one home country; where there is none, numbers stay as they are. The only class that knows the library. Immutable, takes about 20 µs for a number.
 */
public final class NumberPlan {
    private static final PhoneNumberUtil PLANS = PhoneNumberUtil.getInstance();
    private static final ShortNumberInfo SHORT_NUMBERS = ShortNumberInfo.getInstance();
    private static final String NOWHERE = "ZZ"; // the library's word for no region
    private static final int NORTH_AMERICA = 1; // its national numbers are dialled without their prefix, 1

    private static final int MOST_LOOKS = 32; // as many digits as a number has at most

    private final Optional<Country> home;
    private final String internationalPrefix;

    /** What a number is once it was read. */
    public sealed interface Reading {
        /** A number of the world, in the form of E.164. */
        record Global(PhoneNumber number) implements Reading {}

        /** One that has a meaning only here: a service code, a short number, an extension. As it was written. */
        record Local(PhoneNumber number) implements Reading {}

        /** None: of an impossible length, or of no country; where it is strict, none that its plan has. */
        record None() implements Reading {}
    }

    /** The plans as seen from {@code home}. */
    public NumberPlan(Optional<Country> home) {
        this.home = home;
        // Also has the plan loaded before the first call wants it.
        this.internationalPrefix =
                home.map(country -> internationalPrefix(country.code())).orElse("00");
    }

    /** The country whose national numbers are understood. */
    public Optional<Country> home() {
        return home;
    }

    static boolean knows(String country) {
        return PLANS.getSupportedRegions().contains(country);
    }

    /**
     * What somebody meant who wrote this. A number with + or the international prefix (00, or that of the home country) is
     * global. One with the national prefix is, and one without it if the plan has it. {@code * #} and short numbers of the
     * country stay as they are, as does all else: it may be an extension of somebody's.
     */
    public Reading read(PhoneNumber written, boolean strict) {
        String digits = written.digits();
        if (home.isEmpty() || isCode(digits)) {
            return new Reading.Local(written);
        }
        if (!digits.startsWith("+") && SHORT_NUMBERS.isValidShortNumberForRegion(shortNumber(digits), region())) {
            return new Reading.Local(written);
        }
        Optional<Phonenumber.PhoneNumber> parsed = parse(digits);
        Optional<Phonenumber.PhoneNumber> behindZeros = zeros(digits).flatMap(this::parse);
        // The country's own prefix may begin with 00 too: what the plans have comes before what is only possible.
        return parsed.filter(PLANS::isValidNumber)
                .or(() -> behindZeros.filter(PLANS::isValidNumber))
                .or(() -> parsed.filter(number -> isPossible(number, digits)))
                .or(() -> behindZeros.filter(number -> isPossible(number, digits)))
                .map(number -> PLANS.isValidNumber(number) || !strict ? global(number) : new Reading.None())
                .orElseGet(() -> digits.startsWith("+") || digits.startsWith("00")
                        ? new Reading.None()
                        : local(written, strict));
    }

    /** A number of a possible length; a national one only behind the national prefix, else it may be an extension. */
    private boolean isPossible(Phonenumber.PhoneNumber number, String digits) {
        return PLANS.isPossibleNumberWithReason(number) == ValidationResult.IS_POSSIBLE
                && (isInternational(number)
                        || (number.getCountryCodeSource() == CountryCodeSource.FROM_DEFAULT_COUNTRY
                                && hasNationalPrefix(digits)));
    }

    private static Reading local(PhoneNumber written, boolean strict) {
        return strict ? new Reading.None() : new Reading.Local(written);
    }

    private Reading global(Phonenumber.PhoneNumber number) {
        return new Reading.Global(e164(number));
    }

    /** A zero that was dialled twice is taken for a prefix only at a second look, one more at each. */
    private PhoneNumber e164(Phonenumber.PhoneNumber number) {
        String written = PLANS.format(number, PhoneNumberFormat.E164);
        for (int look = 0; look < MOST_LOOKS; look++) {
            String before = written;
            written = parse(before)
                    .map(again -> PLANS.format(again, PhoneNumberFormat.E164))
                    .orElse(before);
            if (written.equals(before)) {
                break;
            }
        }
        return new PhoneNumber(written);
    }

    /** The number of the world that was meant, or the number as it was written. */
    public PhoneNumber canonical(PhoneNumber written) {
        return switch (read(written, false)) {
            case Reading.Global global -> global.number();
            case Reading.Local local -> local.number();
            case Reading.None _ -> written;
        };
    }

    /** A number with + in the one form of E.164, whatever was written behind its country code; any other as it is. */
    public PhoneNumber worldly(PhoneNumber number) {
        return number.digits().startsWith("+")
                ? parse(number.digits()).map(this::e164).orElse(number)
                : number;
    }

    /** What a peer meant that writes numbers of the world without their +; what cannot be one is read as anybody's. */
    public PhoneNumber canonicalWithoutPlus(PhoneNumber written) {
        String digits = written.digits();
        if (home.isEmpty() || digits.startsWith("+") || isCode(digits)) {
            return canonical(written);
        }
        return parse("+" + digits)
                .filter(number -> PLANS.isPossibleNumberWithReason(number) == ValidationResult.IS_POSSIBLE)
                .map(this::e164)
                .orElseGet(() -> canonical(written));
    }

    /** Whether the home country has this as an emergency number, with nothing in front. */
    boolean isEmergency(String digits) {
        return home.isPresent() && SHORT_NUMBERS.isEmergencyNumber(digits, region());
    }

    /** The country code of the home country in digits, such as {@code 49}. */
    Optional<String> homeCode() {
        return home.map(country -> Integer.toString(PLANS.getCountryCodeForRegion(country.code())));
    }

    /** What kind of line it leads to. */
    public NumberType type(PhoneNumber number) {
        return parse(number.digits())
                .filter(_ -> number.digits().startsWith("+"))
                .map(PLANS::getNumberType)
                .map(NumberPlan::type)
                .orElse(NumberType.UNKNOWN);
    }

    private static NumberType type(PhoneNumberUtil.PhoneNumberType type) {
        return switch (type) {
            case FIXED_LINE -> NumberType.FIXED;
            case MOBILE -> NumberType.MOBILE;
            case FIXED_LINE_OR_MOBILE -> NumberType.FIXED_OR_MOBILE;
            case TOLL_FREE -> NumberType.TOLL_FREE;
            case PREMIUM_RATE -> NumberType.PREMIUM;
            case SHARED_COST -> NumberType.SHARED_COST;
            case VOIP -> NumberType.VOIP;
            case PERSONAL_NUMBER -> NumberType.PERSONAL;
            case PAGER, UAN, VOICEMAIL -> NumberType.OTHER;
            case UNKNOWN -> NumberType.UNKNOWN;
        };
    }

    /** The country of a number of the world; empty for satellites, numbers without a country, and all local ones. */
    public Optional<Country> country(PhoneNumber number) {
        return parse(number.digits())
                .filter(_ -> number.digits().startsWith("+"))
                .map(PLANS::getRegionCodeForNumber)
                .filter(NumberPlan::knows)
                .map(Country::new);
    }

    /** The number as it is dialled within the home country; with the international prefix where it belongs to another one. */
    String national(PhoneNumber number) {
        Optional<Phonenumber.PhoneNumber> parsed = ofHome(number);
        if (parsed.isEmpty()) {
            return international(number);
        }
        Phonenumber.PhoneNumber ours = parsed.get();
        if (PLANS.isValidNumber(ours)) {
            return PLANS.format(ours, PhoneNumberFormat.NATIONAL).replaceAll("[^0-9]", "");
        }
        String prefix = ours.getCountryCode() == NORTH_AMERICA ? "" : nationalPrefix();
        return prefix + PLANS.getNationalSignificantNumber(ours);
    }

    private Optional<Phonenumber.PhoneNumber> ofHome(PhoneNumber number) {
        return parse(number.digits())
                .filter(found -> homeCode().equals(Optional.of(Integer.toString(found.getCountryCode()))));
    }

    /** The number behind the international prefix of the home country. */
    String international(PhoneNumber number) {
        return internationalPrefix + number.digits().substring(1);
    }

    /** What is dialled from a country before a country code; 00 where there is no one prefix. */
    private static String internationalPrefix(String region) {
        String abroad = PLANS.getCountryCodeForRegion(region) == 49 ? "+442079460000" : "+4930123456";
        try {
            String shown = PLANS.formatOutOfCountryCallingNumber(PLANS.parse(abroad, NOWHERE), region);
            String digits = shown.replaceAll("[^0-9]", "");
            int end = digits.length() - abroad.length() + 1;
            return shown.startsWith("+") || end <= 0 ? "00" : digits.substring(0, end);
        } catch (NumberParseException ours) {
            throw new IllegalStateException("a number of ours is none", ours);
        }
    }

    private String nationalPrefix() {
        return Optional.ofNullable(PLANS.getNddPrefixForRegion(region(), true)).orElse("");
    }

    private boolean hasNationalPrefix(String digits) {
        String prefix = nationalPrefix();
        return !prefix.isEmpty() && digits.startsWith(prefix);
    }

    private Optional<Phonenumber.PhoneNumber> parse(String digits) {
        try {
            return Optional.of(PLANS.parseAndKeepRawInput(digits, region()));
        } catch (NumberParseException none) {
            return Optional.empty();
        }
    }

    /** 00 is what people write for +, wherever they are. */
    private static Optional<String> zeros(String digits) {
        return digits.startsWith("00") && digits.length() > 2 && digits.charAt(2) != '0'
                ? Optional.of("+" + digits.substring(2))
                : Optional.empty();
    }

    private Phonenumber.PhoneNumber shortNumber(String digits) {
        Phonenumber.PhoneNumber number = new Phonenumber.PhoneNumber();
        boolean fits = digits.length() <= 9 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        number.setCountryCode(PLANS.getCountryCodeForRegion(region()));
        return fits && !digits.startsWith("0") ? number.setNationalNumber(Long.parseLong(digits)) : number;
    }

    private static boolean isInternational(Phonenumber.PhoneNumber number) {
        return number.getCountryCodeSource() == CountryCodeSource.FROM_NUMBER_WITH_PLUS_SIGN
                || number.getCountryCodeSource() == CountryCodeSource.FROM_NUMBER_WITH_IDD;
    }

    private static boolean isCode(String digits) {
        return digits.indexOf('*') >= 0 || digits.indexOf('#') >= 0;
    }

    private String region() {
        return home.map(Country::code).orElse(NOWHERE);
    }
}
