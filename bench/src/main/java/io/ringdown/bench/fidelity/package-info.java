/**
 * How faithfully speech comes through: the whole media path in virtual time, loss by chosen patterns, and a score. The one
 * thing measured is the gateway's own {@link io.ringdown.media.bridge.Bridge}; everything around it (the browser's encoder
 * and ear, the telephone, G.711's tables) is the bench's.
 */
@NullMarked
package io.ringdown.bench.fidelity;

import org.jspecify.annotations.NullMarked;
