package io.ringdown.gateway.softphones;

/**
 * Softphones that speak SIP over WebSocket, at {@code /sip}.
 *
 * @param enabled whether they are let in
 */
public record SoftphoneSettings(boolean enabled) {
    /** Not let in. */
    public static SoftphoneSettings defaults() {
        return new SoftphoneSettings(false);
    }
}
