package io.ringdown.sip;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A message of RFC 4475 or RFC 5118, from src/test/resources/torture.
 *
 * @param name the file's name without its ending: RFC, section, the RFC's name for it
 * @param text as it goes on the wire, each byte a character (ISO 8859-1)
 */
record TortureMessage(String name, String text) {
    private static final Pattern VIA =
            Pattern.compile("(?im)(^(?:via|v)\\s*:\\s*SIP\\s*/\\s*[0-9.]+\\s*/\\s*)(UDP|TCP|TLS)");
    private static final Pattern BRANCH = Pattern.compile("branch\\s*=\\s*([^;,\\s]+)");
    private static final Path DIRECTORY = Path.of("src/test/resources/torture");

    static List<TortureMessage> all() {
        try (var files = Files.list(DIRECTORY)) {
            return files.filter(file -> !file.toString().endsWith(".md"))
                    .sorted()
                    .map(TortureMessage::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TortureMessage read(Path file) {
        try {
            String name = file.getFileName().toString();
            byte[] bytes = Files.readAllBytes(file);
            return new TortureMessage(
                    name.substring(0, name.lastIndexOf('.')),
                    new String(name.endsWith(".lf") ? onTheWire(bytes) : bytes, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // RFC 5118's archive was made on a system whose lines end by LF: neither line ends, nor the two lost empty lines,
    // nor
    // the lengths of the bodies are what its messages are about.
    private static byte[] onTheWire(byte[] archived) {
        String text = new String(archived, StandardCharsets.UTF_8);
        int end = text.indexOf("\n\n");
        String head = end < 0 ? text.stripTrailing() : text.substring(0, end);
        String body = end < 0 ? "" : text.substring(end + 2).replace("\n", "\r\n");
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        return (head.replace("\n", "\r\n").replaceFirst("Content-Length: [0-9]+", "Content-Length: " + length)
                        + "\r\n\r\n"
                        + body)
                .getBytes(StandardCharsets.UTF_8);
    }

    /** The same over another transport, as its sender would have to say (RFC 3261 18.1.1). */
    TortureMessage over(SipTransport transport) {
        return new TortureMessage(name, VIA.matcher(text).replaceFirst("$1" + transport));
    }

    /** Whether its topmost Via says that it goes over this transport. */
    boolean saysItGoesOver(SipTransport transport) {
        Matcher via = VIA.matcher(text);
        return !via.find() || via.group(2).equals(transport.name());
    }

    boolean isRequest() {
        return !text.startsWith("SIP/");
    }

    /** What the stack takes for its transaction. */
    String branch() {
        Matcher m = BRANCH.matcher(text);
        return m.find() ? m.group(1) : name;
    }

    byte[] bytes() {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return name;
    }
}
