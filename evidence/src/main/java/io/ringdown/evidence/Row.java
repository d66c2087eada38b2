package io.ringdown.evidence;

/** What a trunk must do, area by area. The list is fixed: an area that no test shows fails the table. */
public enum Row {
    TRANSPORTS("transports"),
    FINDING_THE_CARRIER("finding the carrier"),
    IDENTITY("identity"),
    NUMBERS("numbers"),
    ROUTING("routing"),
    HEALTH("health"),
    EARLY_MEDIA_AND_FORKS("early media and forks"),
    IN_THE_CALL("in the call"),
    TRANSFER("transfer"),
    HOLD("hold"),
    MEDIA_SECURITY("media security"),
    MEDIA_ADDRESSES("media addresses"),
    INBOUND("inbound"),
    EMERGENCY("emergency"),
    HYGIENE("hygiene"),
    TRACE("trace"),
    ORDER_OF_CODECS("order of codecs"),
    CHECK("check --trunk");

    private final String title;

    Row(String title) {
        this.title = title;
    }

    /** As the table has it. */
    public String title() {
        return title;
    }
}
