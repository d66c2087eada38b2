/** Softphones in browsers: SIP over WebSocket (RFC 7118). Bodies are opaque text. */
@NullMarked
package io.ringdown.sip.web;

import org.jspecify.annotations.NullMarked;
