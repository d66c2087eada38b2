/** DTMF digits on RTP: telephone-event packets to presses and presses to timed packets. Pure. */
@NullMarked
package io.ringdown.dtmf;

import org.jspecify.annotations.NullMarked;
