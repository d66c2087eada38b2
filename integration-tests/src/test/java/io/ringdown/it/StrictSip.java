package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A SIP message read as strictly as RFC 3261 §25.1 lets one, from the bytes of a datagram: no folding, no compact names, no
 * control character anywhere in its head, a Content-Length that is true. What is anything else is a failure.
 *
 * @param start its first line
 * @param headers in their order
 * @param body what follows the empty line
 */
record StrictSip(String start, List<Header> headers, String body) {
    private static final Pattern LINE = Pattern.compile("([A-Za-z][A-Za-z0-9-]+): (.*)", Pattern.DOTALL);

    /** One header field. */
    record Header(String name, String value) {}

    /** Reads the bytes of one datagram. */
    static StrictSip read(byte[] datagram) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(datagram))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new AssertionError("no UTF-8: " + new String(datagram, StandardCharsets.ISO_8859_1), e);
        }
        int end = text.indexOf("\r\n\r\n");
        assertThat(end).as("a head that ends: %s", text).isPositive();
        String body = text.substring(end + 4);
        List<String> lines = List.of(text.substring(0, end).split("\r\n", -1));
        List<Header> headers = new ArrayList<>();
        for (String line : lines) {
            assertThat(line.codePoints().noneMatch(StrictSip::endsALineForSomebody))
                    .as("no control character in: %s", line)
                    .isTrue();
        }
        for (String line : lines.subList(1, lines.size())) {
            Matcher header = LINE.matcher(line);
            assertThat(header.matches()).as("a header field: %s", line).isTrue();
            headers.add(new Header(header.group(1), header.group(2)));
        }
        StrictSip message = new StrictSip(lines.getFirst(), List.copyOf(headers), body);
        assertThat(message.only("Content-Length"))
                .as(text)
                .isEqualTo(Integer.toString(body.getBytes(StandardCharsets.UTF_8).length));
        return message;
    }

    private static boolean endsALineForSomebody(int codePoint) {
        return Character.isISOControl(codePoint) || codePoint == 0x2028 || codePoint == 0x2029;
    }

    String method() {
        return start.substring(0, start.indexOf(' '));
    }

    List<String> names() {
        return headers.stream().map(Header::name).toList();
    }

    /** The value of the header that it has once. */
    String only(String name) {
        assertThat(named(name)).as("%s of %s", name, this).hasSize(1);
        return named(name).getFirst();
    }

    Optional<String> maybe(String name) {
        assertThat(named(name)).as("%s of %s", name, this).hasSizeLessThan(2);
        return named(name).stream().findFirst();
    }

    private List<String> named(String name) {
        return headers.stream()
                .filter(header -> header.name.toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT)))
                .map(Header::value)
                .toList();
    }
}
