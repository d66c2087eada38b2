/** Our own records as JSON, and back. */
@NullMarked
package io.ringdown.gateway.json;

import org.jspecify.annotations.NullMarked;
