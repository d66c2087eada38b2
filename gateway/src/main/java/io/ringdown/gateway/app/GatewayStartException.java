package io.ringdown.gateway.app;

/** The gateway cannot start; the message says in one line why, and what would help. */
final class GatewayStartException extends Exception {
    private static final long serialVersionUID = 1L;

    GatewayStartException(String message) {
        super(message);
    }
}
