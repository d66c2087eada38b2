/** SRTP and SRTCP (RFC 3711, RFC 7714) by jitsi-srtp, without exceptions. */
@NullMarked
package io.ringdown.media.srtp;

import org.jspecify.annotations.NullMarked;
