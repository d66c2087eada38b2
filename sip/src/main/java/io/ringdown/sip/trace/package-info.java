/** What went over the wire, kept for a while in memory without secrets and digits. Pure, but for {@code sip.jain}'s edge. */
@NullMarked
package io.ringdown.sip.trace;

import org.jspecify.annotations.NullMarked;
