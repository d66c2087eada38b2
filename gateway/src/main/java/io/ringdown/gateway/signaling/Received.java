package io.ringdown.gateway.signaling;

import java.util.OptionalLong;

/**
 * A message with what any message may carry beside its own fields.
 *
 * @param seq its number, among all of its session
 * @param ack the number of the last message of ours that the client has taken
 */
record Received(OptionalLong seq, OptionalLong ack, ClientMessage message) {}
