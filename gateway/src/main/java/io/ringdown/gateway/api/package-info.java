/** What the systems of whoever runs the gateway may do with calls. */
@NullMarked
package io.ringdown.gateway.api;

import org.jspecify.annotations.NullMarked;
