/** Which calls out may be made, by whom, and how many. */
@NullMarked
package io.ringdown.gateway.guard;

import org.jspecify.annotations.NullMarked;
