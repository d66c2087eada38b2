package io.ringdown.it;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Texts that would make more of a SIP message than was meant, if anything let them; the same for the same seed. */
final class HostileText {
    private static final List<String> PIECES = List.of(
            "\r\n",
            "\n",
            "\r",
            "\r\n\r\n",
            "\r\n X-Evil: 1",
            "\r\nX-Evil: 1\r\n",
            "\u000b",
            "\f",
            "\u0000",
            "\u0085",
            "\u2028",
            "\u2029",
            "\ud800",
            "\udc00",
            "\uffff",
            "%0d%0a",
            "%0d%0aX-Evil:%201",
            "%00",
            "\\r\\n",
            "X-Evil: 1",
            "Route: <sip:evil.example;lr>",
            "\"",
            "\\",
            "\\\"",
            "'",
            "<",
            ">",
            "<sip:evil@evil.example>",
            ";",
            ";tag=1",
            ";lr",
            ";phone-context=evil.example",
            "@",
            "@evil.example",
            "sip:",
            "tel:",
            ",",
            ":",
            "?",
            "?X-Evil=1",
            "&",
            "%",
            "=",
            "a",
            "Ann",
            "+49",
            "7",
            "#",
            "*",
            "(",
            "ü",
            "\uff11",
            "\u202e",
            "\u200b",
            "\ud83d\ude00",
            "=?utf-8?B?DQo=?=",
            " ",
            "\t",
            "\u007f",
            "INVITE sip:evil SIP/2.0",
            "SIP/2.0 200 OK");

    private final Random random;

    HostileText(long seed) {
        random = new Random(seed);
    }

    /** The next; one in fifty is very long. */
    String next() {
        StringBuilder text = new StringBuilder();
        int pieces = 1 + random.nextInt(random.nextInt(50) == 0 ? 300 : 5);
        for (int i = 0; i < pieces; i++) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }

    /** One of these, by chance. */
    String among(String... texts) {
        return texts[random.nextInt(texts.length)];
    }

    /** As a JSON string; lone surrogates stay what they are, which no JSON library would write. */
    static String json(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                json.append("\\u%04x".formatted((int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    /** As a part of a URI; a lone surrogate becomes three bytes that are no UTF-8. */
    static String percent(String text) {
        StringBuilder uri = new StringBuilder();
        text.codePoints().forEach(point -> {
            byte[] bytes = Character.isValidCodePoint(point) && (point < 0xd800 || point > 0xdfff)
                    ? Character.toString(point).getBytes(StandardCharsets.UTF_8)
                    : new byte[] {(byte) 0xed, (byte) (0x80 | (point >> 6 & 0x3f)), (byte) (0x80 | (point & 0x3f))};
            for (byte b : bytes) {
                uri.append("%%%02X".formatted(b & 0xff));
            }
        });
        return uri.toString();
    }
}
