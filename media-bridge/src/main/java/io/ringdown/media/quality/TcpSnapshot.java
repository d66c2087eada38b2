package io.ringdown.media.quality;

/**
 * The TCP connections of a media loop at one moment.
 *
 * @param open there are now
 * @param accepted since the start
 * @param dropped packets that gave way to newer ones on a connection that was too slow, since the start
 */
public record TcpSnapshot(long open, long accepted, long dropped) {}
