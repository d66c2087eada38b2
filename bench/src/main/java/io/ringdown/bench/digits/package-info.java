/**
 * Digits side by side ({@code bench digits}): the same presses, over the same bad line, through Ringdown and through rtpengine,
 * and what a strict receiver at the far end makes of either.
 */
@NullMarked
package io.ringdown.bench.digits;

import org.jspecify.annotations.NullMarked;
