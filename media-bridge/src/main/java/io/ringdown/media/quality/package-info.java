/**
 * What is measured of a call's media, and what is concluded from it. Pure: measuring is on the media loop and allocates
 * nothing; the snapshots are immutable.
 */
@NullMarked
package io.ringdown.media.quality;

import org.jspecify.annotations.NullMarked;
