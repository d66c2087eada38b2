/** The edge to JAIN-SIP: the only place where its types are seen. Public only for {@link io.ringdown.sip.SipTrunks}. */
@NullMarked
package io.ringdown.sip.jain;

import org.jspecify.annotations.NullMarked;
