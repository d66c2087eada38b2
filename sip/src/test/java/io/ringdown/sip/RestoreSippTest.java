package io.ringdown.sip;

import static io.ringdown.evidence.Row.IN_THE_CALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdown.evidence.Shows;
import io.ringdown.sip.Gateway.Incoming;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Calls that are written down by one gateway, which goes without a word, and ended or gone on with by another on the same address,
 * with SIPp as the trunk.
 */
@Shows(IN_THE_CALL)
final class RestoreSippTest {
    private static final HangupReason LOST = new HangupReason(41, "Temporary failure");

    private static TrunkSettings trunk(int port, String sippTransport) {
        SipTransport transport = sippTransport.equals("t1") ? SipTransport.TCP : SipTransport.UDP;
        return TrunkSettings.at(new TrunkAddress("127.0.0.1", port, transport));
    }

    /** One gateway after the other on one address, and what the first has written. */
    private static final class Lives implements AutoCloseable {
        private final int port = Sipp.freePort();
        private final TrunkSettings trunk;
        private final Book first = new Book();
        private final Book second = new Book();
        private Gateway gateway;

        Lives(TrunkSettings trunk) {
            this.trunk = trunk;
            this.gateway = Gateway.writing(first, Gateway.settings(port), trunk);
        }

        /** The first one's sockets close, and nothing is sent. */
        DialogState die(TrunkCall call) {
            DialogState written = first.only();
            call.abandon();
            gateway.close();
            assertThat(first.open()).as("what is let go is another's").isEmpty();
            return written;
        }

        TrunkCall rise(DialogState written, TrunkListener events) {
            second.leftOver(written);
            gateway = Gateway.writing(second, Gateway.settings(port), trunk);
            return gateway.trunks().restore(written, events);
        }

        @Override
        public void close() {
            gateway.close();
        }
    }

    @Test
    void anEstablishedCallOfOursIsEndedThroughItsProxies() {
        try (Sipp sipp = Sipp.uas("uas-restored");
                Lives lives = new Lives(trunk(sipp.port(), "u1"))) {
            Events before = new Events();
            TrunkCall call = lives.gateway.call(before);
            before.until(TrunkEvent.Answered.class);
            call.info(1, new InfoBody("application/dtmf-relay", "Signal=1\r\n"));
            before.until(TrunkEvent.InfoAnswered.class);
            DialogState written = lives.die(call);
            assertThat(written.stage()).isEqualTo(DialogState.Stage.CONFIRMED);
            assertThat(written.course().agreed().localSdp())
                    .as("no keys in the journal")
                    .isEmpty();
            Events after = new Events();
            lives.rise(written, after).hangUp(LOST);
            after.next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
            lives.second.awaitOpen(0);
            before.assertNothingMore();
            assertSame(sipp, "From:", "INVITE sip", "BYE sip");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"u1", "t1"})
    void anEstablishedCallOfTheirsIsEndedThroughItsProxy(String transport) {
        try (Sipp proxy = Sipp.uas("uas-bye-through-proxy", "-t", transport);
                Lives lives = new Lives(trunk(proxy.port(), "u1"));
                Sipp caller = Sipp.uac(
                        "uac-through-proxy", lives.port, "-t", transport, "-key", "proxy", "" + proxy.port())) {
            Incoming in = lives.gateway.incoming();
            in.call().answer(Gateway.OFFER);
            in.events().until(TrunkEvent.Confirmed.class);
            caller.assertSuccess();
            DialogState written = lives.die(in.call());
            Events after = new Events();
            lives.rise(written, after).hangUp(LOST);
            after.next(TrunkEvent.Ended.class);
            proxy.assertSuccess();
            lives.second.awaitOpen(0);
        }
    }

    /** Names in a Contact are not looked up, and the connection that the call came over is gone. */
    @Test
    void aCallOfTheirsOverAConnectionWhoseContactIsANameIsEndedWhereTheTrunkIs() {
        try (Sipp trunk = Sipp.uas("uas-bye-named", "-t", "t1");
                Lives lives = new Lives(trunk(trunk.port(), "t1"));
                Sipp caller = Sipp.uac("uac-named", lives.port, "-t", "t1")) {
            Incoming in = lives.gateway.incoming();
            in.call().answer(Gateway.OFFER);
            in.events().until(TrunkEvent.Confirmed.class);
            caller.assertSuccess();
            DialogState written = lives.die(in.call());
            assertThat(written.way().port()).isNotEqualTo(trunk.port());
            lives.rise(written, new Events()).hangUp(LOST);
            trunk.assertSuccess();
            lives.second.awaitOpen(0);
        }
    }

