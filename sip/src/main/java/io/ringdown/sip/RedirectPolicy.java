package io.ringdown.sip;

/** What a trunk's 3xx responses do. */
public enum RedirectPolicy {
    /** They are refusals. */
    REFUSE,
    /** They are followed to the trunk's own addresses, and are refusals else. The number there is the trunk's choice. */
    FOLLOW
}
