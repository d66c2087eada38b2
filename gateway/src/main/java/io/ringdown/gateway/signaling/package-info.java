/** The edge to browsers and to HTTP clients: text in, sealed messages out, and the one web server. */
@NullMarked
package io.ringdown.gateway.signaling;

import org.jspecify.annotations.NullMarked;
