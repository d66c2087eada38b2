package io.ringdown.it;

import static io.ringdown.evidence.Row.EMERGENCY;
import static io.ringdown.evidence.Row.NUMBERS;
import static io.ringdown.evidence.Row.ROUTING;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringdown.evidence.Shows;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which trunk gets a call, and how it is written there, as SIPp sees it: rules, formats, callers, fail-over, help. */
@Shows(ROUTING)
@ExtendWith(Trial.Extension.class)
final class WhereCallsGoIT {
    private static final String ANYBODY = "+442079460000";
    private static final String PLACE = """
            <presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10"
                xmlns:ca="urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr" entity="pres:hq@example.com">
              <tuple id="hq"><status><gp:geopriv><gp:location-info>
                <ca:civicAddress><ca:country>DE</ca:country><ca:PC>10115</ca:PC></ca:civicAddress>
              </gp:location-info><gp:usage-rules/></gp:geopriv></status></tuple>
            </presence>
            """;
    private static int first;
    private static int second;
    private static int help;
    private static int moving;
    private static int dead;
    private static HttpPhone phone;
    private static Gateway gateway;

    @BeforeAll
    static void start(Trial trial) throws IOException {
        Path place = Files.writeString(trial.file("hq.xml"), PLACE);
        first = Tools.freePort();
        second = Tools.freePort();
        help = Tools.freePort();
        moving = Tools.freePort();
        dead = Tools.freePort();
        GatewayConfig config = new GatewayConfig()
                .trunk("first", trunk(first, """
                        prefixes: ['+']
                        numbers: {out: '00'}
                        caller: {asserted-identity: true, diversion: +493012340, history-info: +493012340}
                        limits: {channels-out: 1, rest-at-most: 2s}
                        """))
                .trunk("second", trunk(second, """
                        prefixes: ['+']
                        numbers: {out: national, phone-context: +49, user-phone: true}
                        caller: {remote-party-id: true}
                        limits: {channels-out: 1}
                        """))
                .trunk("help", trunk(help, """
                        numbers: {out: digits, prefix: '9'}
                        limits: {channels: 1, calls-per-second: 1}
                        """))
                .trunk("moving", """
                        sip: {address: '127.0.0.1:%d', redirects: follow}
                        media: {listen: 127.0.0.1}
                        """.formatted(moving))
                .trunk("dead", """
                        sip: {address: '127.0.0.1:%d', silent-after: 1s, health: {failures: 1, eject: 2m}}
                        media: {listen: 127.0.0.1}
                        """.formatted(dead))
                .lines("""
                        calls: {dial: at-once, connect-timeout: 30s, max-calls: 2}
                        numbers: {country: DE}
                        emergency: {route: [help], numbers: ['933'], location: 'https://lis.example/hq',
                                    location-file: 'PLACE', callback: +493012340}
                        routes:
                          - {name: patient, prefixes: [+4940], trunks: [first, second], retry-on: [404]}
                          - {name: no premium, types: [premium]}
                          - {name: Vienna, prefixes: [+431], trunks: [moving]}
                          - {name: Zurich, prefixes: [+4144], trunks: [dead, second]}
                        """.replace("PLACE", place.toString()));
        gateway = Gateway.start(trial, config);
        phone = new HttpPhone(gateway);
    }

    private static String trunk(int port, String more) {
        return "sip: {address: '127.0.0.1:" + port + "'}\nmedia: {listen: 127.0.0.1}\n" + more.stripIndent();
    }

    @ParameterizedTest
    @CsvSource({
        // status and Q.850 of the first trunk, what is dialled, whether the second is asked
        "408, 102, +442079460000, true",
        "500, 41, +442079460000, true",
        "502, 27, +442079460000, true",
        "503, 42, +442079460000, true",
        "504, 102, +442079460000, true",
        "404, 1, +442079460000, false",
        "404, 1, +4940123456, true",
        "403, 57, +4940123456, false",
        "480, 19, +442079460000, false",
        "486, 17, +442079460000, false",
        "600, 17, +442079460000, false",
        "603, 21, +442079460000, false",
        "607, 21, +442079460000, false",
        "503, 17, +442079460000, false", // the called's own word behind a gateway's status
    })
    void refusalOfTheFirstTrunkLeadsToTheSecondOrNot(int status, int q850, String dialled, boolean asked, Trial trial) {
        Sipp refusing = refuses(trial, first, status, q850);
        Sipp other = refuses(trial, second, 486, 17);
        JsonNode ended = phone.ending(phone.call(dialled, ""));
        refusing.awaitSuccess(10);
        if (asked) {
            other.awaitSuccess(10);
            assertThat(ended.path("cause").asText()).isEqualTo("busy");
        } else {
            assertThat(other.messages()).doesNotContain("INVITE");
            assertThat(ended.path("sip").asInt()).isEqualTo(status);
        }
    }

