package io.ringdown.gateway.call;

/**
 * Who is at the browser's end of a call.
 *
 * @param session the id of the session
 * @param road how it reaches us, which decides how its absence is noticed
 */
public record ClientId(String session, Road road) {
    /** How a client reaches us. */
    public enum Road {
        /** A WebSocket: its loss is known, and the call's news go there. */
        SOCKET,
        /** Single HTTP requests: only media tell whether anybody is still there. */
        HTTP,
        /** SIP over WebSocket: a softphone that registers, whose loss of a socket is known too. */
        SIP
    }
}
