/**
 * How well digits are heard in sound ({@code bench detector}): presses of every kind through G.711, and an hour and more of what is
 * no press.
 */
@NullMarked
package io.ringdown.bench.detector;

import org.jspecify.annotations.NullMarked;