    @Test
    @Shows(NUMBERS)
    void eachTrunkGetsTheNumberAndTheCallerInItsForm(Trial trial) {
        Sipp refusing = refuses(trial, first, 500, 41);
        Sipp other = refuses(trial, second, 486, 17);
        phone.ending(phone.call("089 123456", "?from=030%2012345&name=Ada"));
        refusing.awaitSuccess(10);
        other.awaitSuccess(10);
        assertThat(refusing.messages())
                .contains("INVITE sip:004989123456@127.0.0.1:" + first + " SIP/2.0")
                .contains("From: \"Ada\" <sip:00493012345@127.0.0.1>;tag=")
                .contains("P-Asserted-Identity: \"Ada\" <sip:00493012345@127.0.0.1>")
                .contains("Diversion: <sip:00493012340@127.0.0.1>;reason=unconditional")
                .contains("History-Info: <sip:00493012340@127.0.0.1>;index=1, <sip:004989123456@127.0.0.1:" + first
                        + ";cause=302>;index=1.1;mp=1")
                .doesNotContain("Remote-Party-ID");
        assertThat(other.messages())
                .contains("INVITE sip:089123456;phone-context=+49@127.0.0.1:" + second + ";user=phone SIP/2.0")
                .contains("From: \"Ada\" <sip:03012345@127.0.0.1;user=phone>;tag=")
                .contains("Remote-Party-ID: \"Ada\" <sip:03012345@127.0.0.1;user=phone>;party=calling")
                .doesNotContain("P-Asserted-Identity")
                .doesNotContain("Diversion")
                .doesNotContain("History-Info");
    }

    @Test
    @Shows(NUMBERS)
    void anonymousCallerIsKnownToWhomItIsAssertedAndToNobodyElse(Trial trial) {
        Sipp refusing = refuses(trial, first, 500, 41);
        Sipp other = refuses(trial, second, 486, 17);
        phone.ending(phone.call(ANYBODY, "?from=anonymous&name=Ada"));
        refusing.awaitSuccess(10);
        other.awaitSuccess(10);
        for (Sipp carrier : List.of(refusing, other)) {
            assertThat(carrier.messages())
                    .contains("From: \"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=")
                    .contains("Privacy: id")
                    .doesNotContain("Ada");
        }
    }

    @Test
    void trunkThatSaysWhenToTryAgainIsLeftAloneForSoLong(Trial trial) {
        Sipp busy =
                Sipp.start(trial, Sipp.Run.of("uas-reject-retry-after", first).key("after", 60));
        Sipp other = Sipp.start(trial, rejecting(second, 486, 17).calls(2));
        phone.ending(phone.call(ANYBODY, ""));
        phone.ending(phone.call(ANYBODY, "")); // at once: the first is passed over
        busy.awaitSuccess(10);
        other.awaitSuccess(10);
        Tools.await(
                "the rest that the trunk may ask for is over",
                10,
                () -> phone.metrics().contains("ringdown_trunk_resting{trunk=\"first\"} 0"),
                phone::metrics);
        Sipp again = refuses(trial, first, 486, 17);
        phone.ending(phone.call(ANYBODY, ""));
        again.awaitSuccess(10);
    }

    @Test
    @Shows(EMERGENCY)
    void callForHelpGoesOutWhileEverythingIsFull(Trial trial) {
        Sipp one = Sipp.start(trial, Sipp.Run.of("uas-no-answer", first));
        Sipp two = Sipp.start(trial, Sipp.Run.of("uas-no-answer", second));
        HttpPhone.Reply onFirst = phone.call(ANYBODY, "");
        HttpPhone.Reply onSecond = phone.call(ANYBODY, "");
        for (HttpPhone.Reply call : List.of(onFirst, onSecond)) {
            Tools.await(
                    "it rings",
                    10,
                    () -> phone.state(call).path("state").asText().equals("ringing"),
                    () -> phone.state(call).toString());
        }
        HttpPhone.Reply refused = phone.call(ANYBODY, "");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.json().path("cause").asText()).isEqualTo("overloaded");

