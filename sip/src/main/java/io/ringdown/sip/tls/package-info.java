/** Certificates, keys and the TLS of streams; knows nothing of SIP messages. */
@NullMarked
package io.ringdown.sip.tls;

import org.jspecify.annotations.NullMarked;