    @Test
    void aCallOfOursThatRingsIsCancelledByWhatHadLeftAndItsRefusalAcknowledged() {
        try (Sipp sipp = Sipp.uas("uas-cancel");
                Lives lives = new Lives(trunk(sipp.port(), "u1"))) {
            Events before = new Events();
            TrunkCall call = lives.gateway.call(before);
            before.until(TrunkEvent.Progress.class);
            DialogState written = lives.die(call);
            assertThat(written.stage()).isEqualTo(DialogState.Stage.EARLY);
            Events after = new Events();
            lives.rise(written, after).hangUp(HangupReason.NORMAL);
            assertThat(after.next(TrunkEvent.Failed.class).failure()).isEqualTo(new TrunkFailure.Cancelled());
            sipp.assertSuccess();
            lives.second.awaitOpen(0);
            for (String header : new String[] {"Via:", "From:", "Call-ID:"}) {
                assertSame(sipp, header, "INVITE sip", "CANCEL sip");
                assertSame(sipp, header, "INVITE sip", "ACK sip");
            }
            assertThat(first(sipp, "CANCEL (sip\\S+)").group(1))
                    .isEqualTo(first(sipp, "INVITE (sip\\S+)").group(1));
        }
    }

    /** SIPp answers on the connection that a call has begun on, which is gone: behind Kamailio it need not. */
    @ParameterizedTest
    @ValueSource(strings = {"u1", "t1"})
    void aProxyFindsTheCallThatIsEnded(String transport) {
        try (Sipp sipp = Sipp.uas("uas-answered-behind-proxy");
                Kamailio proxy = Kamailio.proxyTo(sipp.port());
                Lives lives = new Lives(trunk(proxy.port(), transport))) {
            Events before = new Events();
            TrunkCall call = lives.gateway.call(before);
            before.until(TrunkEvent.Answered.class);
            sipp.awaitMessage("ACK sip", 1);
            DialogState written = lives.die(call);
            assertThat(written.course().routeSet()).isNotEmpty();
            Events after = new Events();
            lives.rise(written, after).hangUp(LOST);
            after.next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
            lives.second.awaitOpen(0);
        }
    }

    /** Kamailio leads a CANCEL on only where it finds the INVITE by it, and stops its 487 by our ACK. */
    @ParameterizedTest
    @ValueSource(strings = {"u1", "t1"})
    void aProxyFindsTheInviteThatIsCancelled(String transport) {
        try (Sipp sipp = Sipp.uas("uas-cancelled-behind-proxy");
                Kamailio proxy = Kamailio.proxyTo(sipp.port());
                Lives lives = new Lives(trunk(proxy.port(), transport))) {
            Events before = new Events();
            TrunkCall call = lives.gateway.call(before);
            while (before.next(TrunkEvent.class) instanceof TrunkEvent.Trying) {
                // Kamailio's 100 is not what we wait for.
            }
            DialogState written = lives.die(call);
            lives.rise(written, new Events()).hangUp(LOST);
            sipp.assertSuccess();
            lives.second.awaitOpen(0);
        }
    }

    @Test
    void aCallOfOursThatIsAnsweredMeanwhileGetsItsAckAndBye() {
        try (Sipp sipp = Sipp.uas("uas-cancel-crosses-answer");
                Lives lives = new Lives(trunk(sipp.port(), "u1"))) {
            Events before = new Events();
            TrunkCall call = lives.gateway.call(before);
            before.until(TrunkEvent.Progress.class);
            DialogState written = lives.die(call);
            lives.rise(written, new Events()).hangUp(LOST);
            sipp.assertSuccess();
            lives.second.awaitOpen(0);
            assertSame(sipp, "Via:.*branch=", "INVITE sip", "CANCEL sip");
        }
    }

