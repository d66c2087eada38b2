/** Certificates for the web server that are made on the spot; those from files are read by {@link io.ringdown.sip.tls}. */
@NullMarked
package io.ringdown.gateway.tls;

import org.jspecify.annotations.NullMarked;
