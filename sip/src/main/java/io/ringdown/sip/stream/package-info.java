/** SIP over streams below its messages: connections, framing, keep-alives. */
@NullMarked
package io.ringdown.sip.stream;

import org.jspecify.annotations.NullMarked;
