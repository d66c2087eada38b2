package io.ringdown.gateway.routing;

/** How a trunk wants numbers of the world written. */
public enum OutFormat {
    /** {@code +4930123456} */
    PLUS,
    /** {@code 004930123456}: the international prefix of the trunk's country, then the country code. */
    ZEROS,
    /** {@code 030123456} for numbers of the trunk's country, {@code 00442079460000} for all others. */
    NATIONAL,
    /** {@code 4930123456} */
    DIGITS;

    /** For the configuration; ZEROS is written 00. */
    public static OutFormat parse(String text) {
        return switch (text) {
            case "plus" -> PLUS;
            case "00" -> ZEROS;
            case "national" -> NATIONAL;
            case "digits" -> DIGITS;
            default -> throw new IllegalArgumentException("is no format; write plus, 00, national or digits");
        };
    }

    String write(PhoneNumber number, NumberPlan plan) {
        if (!number.digits().startsWith("+")) {
            return number.digits();
        }
        return switch (this) {
            case PLUS -> number.digits();
            case ZEROS -> plan.international(number);
            case NATIONAL -> plan.national(number);
            case DIGITS -> number.digits().substring(1);
        };
    }
}
