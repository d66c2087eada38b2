/** Audio codecs behind two small interfaces. */
@NullMarked
package io.ringdown.media.codec;

import org.jspecify.annotations.NullMarked;
