/** The edge to the DNS: the only place where dnsjava's types are seen. */
@NullMarked
package io.ringdown.sip.locate.dns;

import org.jspecify.annotations.NullMarked;
