/** Which trunk a number goes to, and which sessions a call from a trunk rings at. */
@NullMarked
package io.ringdown.gateway.routing;

import org.jspecify.annotations.NullMarked;
