package io.ringdown.dtmf;

/**
 * A telephone-event whose press has been told, and of which packets may still come: which one it was, and not which digit.
 *
 * @param ssrc of its packets
 * @param timestamp of its beginning
 * @param clockRate of the timestamp
 */
public record RecentEvent(int ssrc, int timestamp, int clockRate) {}
