/** Who may come in. */
@NullMarked
package io.ringdown.gateway.tokens;

import org.jspecify.annotations.NullMarked;
