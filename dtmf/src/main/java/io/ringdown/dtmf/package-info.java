/** DTMF digits on RTP, as telephone-events and as sound: received as presses, sent from presses. Pure. */
@NullMarked
package io.ringdown.dtmf;

import org.jspecify.annotations.NullMarked;
