/** What a telephone hears on hold: sound of ours, out of a file or made here. Pure, but for the reading of the file. */
@NullMarked
package io.ringdown.media.hold;

import org.jspecify.annotations.NullMarked;
