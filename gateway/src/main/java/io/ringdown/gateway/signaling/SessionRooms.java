package io.ringdown.gateway.signaling;

import io.ringdown.gateway.call.Calls;
import io.ringdown.gateway.tokens.TokenVerifier;
import java.util.List;
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
 * @param clock nanoseconds, steady
 */
record SessionRooms(
        Calls calls,
        Sessions sessions,
        TokenVerifier verifier,
        MessageReader reader,
        MessageWriter writer,
        List<IceServer> iceServers,
        Supplier<String> newToken,
        LongSupplier clock) {}
