/**
 * The practice trunk: a telephone network of a few numbers, in a process of its own. The first minute with the gateway needs
 * no carrier with it. Nothing that is shown only against it counts as shown, since it shares the gateway's code.
 */
@NullMarked
package io.ringdown.practice;

import org.jspecify.annotations.NullMarked;