    @Test
    void aCallOfTheirsThatRingsIsRefusedUntilTheyAcknowledge() {
        try (Lives lives = new Lives(trunk(Sipp.freePort(), "u1"));
                Sipp sipp = Sipp.uac("uac-orphaned", lives.port)) {
            Incoming in = lives.gateway.incoming();
            in.call().ring();
            sipp.awaitMessage("SIP/2.0 180", 1);
            DialogState written = lives.die(in.call());
            Events after = new Events();
            lives.rise(written, after).hangUp(LOST);
            assertThat(after.next(TrunkEvent.Ended.class).q850()).hasValue(41);
            sipp.assertSuccess();
            assertThat(sipp.count("SIP/2.0 503")).as("Timer G").isGreaterThan(1);
            lives.second.awaitOpen(0);
        }
    }

    /** RFC 3261 18.2.2: the connection of the INVITE is gone, so the refusal goes to the port of its Via by a new one. */
    @Test
    void aCallOfTheirsThatRangOverAConnectionIsRefusedOverANewOne() throws IOException {
        try (ServerSocket theirs = new ServerSocket(0, 5, Sipp.LOOPBACK);
                Lives lives = new Lives(trunk(theirs.getLocalPort(), "t1"));
                Socket connection = new Socket(Sipp.LOOPBACK, lives.port)) {
            theirs.setSoTimeout(30_000);
            String invite = """
                    INVITE sip:+4930123456@127.0.0.1 SIP/2.0
                    Via: SIP/2.0/TCP 127.0.0.1:%1$d;branch=z9hG4bKfirst;rport
                    Via: SIP/2.0/UDP 192.0.2.77;branch=z9hG4bKbehind
                    From: <sip:+12025550111@127.0.0.1>;tag=theirs
                    To: <sip:+4930123456@127.0.0.1>
                    Call-ID: orphan-over-tcp
                    CSeq: 7 INVITE
                    Max-Forwards: 70
                    Contact: <sip:bob@127.0.0.1:%1$d;transport=tcp>
                    Content-Length: 0

                    """.formatted(theirs.getLocalPort()).replace("\n", "\r\n");
            connection.getOutputStream().write(invite.getBytes(StandardCharsets.US_ASCII));
            Incoming in = lives.gateway.incoming();
            in.call().ring();
            lives.first.awaitOpen(1);
            DialogState written = lives.die(in.call());
            lives.rise(written, new Events()).hangUp(LOST);
            try (Socket back = theirs.accept()) {
                back.setSoTimeout(30_000);
                byte[] bytes = new byte[4096];
                String refusal = "";
                while (!refusal.endsWith("\r\n\r\n")) {
                    int n = back.getInputStream().read(bytes);
                    assertThat(n).as("after %s", refusal).isPositive();
                    refusal += new String(bytes, 0, n, StandardCharsets.US_ASCII);
                }
                assertThat(refusal)
                        .startsWith("SIP/2.0 503 ")
                        .containsSubsequence("branch=z9hG4bKfirst", "branch=z9hG4bKbehind")
                        .contains("CSeq: 7 INVITE", "tag=" + written.localTag(), "Reason: Q.850;cause=41");
            }
        }
    }

    @Test
    void anEstablishedCallGoesOnInAllItsLife() {
        try (Sipp sipp = Sipp.uas("uas-restored-life");
                Lives lives = new Lives(Gateway.withPassword(sipp.port(), "pass"))) {
            Events before = new Events();
            TrunkCall call = lives.gateway.call(before);
            before.until(TrunkEvent.Answered.class);
            DialogState written = call.state().orElseThrow();
            assertThat(written.course().settled()).isTrue();
            assertThat(written.toString()).doesNotContain("2025550100");
            lives.die(call);
            Events after = new Events();
            TrunkCall moved = lives.rise(written, after);
            moved.reoffer(Gateway.OFFER + "a=sendonly\r\n");
            after.next(TrunkEvent.ReofferAnswered.class);
            assertThat(after.next(TrunkEvent.InfoReceived.class).body().text()).contains("Signal=5");
            moved.hangUp(HangupReason.NORMAL);
            after.next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
            lives.second.awaitOpen(0);
        }
    }

