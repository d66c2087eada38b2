/** What is to be heard on a line, for those who wait for it: sound, silence, beeps. Pure. */
@NullMarked
package io.ringdown.media.hearing;

import org.jspecify.annotations.NullMarked;
