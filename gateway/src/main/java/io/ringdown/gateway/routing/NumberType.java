package io.ringdown.gateway.routing;

/** What kind of line a number leads to, by the numbering plan of its country. */
public enum NumberType {
    FIXED,
    MOBILE,
    /** Where the plan does not tell them apart, as in North America; a rule for either of them fits it too. */
    FIXED_OR_MOBILE,
    TOLL_FREE,
    PREMIUM,
    SHARED_COST,
    VOIP,
    /** Numbers that follow a person, at a price of its own; a rule for {@link #OTHER} fits them too. */
    PERSONAL,
    /** Personal numbers, pagers, voice mail, company-wide ones. */
    OTHER,
    /** Service codes, extensions, and what no plan knows. */
    UNKNOWN;

    /** Whether a rule for {@code wanted} fits a number of this type. */
    public boolean fits(NumberType wanted) {
        return this == wanted
                || (this == FIXED_OR_MOBILE && (wanted == FIXED || wanted == MOBILE))
                || (this == PERSONAL && wanted == OTHER);
    }
}
