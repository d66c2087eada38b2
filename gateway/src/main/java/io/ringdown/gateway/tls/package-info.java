/** Certificates for the web server: from PEM files, or made on the spot. */
@NullMarked
package io.ringdown.gateway.tls;

import org.jspecify.annotations.NullMarked;
