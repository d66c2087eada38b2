package io.ringdown.sip;

/**
 * A final response to an inbound INVITE.
 *
 * @param status 400 to 699
 * @param reason what RFC 3326 Reason says
 */
public record Rejection(int status, HangupReason reason) {
    public Rejection {
        if (status < 400 || status > 699) {
            throw new IllegalArgumentException("status is " + status + ", not 400 to 699");
        }
    }
}
