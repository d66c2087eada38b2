/** The media of calls: the one public face of this module. */
@NullMarked
package io.ringdown.media;

import org.jspecify.annotations.NullMarked;
