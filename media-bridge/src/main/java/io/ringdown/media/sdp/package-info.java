/** Session descriptions: a typed model that keeps what it does not know, and the negotiation of both legs. */
@NullMarked
package io.ringdown.media.sdp;

import org.jspecify.annotations.NullMarked;
