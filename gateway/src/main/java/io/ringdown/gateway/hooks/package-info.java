/** What happens to calls, told to the systems of whoever runs the gateway. */
@NullMarked
package io.ringdown.gateway.hooks;

import org.jspecify.annotations.NullMarked;
