/** RTP and RTCP on byte arrays (RFC 3550): parsing, writing, reception statistics. Pure; nothing is allocated per packet. */
@NullMarked
package io.ringdown.media.rtp;

import org.jspecify.annotations.NullMarked;
