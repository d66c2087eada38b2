package io.ringdown.bench.digits;

import io.ringdown.dtmf.Digit;

/**
 * A press as it was sent, or as the far end took it.
 *
 * @param nanos of its first packet
 * @param lengthNanos as its packets state it
 */
record Press(Digit digit, long nanos, long lengthNanos) {}
