package io.ringdown.gateway.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.gateway.check.Finding.Grade;
import io.ringdown.sip.SipTransport;
import io.ringdown.sip.trace.TracedMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is read out of conversations with trunks. */
final class CallJudgeTest {
    private static final InetSocketAddress HERE = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 5060);
    private static final InetSocketAddress THERE = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.2"), 5060);
    private static final String SDP =
            "\n\nv=0\nm=audio 4000 RTP/AVP 8 9 101 0\na=rtpmap:101 telephone-event/8000\na=ptime:20";

    private final List<TracedMessage> said = new ArrayList<>();

    private CallJudgeTest us(String text) {
        return add(true, text);
    }

    private CallJudgeTest them(String text) {
        return add(false, text);
    }

    private CallJudgeTest add(boolean sent, String text) {
        said.add(TracedMessage.of(
                Instant.EPOCH,
                sent,
                SipTransport.UDP,
                sent ? HERE : THERE,
                sent ? THERE : HERE,
                Optional.of("carrier"),
                "a@b",
                text.replace("\n\n", "\nContent-Type: application/sdp\n\n").replace("\n", "\r\n") + "\r\n"));
        return this;
    }

    private CallJudge judge() {
        return new CallJudge(new Conversation(said));
    }

    private static void assertFinding(Finding finding, Grade grade, String... seen) {
        assertThat(finding.grade()).as(finding.text()).isEqualTo(grade);
        assertThat(finding.seen()).contains(seen);
        assertThat(finding.change().isEmpty())
                .as("only what is not right is to be changed")
                .isEqualTo(grade == Grade.OK);
    }

    @Test
    void wholeCallIsFoundInOrder() {
        us("INVITE sip:1@c SIP/2.0\nCSeq: 1 INVITE")
                .them("SIP/2.0 183 Session Progress\nCSeq: 1 INVITE\nServer: pbx" + SDP)
                .them("SIP/2.0 200 OK\nCSeq: 1 INVITE\nSession-Expires: 1800;refresher=uac" + SDP)
                .them("SIP/2.0 200 OK\nCSeq: 2 INVITE" + SDP + "\na=recvonly")
                .them("SIP/2.0 200 OK\nCSeq: 4 BYE");
        assertThat(judge().software()).hasValue("pbx");
        assertFinding(judge().credentials(false), Grade.OK, "address");
        assertFinding(
                judge().call(Duration.ofMillis(20), Optional.of(Duration.ofSeconds(2)), Optional.empty()),
                Grade.OK,
                "20 ms",
                "2000 ms");
        assertFinding(judge().earlyMedia(12), Grade.OK, "12 packets");
        assertFinding(judge().codecs(), Grade.OK, "PCMA, G722, PCMU, 20 ms");
        assertFinding(judge().telephoneEvent(), Grade.OK, "4733");
        assertFinding(judge().hold(Optional.of(200), Optional.of(200)), Grade.OK, "recvonly");
        assertFinding(judge().sessionTimer(), Grade.OK, "1800 s, refreshed by us");
        assertFinding(judge().hangUpByUs(), Grade.OK, "200");
    }

    @Test
    void whatIsSaidOutsideOfCallsIsJudgedToo() {
        assertFinding(judge().options(), Grade.NOTE, "no answer");
        assertFinding(judge().register(true), Grade.BAD, "no answer");
        assertThat(judge().register(false).grade()).isEqualTo(Grade.SKIPPED);
        assertThat(judge().transport()).isEmpty();
        us("OPTIONS sip:c SIP/2.0\nCSeq: 1 OPTIONS")
                .them("SIP/2.0 404 Not Found\nCSeq: 1 OPTIONS")
                .them("SIP/2.0 403 Forbidden\nCSeq: 1 REGISTER");
        assertFinding(judge().options(), Grade.OK, "404", "health.ping");
        assertFinding(judge().register(true), Grade.BAD, "403");
        assertFinding(judge().transport().orElseThrow(), Grade.OK, "UDP to 192.0.2.2 port 5060");
        them("SIP/2.0 200 OK\nCSeq: 2 REGISTER");
        assertFinding(judge().register(true), Grade.OK, "200");
    }

    @Test
    void refusedCredentialsAreToldFromMissingOnes() {
        String challenge = "SIP/2.0 401 Unauthorized\nCSeq: %d INVITE\n"
                + "WWW-Authenticate: Digest realm=\"carrier.example\", nonce=\"%d\", algorithm=SHA-256";
        them(challenge.formatted(1, 1));
        assertFinding(judge().credentials(false), Grade.BAD, "carrier.example, SHA-256", "got none");
        them(challenge.formatted(2, 2));
        assertFinding(judge().credentials(true), Grade.BAD, "refused ours");
        them("SIP/2.0 180 Ringing\nCSeq: 3 INVITE");
        assertFinding(judge().credentials(true), Grade.OK, "took ours");
    }

    @Test
    void refusedCallNamesStatusAndWhatMayHelp() {
        them("SIP/2.0 488 Not Acceptable Here\nCSeq: 1 INVITE");
        Finding call = judge().call(Duration.ZERO, Optional.empty(), Optional.of("refused by 488"));
        assertFinding(call, Grade.BAD, "488 Not Acceptable Here");
        assertThat(call.change()).contains("media.codecs");
    }

    @Test
    void whatIsMissingIsNoted() {
        them("SIP/2.0 200 OK\nCSeq: 1 INVITE\n\nv=0\nm=audio 4000 RTP/AVP 0");
        assertFinding(judge().telephoneEvent(), Grade.NOTE, "not agreed");
        assertFinding(judge().sessionTimer(), Grade.NOTE, "none");
        assertFinding(judge().hold(Optional.of(488), Optional.empty()), Grade.NOTE, "refused by 488");
        assertFinding(judge().hangUpByUs(), Grade.BAD, "not answered");
        assertFinding(judge().sound(0, 0, Duration.ofSeconds(3), Optional.of(HERE.getAddress())), Grade.BAD, "no RTP");
        assertThat(judge().sound(0, 0, Duration.ofSeconds(3), Optional.of(HERE.getAddress()))
                        .change())
                .contains("192.0.2.1");
        assertFinding(judge().sound(150, 20, Duration.ofSeconds(3), Optional.empty()), Grade.NOTE, "20 missing");
        assertFinding(judge().hangUpByTrunk(Duration.ofSeconds(30)), Grade.NOTE, "no BYE in 30 s");
    }

    @Test
    void linesAreAlignedAndWhatToChangeStandsBelow() {
        assertThat(Finding.bad("sound", "no RTP came", "open the firewall").text())
                .isEqualTo("  bad     sound            no RTP came\n                           -> open the firewall");
    }
}
