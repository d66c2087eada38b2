package io.ringdown.sip.dialog;

/** What we say we can do; one place, so that Allow is the same everywhere. */
public final class Methods {
    /** The value of Allow. */
    public static final String ALLOW = "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO, PRACK";

    private Methods() {}

    static SipHeader allow() {
        return new SipHeader("Allow", ALLOW);
    }
}
