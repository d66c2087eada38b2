package io.ringdown.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SipMessageTest {
    private static final String INVITE = String.join(
            "\r\n",
            "INVITE sip:+12025550100@127.0.0.1:5070;user=phone SIP/2.0",
            "Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK1",
            "v: SIP/2.0/UDP 127.0.0.1:5061;branch=z9hG4bK2",
            "From: <sip:a@x>;tag=1",
            "t: <sip:b@y>",
            "Call-ID: abc",
            "CSeq: 1 INVITE",
            "",
            "v=0",
            "");

    @Test
    void aRequestIsReadWithItsCompactNames() {
        SipMessage message = SipMessage.parse(INVITE).orElseThrow();
        assertThat(message.method()).isEqualTo("INVITE");
        assertThat(message.user()).isEqualTo("+12025550100");
        assertThat(message.header("to")).isEqualTo("<sip:b@y>");
        assertThat(message.body()).isEqualTo("v=0\r\n");
    }

    @Test
    void aResponseRepeatsWhatItMustAndTagsTo() {
        assertThat(SipMessage.parse(INVITE).orElseThrow().response("180 Ringing", "2"))
                .isEqualTo(String.join(
                        "\r\n",
                        "SIP/2.0 180 Ringing",
                        "Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK1",
                        "Via: SIP/2.0/UDP 127.0.0.1:5061;branch=z9hG4bK2",
                        "From: <sip:a@x>;tag=1",
                        "To: <sip:b@y>;tag=2",
                        "Call-ID: abc",
                        "CSeq: 1 INVITE",
                        ""));
    }

    @Test
    void responsesAndKeepAlivesAreNoRequests() {
        assertThat(SipMessage.parse("SIP/2.0 200 OK\r\n\r\n")).isEmpty();
        assertThat(SipMessage.parse("\r\n\r\n")).isEmpty();
    }
}
