package io.ringdown.sip.dialog;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** The escaping rules of RFC 3261 25.1, so that nobody's number or name can become a header. */
public final class SipText {
    private static final Pattern NUMBER = Pattern.compile("\\+?[0-9*#A-Da-d]{1,32}");
    private static final int MAX_NAME = 64;
    private static final String USER_UNRESERVED = "-_.!~*'()&=+$,;?/";
    private static final String HEX = "0123456789ABCDEF";

    private SipText() {}

    /** Whether this can be dialled: digits, {@code * #}, a leading plus. */
    public static boolean isNumber(String text) {
        return NUMBER.matcher(text).matches();
    }

    /** The user part of a SIP URI; what is not allowed there, {@code #} among it, is escaped. */
    public static String user(String text) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = (c >= '0' && c <= '9')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= 'a' && c <= 'z')
                    || USER_UNRESERVED.indexOf(c) >= 0;
            if (plain) {
                out.append(c);
            } else {
                out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            }
        }
        return out.toString();
    }

    /** The text that an escaped user part stands for; as it was where the escapes are broken or hide control characters. */
    public static String unescaped(String escaped) {
        if (escaped.indexOf('%') < 0) {
            return escaped;
        }
        byte[] in = escaped.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(in.length);
        for (int i = 0; i < in.length; i++) {
            if (in[i] != '%') {
                out.put(in[i]);
                continue;
            }
            int high = i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
            int low = i + 2 < in.length ? Character.digit(in[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                return escaped;
            }
            out.put((byte) (high << 4 | low));
            i += 2;
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(out.flip())
                    .toString();
            return text.chars().anyMatch(Character::isISOControl) ? escaped : text;
        } catch (CharacterCodingException e) {
            return escaped;
        }
    }

    /** A quoted string: control characters gone, {@code "} and {@code \} escaped, 64 characters at most. */
    public static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        cleaned(text).codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                out.append('\\');
            }
            out.appendCodePoint(c);
        });
        return out.append('"').toString();
    }

    /** A display name without control characters, line separators and unpaired surrogates, 64 characters at most. */
    public static String cleaned(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints()
                .filter(c -> switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.SURROGATE,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.FORMAT,
                            Character.UNASSIGNED,
                            Character.PRIVATE_USE -> false;
                    default -> true;
                })
                .limit(MAX_NAME)
                .forEach(out::appendCodePoint);
        return out.toString().strip();
    }

    /** A number for the log: only its last three characters, and those only of a longer one. */
    public static String masked(String number) {
        return number.length() <= 4 ? "…" : "…" + number.substring(number.length() - 3);
    }

    /** A number for the log, or a dash. */
    public static String masked(Optional<String> number) {
        return number.map(SipText::masked).orElse("-");
    }
}
