/**
 * The capacity kit: drives browser-like legs and trunk ends against a gateway process and measures it from outside. Shares the
 * codecs with the gateway and nothing else: ICE, DTLS, SRTP and SIP are its own.
 */
@NullMarked
package io.ringdown.bench;

import org.jspecify.annotations.NullMarked;
