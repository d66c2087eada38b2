package io.ringdown.sip;

import static io.ringdown.evidence.Row.HYGIENE;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What our messages tell of the machine: the advertised name and nothing else. The gateway is bound to an address of its own,
 * which must not be said.
 */
@Shows(HYGIENE)
final class HidingTest {
    private static final String BOUND = "127.0.0.77";
    private static final String ADVERTISED = "sip.example.net";
    private static final String SDP = Gateway.OFFER.replace("127.0.0.1", "203.0.113.7");
    private static final Pattern TOKEN = Pattern.compile("[0-9a-f]{32}");

    private static SipSettings hidden(String userAgent) {
        return SipSettings.defaults()
                .withUserAgent(userAgent)
                .withListen(List.of(new ListenAddress(
                        InetAddress.ofLiteral(BOUND),
                        0,
                        Set.of(SipTransport.UDP, SipTransport.TCP),
                        Optional.of(new HostPort(ADVERTISED, OptionalInt.of(5060))))));
    }

    private static TrunkSettings trunk(int port) {
        return TrunkSettings.at(new TrunkAddress("127.0.0.1", port, SipTransport.UDP));
    }

    private static Set<String> ofThisMachine() throws Exception {
        Set<String> names =
                new HashSet<>(Set.of(BOUND, InetAddress.getLocalHost().getHostName(), System.getProperty("user.home")));
        for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
            each.inetAddresses()
                    .map(address -> address.getHostAddress().replaceFirst("%.*", ""))
                    .filter(address -> !address.equals("127.0.0.1") && !address.equals("0:0:0:0:0:0:0:1"))
                    .forEach(names::add);
        }
        names.remove("localhost");
        return names;
    }

    // Each message that SIPp notes begins behind such a line.
    private static List<String> sentByUs(Sipp sipp) {
        List<String> ours = new ArrayList<>();
        for (String part : sipp.messages().split("-{20,}[^\n]*\n", -1)) {
            Matcher received =
                    Pattern.compile("(?s)\\S+ message received [^\n]*:\\s+(.*)").matcher(part);
            if (received.matches()) {
                ours.add(received.group(1));
            }
        }
        return ours;
    }

    private static List<String> messagesOfCallsOutAndIn(String userAgent) throws Exception {
        List<String> ours = new ArrayList<>();
        try (Sipp answering = Sipp.uas("uas-load");
                Sipp ringing = Sipp.uas("uas-cancel");
                Sipp challenging = Sipp.uas("uas-auth-refused");
                Gateway gateway = Gateway.with(hidden(userAgent), trunk(answering.port()));
                Gateway cancelling = Gateway.with(hidden(userAgent), trunk(ringing.port()));
                Gateway challenged = Gateway.with(
                        hidden(userAgent),
                        trunk(challenging.port()).withCredentials("user", new Secret("pass"), Optional.empty()));
                Sipp calling = Sipp.uacCalling(BOUND, "uac-reinvite-video", gateway.port())) {
            Events out = new Events();
            TrunkCall call = gateway.call("peer", out, SDP);
            out.until(TrunkEvent.Answered.class);
            call.hangUp(HangupReason.NORMAL);
            answering.assertSuccess();

            Events rings = new Events();
            TrunkCall cancelled = cancelling.call("peer", rings, SDP);
            rings.until(TrunkEvent.Progress.class);
            cancelled.hangUp(HangupReason.NORMAL);
            ringing.assertSuccess();

            Events refused = new Events();
            challenged.call("peer", refused, SDP);
            refused.next(TrunkEvent.Failed.class);
            challenging.assertSuccess();

            takeEverything(gateway.incoming());
            calling.assertSuccess();
            List.of(answering, ringing, challenging, calling).forEach(sipp -> ours.addAll(sentByUs(sipp)));
        }
        return ours;
    }

    private static void takeEverything(Gateway.Incoming in) {
        in.call().answer(SDP);
        in.events().next(TrunkEvent.Confirmed.class);
        in.events().next(TrunkEvent.Reoffer.class);
        in.call().rejectReoffer();
        in.events().next(TrunkEvent.Reoffer.class);
        in.call().acceptReoffer(SDP);
        in.events().next(TrunkEvent.Reoffer.class);
        in.call().acceptReoffer(SDP);
        in.events().next(TrunkEvent.OfferWanted.class);
        in.call().acceptReoffer(SDP);
        in.events().next(TrunkEvent.AnswerInAck.class);
        in.events().next(TrunkEvent.Ended.class);
    }

    @Test
    void noMessageOfAWholeCallNamesTheMachine() throws Exception {
        List<String> ours = messagesOfCallsOutAndIn("");
        assertThat(ours)
                .hasSizeGreaterThan(15)
                .anyMatch(m -> m.contains("Warning:"))
                .anyMatch(m -> m.startsWith("CANCEL"));
        Set<String> secrets = ofThisMachine();
        assertThat(ours)
                .allSatisfy(message -> assertThat(withoutThePeersWords(message)).doesNotContain(secrets));
        assertThat(ours)
                .allSatisfy(
                        message -> assertThat(message).doesNotContainIgnoringCase("User-Agent:", "Server:", "java"));
    }

    @Test
    void nameThatIsConfiguredIsSaidAsUserAgentInRequestsAndAsServerInResponses() throws Exception {
        List<String> said = messagesOfCallsOutAndIn("Acme").stream()
                .filter(message ->
                        message.startsWith("SIP/2.0 2") || message.startsWith("INVITE") || message.startsWith("BYE"))
                .toList();
        assertThat(said)
                .hasSizeGreaterThan(8)
                .allSatisfy(message -> assertThat(message)
                        .containsPattern(
                                message.startsWith("SIP") ? "\nServer: Acme\r?\n" : "\nUser-Agent: Acme\r?\n"));
    }

    // A trunk that calls has named us by the address that it sent to, and hears its To again (RFC 3261 8.2.6.2).
    private static String withoutThePeersWords(String message) {
        return message.replaceAll("(?m)^(To|From): <sip:\\+4930123456@[^\n]*\n", "");
    }

    // 128 bits, each drawn once: whoever has not seen a message cannot say what is in it.
    @Test
    void tokensOfOursAre128BitsAndNeverTheSame() throws Exception {
        List<String> ours = messagesOfCallsOutAndIn("");
        Set<String> callIds = new HashSet<>();
        Set<String> branches = new HashSet<>();
        Set<String> tags = new HashSet<>();
        for (String message : ours) {
            boolean request = !message.startsWith("SIP/2.0");
            if (request) {
                branches.add(found("branch=z9hG4bK([^;\r]*)", message));
                tags.add(found("From:[^\r]*;tag=([^;\r]*)", message));
                if (message.startsWith("INVITE")) {
                    callIds.add(found("Call-ID: ([^@\r]*)@" + ADVERTISED, message));
                }
            } else if (!message.startsWith("SIP/2.0 100")) {
                tags.add(found("To:[^\r]*;tag=([^;\r]*)", message));
            }
        }
        assertThat(callIds).hasSize(3);
        assertThat(branches).hasSizeGreaterThanOrEqualTo(6);
        assertThat(tags).hasSize(4);
        Set<String> all = new HashSet<>(callIds);
        all.addAll(branches);
        all.addAll(tags);
        assertThat(all)
                .hasSize(callIds.size() + branches.size() + tags.size())
                .allSatisfy(token -> assertThat(token).matches(TOKEN));
        assertThat(ours).anySatisfy(message -> assertThat(message).containsPattern("cnonce=\"[0-9a-f]{32}\""));
    }

    private static String found(String pattern, String message) {
        Matcher m = Pattern.compile(pattern).matcher(message);
        assertThat(m.find()).as("%s in %s", pattern, message).isTrue();
        return m.group(1);
    }
}
