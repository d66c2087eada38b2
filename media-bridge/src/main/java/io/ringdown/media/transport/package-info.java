/** Sockets and the threads that serve them: media loops, each with a web port, and a port pair per call on the trunk side. */
@NullMarked
package io.ringdown.media.transport;

import org.jspecify.annotations.NullMarked;
