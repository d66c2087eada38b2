/** Where a trunk is (RFC 3263): pure. The questions are asked by {@link io.ringdown.sip.locate.dns}. */
@NullMarked
package io.ringdown.sip.locate;

import org.jspecify.annotations.NullMarked;
