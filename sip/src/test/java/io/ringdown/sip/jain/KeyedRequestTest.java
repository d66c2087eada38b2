package io.ringdown.sip.jain;

import static org.assertj.core.api.Assertions.assertThat;

import gov.nist.javax.sip.message.SIPMessage;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which requests belong to one server transaction (RFC 3261 17.2.3). */
final class KeyedRequestTest {
    private static final List<String> BRANCHES = List.of("z9hG4bKa", "z9hG4bKb", "Z9HG4BKa");
    private static final List<String> SENT_BY = List.of("192.0.2.1", "192.0.2.1:5070", "192.0.2.2", "carrier.example");
    private static final List<String> METHODS = List.of("INVITE", "ACK", "CANCEL", "BYE", "OPTIONS");

    private final GuardedParser parser = new GuardedParser(new Counters());

    /** What a request is found by, and what else may be different. */
    private record Sent(String branch, String sentBy, String method, int cseq) {
        boolean isOfTheTransactionOf(Sent other) {
            return branch.equalsIgnoreCase(other.branch)
                    && sentBy.equals(other.sentBy)
                    && method.replace("ACK", "INVITE").equals(other.method.replace("ACK", "INVITE"));
        }
    }

    @Test
    void branchAndSentByAndMethodMakeATransactionAndNothingElseDoes() throws ParseException {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 3000; i++) {
            Sent one = any(random);
            Sent other = any(random);
            assertThat(id(one).equals(id(other)))
                    .as("-Dseed=%d: %s and %s", seed, one, other)
                    .isEqualTo(one.isOfTheTransactionOf(other));
        }
    }

    private static Sent any(Random random) {
        return new Sent(
                BRANCHES.get(random.nextInt(BRANCHES.size())),
                SENT_BY.get(random.nextInt(SENT_BY.size())),
                METHODS.get(random.nextInt(METHODS.size())),
                random.nextInt(3));
    }

    private String id(Sent sent) throws ParseException {
        String text =
                """
                %3$s sip:1@192.0.2.9 SIP/2.0
                Via: SIP/2.0/UDP %2$s;branch=%1$s;rport
                Via: SIP/2.0/UDP 198.51.100.1;branch=z9hG4bKbehind
                From: <sip:a@192.0.2.1>;tag=f%4$d
                To: <sip:1@192.0.2.9>
                Call-ID: c%4$d
                CSeq: %4$d %3$s
                Contact: <sip:a@192.0.2.1>
                Max-Forwards: 70
                Content-Length: 0

                """.formatted(sent.branch, sent.sentBy, sent.method, sent.cseq).replace("\n", "\r\n");
        SIPMessage read = parser.parseSIPMessage(text.getBytes(StandardCharsets.US_ASCII), true, false, null);
        return Objects.requireNonNull(read).getTransactionId();
    }
}
