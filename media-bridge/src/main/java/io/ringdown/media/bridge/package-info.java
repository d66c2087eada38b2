/** What happens to a packet between the two legs. Pure. */
@NullMarked
package io.ringdown.media.bridge;

import org.jspecify.annotations.NullMarked;
