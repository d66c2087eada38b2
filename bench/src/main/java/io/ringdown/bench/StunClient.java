package io.ringdown.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The controlling side's connectivity checks towards a lite agent (RFC 8445 §7.2, RFC 8489). One thread. */
final class StunClient {
    private static final int COOKIE = 0x2112A442;
    private static final int REQUEST = 0x0001;
    private static final int SUCCESS = 0x0101;
    private static final int HEADER = 20;
    private static final int INTEGRITY = 0x0008;
    private static final int INTEGRITY_BYTES = 24;
    private static final int FINGERPRINT_BYTES = 8;
    private static final int FINGERPRINT_XOR = 0x5354554e;

    private final SecureRandom random = new SecureRandom();
    private final byte[] transaction = new byte[12];
    private final byte[] userName;
    private final Mac mac;
    private final long tieBreaker = random.nextLong();

    StunClient(String ourUfrag, String theirUfrag, String theirPassword) {
        userName = (theirUfrag + ":" + ourUfrag).getBytes(StandardCharsets.US_ASCII);
        try {
            mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(theirPassword.getBytes(StandardCharsets.US_ASCII), "HmacSHA1"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static boolean isStun(ByteBuffer packet) {
        return packet.remaining() >= HEADER
                && packet.get(packet.position()) < 4
                && packet.get(packet.position()) >= 0
                && packet.getInt(packet.position() + 4) == COOKIE;
    }

    /** A fresh Binding request that nominates. */
    ByteBuffer request() {
        random.nextBytes(transaction);
        ByteBuffer message = ByteBuffer.allocate(256);
        message.putShort((short) REQUEST).putShort((short) 0).putInt(COOKIE).put(transaction);
        attribute(message, 0x0006, userName);
        attribute(message, 0x0024, ByteBuffer.allocate(4).putInt(1_853_824_767).array()); // PRIORITY, peer reflexive
        attribute(message, 0x802a, ByteBuffer.allocate(8).putLong(tieBreaker).array()); // ICE-CONTROLLING
        attribute(message, 0x0025, new byte[0]); // USE-CANDIDATE
        message.putShort(2, (short) (message.position() - HEADER + INTEGRITY_BYTES));
        attribute(message, INTEGRITY, digest(message.array(), message.position()));
        message.putShort(2, (short) (message.position() - HEADER + FINGERPRINT_BYTES));
        CRC32 crc = new CRC32();
        crc.update(message.array(), 0, message.position());
        attribute(
                message,
                0x8028,
                ByteBuffer.allocate(4)
                        .putInt((int) crc.getValue() ^ FINGERPRINT_XOR)
                        .array());
        return message.flip();
    }

    /** Whether this is the success response to the last request, signed with the right password. */
    boolean isAnswer(ByteBuffer packet) {
        byte[] bytes = new byte[packet.remaining()];
        packet.duplicate().get(bytes);
        ByteBuffer message = ByteBuffer.wrap(bytes);
        if (message.getShort(0) != SUCCESS || !Arrays.equals(bytes, 8, HEADER, transaction, 0, 12)) {
            return false;
        }
        for (int at = HEADER; at + 4 <= bytes.length; ) {
            int length = message.getShort(at + 2) & 0xffff;
            if (message.getShort(at) == INTEGRITY) {
                message.putShort(2, (short) (at - HEADER + INTEGRITY_BYTES));
                return Arrays.equals(bytes, at + 4, at + INTEGRITY_BYTES, digest(bytes, at), 0, 20);
            }
            at += 4 + ((length + 3) & ~3);
        }
        return false;
    }

    private static void attribute(ByteBuffer message, int type, byte[] value) {
        message.putShort((short) type).putShort((short) value.length).put(value);
        while (message.position() % 4 != 0) {
            message.put((byte) 0);
        }
    }

    private byte[] digest(byte[] message, int length) {
        mac.update(message, 0, length);
        return mac.doFinal();
    }
}
