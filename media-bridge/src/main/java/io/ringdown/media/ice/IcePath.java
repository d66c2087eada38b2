package io.ringdown.media.ice;

import java.net.InetSocketAddress;

/**
 * One way between a browser and us.
 *
 * @param remote the browser's address, as we see it
 * @param socket which of our sockets; what comes from another one is no answer to the browser
 */
public record IcePath(InetSocketAddress remote, int socket) {}
