/** Which trunk a number goes to and how it is written there, and whom a call from a trunk rings. Only {@link io.ringdown.gateway.routing.NumberPlan} knows the library of numbering plans. */
@NullMarked
package io.ringdown.gateway.routing;

import org.jspecify.annotations.NullMarked;
