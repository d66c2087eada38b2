/** ICE-lite (RFC 8445 §2.5) without sockets, on ice4j's STUN messages; and the public address by ice4j's harvesters. */
@NullMarked
package io.ringdown.media.ice;

import org.jspecify.annotations.NullMarked;
