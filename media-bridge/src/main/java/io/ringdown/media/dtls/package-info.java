/** DTLS 1.2 for SRTP keys (RFC 5764) by Bouncy Castle, each association on a virtual thread of its own, without sockets. */
@NullMarked
package io.ringdown.media.dtls;

import org.jspecify.annotations.NullMarked;
