/** Telling a trunk where we are (RFC 3261 10). Pure. */
@NullMarked
package io.ringdown.sip.register;

import org.jspecify.annotations.NullMarked;
