package io.ringdown.gateway.signaling;

import io.ringdown.gateway.call.Calls;
import io.ringdown.gateway.call.Timers;
import io.ringdown.gateway.tokens.TokenVerifier;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What every session works with.
 *
 * @param calls all calls
 * @param sessions all sessions
 * @param verifier who may come in
 * @param reader text to messages
 * @param writer messages to text
 * @param iceServers what clients are told of
 * @param newToken 128 random bits as text, unguessable
 * @param timers wakes sessions
 * @param clock nanoseconds, steady
 * @param resumption how long clients are waited for
 */
record SessionRooms(
        Calls calls,
        Sessions sessions,
        TokenVerifier verifier,
        MessageReader reader,
        MessageWriter writer,
        IceServers iceServers,
        Supplier<String> newToken,
        Timers timers,
        LongSupplier clock,
        Resumption resumption) {

    /**
     * How long clients are waited for.
     *
     * @param within after their socket is gone; zero for not at all
     * @param reload a page that was closed
     * @param mostOfAddress how many of one address are, beside its sockets
     */
    record Resumption(Duration within, Duration reload, int mostOfAddress) {}
}
