package io.ringdown.sip.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.SipTransport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class MessageTraceTest {
    private static final InetSocketAddress US = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 5060);
    private static final InetSocketAddress TRUNK = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.2"), 5060);

    private static TraceSettings keeping(int calls, int perCall, int perTrunk) {
        return new TraceSettings(calls, perCall, perTrunk, Optional.empty(), 1, Optional.empty());
    }

    private static TracedMessage message(String callId, String method, String trunk) {
        return TracedMessage.of(
                Instant.EPOCH,
                true,
                SipTransport.UDP,
                US,
                TRUNK,
                Optional.of(trunk),
                callId,
                method + " sip:a SIP/2.0\r\nCall-ID: " + callId + "\r\n\r\n");
    }

    private static String method(TracedMessage message) {
        return message.firstLine().substring(0, message.firstLine().indexOf(' '));
    }

    @Test
    void ofALongCallTheBeginningAndTheEndAreKept() {
        MessageTrace trace = new MessageTrace(keeping(10, 6, 0));
        IntStream.range(0, 20).forEach(i -> trace.add(message("call", "M" + i, "t")));
        assertThat(trace.ofCall("call"))
                .extracting(MessageTraceTest::method)
                .containsExactly("M0", "M1", "M2", "M17", "M18", "M19");
        assertThat(trace.leftOut("call")).isEqualTo(14);
    }

    private static TracedMessage said(boolean sent, String firstLine, String cseq) {
        return TracedMessage.of(
                Instant.EPOCH,
                sent,
                SipTransport.UDP,
                sent ? US : TRUNK,
                sent ? TRUNK : US,
                Optional.empty(),
                "call",
                firstLine + "\r\nCSeq: " + cseq + "\r\n\r\n");
    }

    @Test
    void whatIsToldOfBeforeTheMessageThatItAnswersIsPutBehindIt() {
        MessageTrace trace = new MessageTrace(keeping(10, 8, 0));
        trace.add(said(false, "SIP/2.0 100 Trying", "1 INVITE"));
        trace.add(said(false, "SIP/2.0 180 Ringing", "1 INVITE"));
        trace.add(said(true, "INVITE sip:a SIP/2.0", "1 INVITE"));
        trace.add(said(false, "INVITE sip:b SIP/2.0", "7 INVITE"));
        trace.add(said(false, "ACK sip:b SIP/2.0", "7 ACK"));
        trace.add(said(true, "SIP/2.0 200 OK", "7 INVITE"));
        trace.add(said(false, "BYE sip:b SIP/2.0", "8 BYE"));
        trace.add(said(true, "SIP/2.0 200 OK", "8 BYE"));
        assertThat(trace.ofCall("call"))
                .extracting(TracedMessage::firstLine)
                .containsExactly(
                        "INVITE sip:a SIP/2.0",
                        "SIP/2.0 100 Trying",
                        "SIP/2.0 180 Ringing",
                        "INVITE sip:b SIP/2.0",
                        "SIP/2.0 200 OK",
                        "ACK sip:b SIP/2.0",
                        "BYE sip:b SIP/2.0",
                        "SIP/2.0 200 OK");
    }

    @Test
    void theOldestCallMakesRoom() {
        MessageTrace trace = new MessageTrace(keeping(2, 4, 0));
        trace.add(message("a", "INVITE", "t"));
        trace.add(message("b", "INVITE", "t"));
        trace.add(message("c", "INVITE", "t"));
        assertThat(trace.ofCall("a")).isEmpty();
        assertThat(trace.calls()).extracting(MessageTrace.Summary::callId).containsExactly("c", "b");
    }

    @Test
    void manyBigCallsNeverTakeMoreThanTheBound() {
        MessageTrace trace = new MessageTrace(keeping(100_000, 4, 0));
        String big = "X-Pad: " + "x".repeat(5000) + "\r\n";
        for (int i = 0; i < 10_000; i++) {
            trace.add(TracedMessage.of(
                    Instant.EPOCH,
                    false,
                    SipTransport.TCP,
                    TRUNK,
                    US,
                    Optional.empty(),
                    "call" + i,
                    "INVITE sip:a SIP/2.0\r\n" + big + "\r\n"));
        }
        long kept = trace.calls().stream()
                .flatMap(call -> trace.ofCall(call.callId()).stream())
                .mapToLong(message -> message.text().length())
                .sum();
        assertThat(kept).isBetween(1L << 20, 32L << 20);
        assertThat(trace.ofCall("call9999")).hasSize(1);
    }

    @Test
    void aCallIsFoundByTheApplicationsNameToo() {
        MessageTrace trace = new MessageTrace(keeping(1, 4, 0));
        trace.name("a", "0f0f");
        trace.add(message("a", "INVITE", "t"));
        assertThat(trace.ofCall("0f0f")).hasSize(1);
        trace.add(message("b", "INVITE", "t"));
        assertThat(trace.ofCall("0f0f")).as("forgotten with its call").isEmpty();
    }

    @Test
    void aNameStandsForAllThatWasTriedUnderIt() {
        MessageTrace trace = new MessageTrace(keeping(5, 4, 0));
        trace.add(message("a", "FIRST", "t"));
        trace.name("a", "0f0f");
        trace.add(message("b", "SECOND", "other"));
        trace.name("b", "0f0f");
        assertThat(trace.ofCall("0f0f")).extracting(MessageTraceTest::method).containsExactly("FIRST", "SECOND");
    }

    @Test
    void aTrunksLatestMessagesAreKeptWhateverTheyBelongTo() {
        MessageTrace trace = new MessageTrace(keeping(0, 4, 3));
        IntStream.range(0, 5).forEach(i -> trace.add(message("c" + i, "M" + i, i == 2 ? "other" : "t")));
        assertThat(trace.ofTrunk("t")).extracting(MessageTraceTest::method).containsExactly("M1", "M3", "M4");
        assertThat(trace.ofCall("c4")).as("no call is kept").isEmpty();
    }
}
