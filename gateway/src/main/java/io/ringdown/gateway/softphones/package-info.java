/** Softphones that speak SIP over WebSocket: the second signalling edge of the same calls. */
@NullMarked
package io.ringdown.gateway.softphones;

import org.jspecify.annotations.NullMarked;
