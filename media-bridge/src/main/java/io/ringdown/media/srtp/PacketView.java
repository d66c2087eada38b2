package io.ringdown.media.srtp;

import org.jitsi.utils.ByteArrayBuffer;

/** A packet within a larger array, as jitsi-srtp wants to see it; used again for every packet. */
final class PacketView implements ByteArrayBuffer {
    private byte[] buffer = new byte[0];
    private int offset;
    private int length;

    PacketView of(byte[] packet, int start, int size) {
        buffer = packet;
        offset = start;
        length = size;
        return this;
    }

    /** Four bytes in network order. */
    static int integer(byte[] buffer, int at) {
        return ((buffer[at] & 0xff) << 24)
                | ((buffer[at + 1] & 0xff) << 16)
                | ((buffer[at + 2] & 0xff) << 8)
                | (buffer[at + 3] & 0xff);
    }

    @Override
    public byte[] getBuffer() {
        return buffer;
    }

    @Override
    public int getOffset() {
        return offset;
    }

    @Override
    public int getLength() {
        return length;
    }

    @Override
    public void setLength(int size) {
        length = size;
    }

    @Override
    public void setOffset(int start) {
        offset = start;
    }

    @Override
    public boolean isInvalid() {
        return offset < 0 || length < 0 || offset + length > buffer.length;
    }

    @Override
    public void readRegionToBuff(int from, int size, byte[] out) {
        System.arraycopy(buffer, offset + from, out, 0, size);
    }

    @Override
    public void grow(int howMuch) {
        if (offset + length + howMuch > buffer.length) {
            throw new IllegalStateException("no headroom behind the packet");
        }
    }

    @Override
    public void append(byte[] data, int size) {
        grow(size);
        System.arraycopy(data, 0, buffer, offset + length, size);
        length += size;
    }

    @Override
    public void shrink(int size) {
        length = Math.max(0, length - size);
    }
}
