package io.ringdown.media.sdp;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Reading and writing of the smallest parts of SDP. Nothing here throws for what the network sent. */
final class SdpText {
    private static final Pattern DOTTED_QUAD = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}");
    private static final Pattern IP6_LITERAL = Pattern.compile("[0-9A-Fa-f:]{2,39}");
    private static final int MOST_SHOWN = 80;

    private SdpText() {}

    /** A whole number without sign of at most {@code largest}. */
    static OptionalInt number(String text, int largest) {
        if (text.isEmpty() || text.length() > 9) {
            return OptionalInt.empty();
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return OptionalInt.empty();
            }
            value = value * 10 + digit;
        }
        return value <= largest ? OptionalInt.of(value) : OptionalInt.empty();
    }

    /**
     * The address of {@code IN IP4 192.0.2.1} or {@code IN IP6 2001:db8::1}, as in {@code c=}. Only plain unicast literals:
     * names are never looked up, and other spellings of an address are not taken.
     */
    static Optional<InetAddress> address(String connection) {
        String[] words = connection.strip().split(" +", 4);
        if (words.length != 3 || !words[0].equals("IN")) {
            return Optional.empty();
        }
        boolean written = switch (words[1]) {
            case "IP4" -> DOTTED_QUAD.matcher(words[2]).matches();
            case "IP6" -> IP6_LITERAL.matcher(words[2]).matches() && words[2].contains(":");
            default -> false;
        };
        return written ? literal(words[2]) : Optional.empty();
    }

    /** An address as {@code c=} has it. */
    static String connection(InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        return "IN " + (address instanceof Inet6Address ? "IP6 " : "IP4 ")
                + (scope < 0 ? text : text.substring(0, scope));
    }

    /** What may be repeated in an answer or a message. */
    static boolean isVisibleOrBlank(int character) {
        return character >= ' ' && character <= '~';
    }

    /** Foreign text for a message: short, and in visible characters only. */
    static String shown(String text) {
        String head = text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "…" : text;
        return head.replaceAll("[^ -~…]", "?");
    }

    private static Optional<InetAddress> literal(String text) {
        try {
            InetAddress address = InetAddress.ofLiteral(text);
            boolean broadcast = text.equals("255.255.255.255");
            return address.isMulticastAddress() || broadcast ? Optional.empty() : Optional.of(address);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