        Sipp rescue = Sipp.start(trial, rejecting(help, 486, 17).calls(8));
        for (String dialled : List.of("112", "110", "+112", "+49110", "0049112", "112", "110", "112")) {
            JsonNode ended = phone.ending(phone.call(dialled, "?from=anonymous"));
            assertThat(ended.path("sip").asInt()).isEqualTo(486);
        }
        rescue.awaitSuccess(20);
        assertThat(rescue.messages())
                .contains("INVITE sip:112@127.0.0.1:" + help + " SIP/2.0")
                .contains("INVITE sip:110@127.0.0.1:" + help + " SIP/2.0")
                .contains(">, <https://lis.example/hq>")
                .contains("From: <sip:493012340@127.0.0.1>;tag=")
                .doesNotContain("Privacy");
        assertThat(gateway.log()).contains("is an EMERGENCY call to 112");
        phone.hangUp(onFirst);
        phone.hangUp(onSecond);
        one.awaitSuccess(10);
        two.awaitSuccess(10);
    }

    /** tshark takes the body apart, and knows nothing of how it was put together. */
    @Test
    void callForHelpHasItsPlaceInTheBodyAndTheOfferBeforeIt(Trial trial) {
        Capture capture = Capture.start(trial);
        Sipp rescue = refuses(trial, help, 486, 17);
        phone.ending(phone.call("933", ""));
        rescue.awaitSuccess(10);
        List<String> invite = capture.read(
                        help,
                        "sip.Method == \"INVITE\"",
                        "mime_multipart.header.content-type",
                        "mime_multipart.header.content-disposition",
                        "sdp.media",
                        "xml.cdata")
                .getFirst();
        assertThat(invite.get(0)).isEqualTo("application/sdp,application/pidf+xml");
        assertThat(invite.get(1)).isEqualTo("session,by-reference;handling=optional");
        assertThat(invite.get(2)).startsWith("audio ");
        assertThat(invite.get(3)).isEqualTo("DE,10115");
    }

    @Test
    void callsThatARuleForbidsAreRefusedBeforeAnyTrunkIsAsked() {
        HttpPhone.Reply refused = phone.call("0900 1234567", "");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.json().path("cause").asText()).isEqualTo("forbidden");
        assertThat(phone.call("+999123456", "").json().path("cause").asText()).isEqualTo("bad-number");
    }

    @Test
    @Shows(EMERGENCY)
    void withoutARouteForHelpItIsSaidAtOnce(Trial trial) {
        GatewayConfig config = new GatewayConfig().trunk("first", trunk(Tools.freePort(), "prefixes: [any]\n"));
        HttpPhone.Reply refused = new HttpPhone(Gateway.start(trial, config)).call("112", "");
        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.json().path("cause").asText()).isEqualTo("emergency-not-available");
        assertThat(refused.json().path("hint").asText()).contains("another phone");
    }

    @Test
    void redirectionIsFollowedToWhatTheCallerCouldDialThereAndNowhereElse(Trial trial) {
        Sipp redirecting = Sipp.start(
                trial,
                Sipp.Run.of("uas-redirects", moving)
                        .key("forbidden", "+4990012345678")
                        .key("elsewhere", ANYBODY)
                        .key("allowed", "+4315131235"));
        JsonNode ended = phone.ending(phone.call("+4315131234", ""));
        redirecting.awaitSuccess(10);
        assertThat(ended.path("sip").asInt()).isEqualTo(486);
    }

    @Test
    void trunkThatIsDownIsTriedLast(Trial trial) throws IOException {
        DatagramSocket silent = trial.keep(new DatagramSocket(dead, InetAddress.ofLiteral("127.0.0.1")));
        Sipp other = Sipp.start(trial, rejecting(second, 486, 17).calls(2));
        phone.ending(phone.call("+41443123456", ""));
        phone.ending(phone.call("+41443123457", ""));
        other.awaitSuccess(10);
        assertThat(callIds(silent))
                .as("calls that the dead trunk was asked to take")
                .hasSize(1);
    }

    private static Set<String> callIds(DatagramSocket socket) throws IOException {
        Set<String> ids = new HashSet<>();
        DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
        socket.setSoTimeout(500);
        try {
            while (true) {
                socket.receive(packet);
                new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1)
                        .lines()
                        .filter(line -> line.startsWith("Call-ID:"))
                        .forEach(ids::add);
            }
        } catch (SocketTimeoutException allThatCame) {
            return ids;
        }
    }

    private static Sipp refuses(Trial trial, int port, int status, int q850) {
        return Sipp.start(trial, rejecting(port, status, q850));
    }

    private static Sipp.Run rejecting(int port, int status, int q850) {
        return Sipp.Run.of("uas-reject", port)
                .key("status", status)
                .key("phrase", "No")
                .key("why", "Q.850;cause=" + q850);
    }
}
