package io.ringdown.media.ice;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.ice4j.Transport;
import org.ice4j.TransportAddress;
import org.ice4j.attribute.Attribute;
import org.ice4j.attribute.AttributeFactory;
import org.ice4j.attribute.FingerprintAttribute;
import org.ice4j.attribute.UnknownAttributesAttribute;

/**
 * Writes the response to one request, signed and with FINGERPRINT. The attributes are ice4j's; the frame around them is ours,
 * because ice4j signs only with the credentials of its own stack and reads its configuration file to write a response.
 */
final class StunResponse {
    private static final int SUCCESS = 0x0101;
    private static final int ERROR = 0x0111;
    private static final int MESSAGE_INTEGRITY = 0x0008;
    private static final int FINGERPRINT = 0x8028;
    private static final int FINGERPRINT_LENGTH = 4;
    private static final int FIRST_OPTIONAL = 0x8000; // RFC 8489 §14
    private static final int TRAILER =
            2 * StunRequest.ATTRIBUTE_HEADER + StunRequest.INTEGRITY_LENGTH + FINGERPRINT_LENGTH;

    private final StunRequest request;
    private final IceLite.StunMac mac;

    StunResponse(StunRequest request, IceLite.StunMac mac) {
        this.request = request;
        this.mac = mac;
    }

    byte[] success(InetSocketAddress from) {
        byte[] transactionId = new byte[StunRequest.TRANSACTION_ID_LENGTH];
        System.arraycopy(
                request.buffer(),
                request.offset() + StunRequest.TRANSACTION_ID_OFFSET,
                transactionId,
                0,
                transactionId.length);
        InetAddress address = from.getAddress();
        TransportAddress mapped = new TransportAddress(address, from.getPort(), Transport.UDP);
        return signed(SUCCESS, AttributeFactory.createXorMappedAddressAttribute(mapped, transactionId));
    }

    byte[] error(int code, String phrase) {
        return signed(ERROR, AttributeFactory.createErrorCodeAttribute((char) code, phrase));
    }

    byte[] unknownAttributes(int code, List<Character> types) {
        UnknownAttributesAttribute unknown = AttributeFactory.createUnknownAttributesAttribute();
        for (char type : types) {
            unknown.addAttributeID(type);
        }
        return signed(ERROR, AttributeFactory.createErrorCodeAttribute((char) code, "Unknown Attribute"), unknown);
    }

    /** The comprehension-required attributes before MESSAGE-INTEGRITY that ICE does not define. */
    static List<Character> unknownRequired(StunRequest request) {
        List<Character> unknown = new ArrayList<>(0);
        int at = StunRequest.HEADER_LENGTH;
        while (at < request.integrityOffset()) {
            int type = unsignedShort(request, at);
            int size = unsignedShort(request, at + 2);
            if (type < FIRST_OPTIONAL && !isKnown((char) type)) {
                unknown.add((char) type);
            }
            at += StunRequest.ATTRIBUTE_HEADER + ((size + 3) & ~3);
        }
        return unknown;
    }

    private static boolean isKnown(char type) {
        return switch (type) {
            case Attribute.USERNAME, Attribute.MESSAGE_INTEGRITY, Attribute.PRIORITY, Attribute.USE_CANDIDATE -> true;
            default -> false;
        };
    }

    private byte[] signed(int type, Attribute... attributes) {
        int body = 0;
        byte[][] encoded = new byte[attributes.length][];
        for (int i = 0; i < attributes.length; i++) {
            encoded[i] = attributes[i].encode();
            body += (encoded[i].length + 3) & ~3;
        }
        byte[] message = new byte[StunRequest.HEADER_LENGTH + body + TRAILER];
        put(message, 0, type);
        put(message, 2, message.length - StunRequest.HEADER_LENGTH);
        System.arraycopy(request.buffer(), request.offset() + 4, message, 4, StunRequest.HEADER_LENGTH - 4);
        int at = StunRequest.HEADER_LENGTH;
        for (byte[] attribute : encoded) {
            System.arraycopy(attribute, 0, message, at, attribute.length);
            at += (attribute.length + 3) & ~3;
        }
        put(message, at, MESSAGE_INTEGRITY);
        put(message, at + 2, StunRequest.INTEGRITY_LENGTH);
        byte[] digest = mac.compute(message, 0, at);
        System.arraycopy(digest, 0, message, at + StunRequest.ATTRIBUTE_HEADER, digest.length);
        at += StunRequest.ATTRIBUTE_HEADER + StunRequest.INTEGRITY_LENGTH;
        byte[] checksum = FingerprintAttribute.calculateXorCRC32(message, 0, at);
        put(message, at, FINGERPRINT);
        put(message, at + 2, FINGERPRINT_LENGTH);
        System.arraycopy(checksum, 0, message, at + StunRequest.ATTRIBUTE_HEADER, FINGERPRINT_LENGTH);
        return message;
    }

    private static int unsignedShort(StunRequest request, int at) {
        int index = request.offset() + at;
        return ((request.buffer()[index] & 0xff) << 8) | (request.buffer()[index + 1] & 0xff);
    }

    private static void put(byte[] message, int at, int value) {
        message[at] = (byte) (value >> 8);
        message[at + 1] = (byte) value;
    }
}
