package io.ringdown.media.quality;

import java.net.InetAddress;
import java.util.Optional;

/**
 * What signalling knows that media do not.
 *
 * @param talking whether sound should flow both ways: the trunk has answered, or said 183 with a description
 * @param trunk where the trunk's SIP comes from, if that is known
 */
public record Signalled(boolean talking, Optional<InetAddress> trunk) {}