    @Test
    void aCallIsWrittenAndGoesOnWithinOneGateway() {
        Book book = new Book();
        try (Sipp sipp = Sipp.uas("uas-bye");
                Gateway gateway = Gateway.writing(book, Gateway.settings(), trunk(sipp.port(), "u1"))) {
            Events before = new Events();
            TrunkCall call = gateway.call(before);
            before.until(TrunkEvent.Answered.class);
            sipp.awaitMessage("ACK sip", 1);
            DialogState known = call.state().orElseThrow();
            assertThatThrownBy(() -> gateway.trunks().restore(known, new Events()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("here already");
            DialogState written = call.letGo().join().orElseThrow();
            book.leftOver(written);
            Events after = new Events();
            gateway.trunks().restore(written, after);
            after.next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
            book.awaitOpen(0);
            before.assertNothingMore();
            assertThat(book.told().stream().filter("opening"::equals))
                    .as("what is restored is there, and not about to be")
                    .hasSize(1);
            assertThat(book.told().stream().filter("closed"::equals)).hasSize(2);
        }
    }

    /** Whoever lets go of a call has had its BYE, or whoever goes on with it will. */
    @Test
    void aCallThatHasSomethingUnderWayIsNotLetGoAndGoesOn() {
        try (Sipp sipp = Sipp.uas("uas-bye");
                Gateway gateway = Gateway.towards(trunk(sipp.port(), "u1"))) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            assertThat(call.letGo().join()).as("not answered").isEmpty();
            events.until(TrunkEvent.Answered.class);
            events.until(TrunkEvent.Ended.class);
            assertThat(call.letGo().join()).as("over").isEmpty();
            sipp.assertSuccess();
        }
    }

    @Test
    void aTrunkThatIsNotThereAnyMoreIsSaidSo() {
        try (Sipp sipp = Sipp.uas("uas-cancel");
                Gateway gateway = Gateway.towards(sipp.port());
                Gateway other = Gateway.with(Gateway.settings(), Map.of("other", trunk(sipp.port(), "u1")))) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            events.until(TrunkEvent.Progress.class);
            DialogState written = call.state().orElseThrow();
            assertThatThrownBy(() -> other.trunks().restore(written, new Events()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no trunk is named peer any more");
            call.hangUp(HangupReason.NORMAL);
            sipp.assertSuccess();
        }
    }

    @Test
    void aGatewayThatIsStoppedLeavesWhatWasWrittenToTheNext() {
        try (Sipp sipp = Sipp.uas("uas-cancel");
                Gateway gateway = Gateway.towards(sipp.port())) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            events.until(TrunkEvent.Progress.class);
            DialogState written = call.state().orElseThrow();
            gateway.trunks().close();
            assertThatThrownBy(() -> gateway.trunks().restore(written, new Events()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("being closed");
        }
    }

    @Test
    void aGatewayThatDrainsTakesNoNewCallsAndKeepsThoseThatItHas() {
        try (Sipp callee = Sipp.uas("uas-bye");
                Gateway gateway = Gateway.towards(callee.port())) {
            Events events = new Events();
            gateway.call(events);
            events.until(TrunkEvent.Answered.class);
            gateway.trunks().drain();
            try (Sipp caller = Sipp.uac("uac-drained", gateway.port())) {
                caller.assertSuccess();
            }
            assertThat(gateway.hasIncoming()).isFalse();
            events.next(TrunkEvent.Ended.class);
            callee.assertSuccess();
        }
    }

    private static void assertSame(Sipp sipp, String header, String one, String other) {
        assertThat(first(sipp, other + "[\\s\\S]*?\r?\n(" + header + "[^\r\n]*)")
                        .group(1))
                .as("%s of %s", header, other)
                .isEqualTo(first(sipp, one + "[\\s\\S]*?\r?\n(" + header + "[^\r\n]*)")
                        .group(1));
    }

    private static MatchResult first(Sipp sipp, String regex) {
        var found = Pattern.compile(regex).matcher(sipp.messages());
        assertThat(found.find()).as("%s in %s", regex, sipp.messages()).isTrue();
        return found.toMatchResult();
    }
}
