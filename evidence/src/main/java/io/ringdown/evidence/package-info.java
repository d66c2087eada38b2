/** Which test shows which row of what a trunk must do, with whom at the other end: marks, a listener and a table. */
@NullMarked
package io.ringdown.evidence;

import org.jspecify.annotations.NullMarked;
