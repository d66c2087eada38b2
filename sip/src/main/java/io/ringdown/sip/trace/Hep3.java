package io.ringdown.sip.trace;

import io.ringdown.sip.SipTransport;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoField;
import java.util.Optional;

/**
 * A message as a packet of HEP3, the encapsulation protocol that collectors such as Homer take ("HEP3" and chunks of vendor 0:
 * vendor, type, length with the chunk's head, value). Pure.
 */
final class Hep3 {
    private static final int HEAD = 6;
    private static final byte[] MAGIC = "HEP3".getBytes(StandardCharsets.US_ASCII);
    private static final int IPV4 = 2;
    private static final int IPV6 = 10;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int SIP = 1;

    private Hep3() {}

    /** The chunks' types. */
    private enum Chunk {
        FAMILY(1),
        PROTOCOL(2),
        IPV4_SOURCE(3),
        IPV4_DESTINATION(4),
        IPV6_SOURCE(5),
        IPV6_DESTINATION(6),
        SOURCE_PORT(7),
        DESTINATION_PORT(8),
        SECONDS(9),
        MICROSECONDS(10),
        PAYLOAD_PROTOCOL(11),
        CAPTURE_ID(12),
        KEY(14),
        PAYLOAD(15),
        CORRELATION(17);

        final int type;

        Chunk(int type) {
            this.type = type;
        }
    }

    /** The packet, from the buffer's start to its position on return; it must have room for the text and 256 bytes more. */
    static void write(ByteBuffer out, TracedMessage message, int captureId, Optional<String> key) {
        out.clear();
        out.put(MAGIC).putShort((short) 0);
        InetAddress from = message.from().getAddress();
        InetAddress to = message.to().getAddress();
        boolean v6 = from instanceof Inet6Address;
        octet(out, Chunk.FAMILY, v6 ? IPV6 : IPV4);
        octet(out, Chunk.PROTOCOL, message.transport() == SipTransport.UDP ? UDP : TCP);
        bytes(out, v6 ? Chunk.IPV6_SOURCE : Chunk.IPV4_SOURCE, from.getAddress());
        bytes(out, v6 ? Chunk.IPV6_DESTINATION : Chunk.IPV4_DESTINATION, to.getAddress());
        port(out, Chunk.SOURCE_PORT, message.from().getPort());
        port(out, Chunk.DESTINATION_PORT, message.to().getPort());
        number(out, Chunk.SECONDS, (int) message.at().getEpochSecond());
        number(out, Chunk.MICROSECONDS, message.at().get(ChronoField.MICRO_OF_SECOND));
        octet(out, Chunk.PAYLOAD_PROTOCOL, SIP);
        number(out, Chunk.CAPTURE_ID, captureId);
        key.ifPresent(password -> bytes(out, Chunk.KEY, password.getBytes(StandardCharsets.UTF_8)));
        bytes(out, Chunk.CORRELATION, message.callId().getBytes(StandardCharsets.UTF_8));
        bytes(out, Chunk.PAYLOAD, message.text().getBytes(StandardCharsets.UTF_8));
        out.putShort(MAGIC.length, (short) out.position());
    }

    private static void octet(ByteBuffer out, Chunk chunk, int value) {
        head(out, chunk, 1).put((byte) value);
    }

    private static void port(ByteBuffer out, Chunk chunk, int value) {
        head(out, chunk, Short.BYTES).putShort((short) value);
    }

    private static void number(ByteBuffer out, Chunk chunk, int value) {
        head(out, chunk, Integer.BYTES).putInt(value);
    }

    private static void bytes(ByteBuffer out, Chunk chunk, byte[] value) {
        head(out, chunk, value.length).put(value);
    }

    private static ByteBuffer head(ByteBuffer out, Chunk chunk, int length) {
        return out.putShort((short) 0).putShort((short) chunk.type).putShort((short) (HEAD + length));
    }
}
