package io.ringdown.media.bridge;

/**
 * Takes a packet that is ready to leave. The buffer belongs to the caller again when the call returns; at least 64 bytes
 * behind the packet may be overwritten (SRTP's tag and trailer).
 */
@FunctionalInterface
public interface PacketSink {
    void send(byte[] buffer, int offset, int length);
}
