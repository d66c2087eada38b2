/** Tries a live trunk and says what it does, point by point, and what to change. */
@NullMarked
package io.ringdown.gateway.check;

import org.jspecify.annotations.NullMarked;
