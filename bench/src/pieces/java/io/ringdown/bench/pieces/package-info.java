/** JMH on the pieces of the media path; {@code ./ringdown bench pieces}. One operation is what one packet, offer or press needs. */
@NullMarked
package io.ringdown.bench.pieces;

import org.jspecify.annotations.NullMarked;
