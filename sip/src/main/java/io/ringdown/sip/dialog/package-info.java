/**
 * What a call with a trunk does, without sockets, threads or clocks: messages in, {@link io.ringdown.sip.dialog.CallAction}s
 * out. Public only for {@code io.ringdown.sip.jain}, which performs them.
 */
@NullMarked
package io.ringdown.sip.dialog;

import org.jspecify.annotations.NullMarked;
