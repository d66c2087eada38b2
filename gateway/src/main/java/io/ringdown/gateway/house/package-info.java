/** Calls that stay in the house: from one extension to another. */
@NullMarked
package io.ringdown.gateway.house;

import org.jspecify.annotations.NullMarked;
