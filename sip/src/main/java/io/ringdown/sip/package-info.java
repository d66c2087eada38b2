/** Trunks: calls to and from carriers over SIP. Bodies are opaque text. */
@NullMarked
package io.ringdown.sip;

import org.jspecify.annotations.NullMarked;
