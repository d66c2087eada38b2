package io.ringdown.sip.trace;

import java.io.ByteArrayOutputStream;
import java.net.Inet6Address;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoField;
import java.util.List;

/**
 * A trace as a capture file (pcap, microseconds, raw IP), so that Wireshark draws its flow. Each message is one UDP datagram,
 * also what came by TCP or TLS: the file has what was said, not how it was cut. Pure.
 */
public final class TracePcap {
    private static final int MAGIC = 0xa1b2c3d4;
    private static final int RAW_IP = 101; // LINKTYPE_RAW
    private static final int LONGEST = 65_535;
    private static final int UDP = 17;
    private static final int UDP_HEAD = 8;
    private static final int IPV4_HEAD = 20;
    private static final int IPV6_HEAD = 40;

    private TracePcap() {}

    /** The file of these messages. */
    public static byte[] of(List<TracedMessage> messages) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(buffer(24)
                .putInt(MAGIC)
                .putShort((short) 2)
                .putShort((short) 4)
                .putInt(0)
                .putInt(0)
                .putInt(LONGEST)
                .putInt(RAW_IP)
                .array());
        messages.forEach(message -> {
            byte[] packet = packet(message);
            file.writeBytes(buffer(16)
                    .putInt((int) message.at().getEpochSecond())
                    .putInt(message.at().get(ChronoField.MICRO_OF_SECOND))
                    .putInt(packet.length)
                    .putInt(packet.length)
                    .array());
            file.writeBytes(packet);
        });
        return file.toByteArray();
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.BIG_ENDIAN);
    }

    private static byte[] packet(TracedMessage message) {
        byte[] text = message.text().getBytes(StandardCharsets.UTF_8);
        byte[] from = message.from().getAddress().getAddress();
        byte[] to = message.to().getAddress().getAddress();
        boolean v6 = message.from().getAddress() instanceof Inet6Address;
        ByteBuffer out = buffer((v6 ? IPV6_HEAD : IPV4_HEAD) + UDP_HEAD + text.length);
        if (v6) {
            ipv6(out, UDP_HEAD + text.length);
        } else {
            ipv4(out, from, to);
        }
        out.put(from).put(to);
        // Zero is "no checksum" (RFC 768); for IPv6 readers say that it is missing, and show it all the same.
        out.putShort((short) message.from().getPort())
                .putShort((short) message.to().getPort())
                .putShort((short) (UDP_HEAD + text.length))
                .putShort((short) 0)
                .put(text);
        byte[] packet = new byte[out.capacity()];
        out.rewind().get(packet);
        return packet;
    }

    private static void ipv6(ByteBuffer out, int payload) {
        out.putInt(6 << 28).putShort((short) payload).put((byte) UDP).put((byte) 64);
    }

    private static void ipv4(ByteBuffer out, byte[] from, byte[] to) {
        out.putShort((short) 0x4500)
                .putShort((short) out.capacity())
                .putInt(0)
                .put((byte) 64)
                .put((byte) UDP)
                .putShort((short) checksum(out, from, to));
    }

    // RFC 1071, over the words written so far (the checksum's own is zero) and both addresses.
    private static int checksum(ByteBuffer head, byte[] from, byte[] to) {
        int sum = 0;
        for (int i = 0; i < head.position(); i += 2) {
            sum += head.getShort(i) & 0xffff;
        }
        for (int i = 0; i < from.length; i += 2) {
            sum += word(from, i) + word(to, i);
        }
        while (sum >> 16 != 0) {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return ~sum & 0xffff;
    }

    private static int word(byte[] bytes, int at) {
        return ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
    }
}
