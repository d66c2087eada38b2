/** The command line, the settings of everything, and how the parts are put together. */
@NullMarked
package io.ringdown.gateway.app;

import org.jspecify.annotations.NullMarked;
