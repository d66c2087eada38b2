/** One call: a pure state machine that takes events and answers actions. */
@NullMarked
package io.ringdown.gateway.call;

import org.jspecify.annotations.NullMarked;
