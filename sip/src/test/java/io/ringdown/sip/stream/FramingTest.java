package io.ringdown.sip.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdown.sip.dialog.MessageGuard;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FramingTest {

    private static String message(int body) {
        return "OPTIONS sip:a SIP/2.0\r\nContent-Length: " + body + "\r\n\r\n" + "b".repeat(body);
    }

    private static List<String> parts(Framing framing) throws Framing.Broken {
        List<String> found = new ArrayList<>();
        for (var part = framing.next(); part.isPresent(); part = framing.next()) {
            found.add(
                    switch (part.get()) {
                        case Framing.Part.Message(byte[] bytes) -> new String(bytes, StandardCharsets.ISO_8859_1);
                        case Framing.Part.LineEnd() -> "";
                    });
        }
        return found;
    }

    private static List<String> fed(String text) throws Framing.Broken {
        Framing framing = new Framing();
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        List<String> found = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            int count = Math.min(framing.room(), bytes.length - at);
            framing.feed(Arrays.copyOfRange(bytes, at, at + count), count);
            found.addAll(parts(framing));
            at += count;
        }
        return found;
    }

    @Test
    void whateverTheSegmentsTheMessagesAreTheSame() throws Framing.Broken {
        long seed = Long.getLong("ringdown.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            List<String> sent = new ArrayList<>();
            StringBuilder stream = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                String next = random.nextInt(3) == 0 ? "" : message(random.nextInt(900));
                sent.add(next);
                stream.append(next.isEmpty() ? "\r\n" : next);
            }
            Framing framing = new Framing();
            List<String> found = new ArrayList<>();
            byte[] bytes = stream.toString().getBytes(StandardCharsets.ISO_8859_1);
            for (int at = 0; at < bytes.length; ) {
                int count = Math.min(1 + random.nextInt(300), bytes.length - at);
                framing.feed(Arrays.copyOfRange(bytes, at, at + count), count);
                found.addAll(parts(framing));
                at += count;
            }
            assertThat(found).as("seed %d, round %d", seed, round).isEqualTo(sent);
            assertThat(framing.isPartial()).isFalse();
        }
    }

    @Test
    void compactLengthAndBareLineEndsAreRead() throws Framing.Broken {
        assertThat(fed("BYE sip:a SIP/2.0\nl: 2\n\nxx\n")).containsExactly("BYE sip:a SIP/2.0\nl: 2\n\nxx", "");
    }

    @Test
    void streamThatCannotBeCutIsBroken() {
        for (String bad : List.of(
                "OPTIONS sip:a SIP/2.0\r\n\r\n",
                "OPTIONS sip:a SIP/2.0\r\nContent-Length: 1\r\nl: 2\r\n\r\n",
                "OPTIONS sip:a SIP/2.0\r\nContent-Length: -5\r\n\r\n",
                "OPTIONS sip:a SIP/2.0\r\nContent-Length: 999999999\r\n\r\n",
                message(MessageGuard.MAX_MESSAGE),
                "x".repeat(MessageGuard.MAX_MESSAGE + 1))) {
            assertThatThrownBy(() -> fed(bad))
                    .as(bad.substring(0, Math.min(60, bad.length())))
                    .isInstanceOf(Framing.Broken.class);
        }
    }
}
