package io.ringdown.gateway.tokens;

/**
 * What a token opens.
 *
 * @param identity who its bearer is; calls belong to it
 * @param grant what the bearer may do
 */
public record Admission(Identity identity, Grant grant) {
    /** Somebody who may do whatever the gateway lets everybody do. */
    public static Admission of(String subject) {
        return new Admission(new Identity(subject), Grant.ALL);
    }
}
