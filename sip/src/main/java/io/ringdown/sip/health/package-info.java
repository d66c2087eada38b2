/** Which addresses of a trunk are there, told by its calls and by OPTIONS. Pure. */
@NullMarked
package io.ringdown.sip.health;

import org.jspecify.annotations.NullMarked;
