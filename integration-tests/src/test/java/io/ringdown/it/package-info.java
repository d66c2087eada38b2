/** The whole system from outside: real browsers, SIPp, tshark, an independent ear; and the rules of the house. */
@NullMarked
package io.ringdown.it;

import org.jspecify.annotations.NullMarked;
