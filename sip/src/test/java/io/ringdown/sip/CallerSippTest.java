package io.ringdown.sip;

import static io.ringdown.evidence.Row.EMERGENCY;
import static io.ringdown.evidence.Row.INBOUND;
import static io.ringdown.evidence.Row.NUMBERS;
import static io.ringdown.evidence.Row.ROUTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdown.evidence.Shows;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who calls, and what a client adds, as SIPp sees it on the wire; and what of SIPp's INVITE we tell. */
@Shows(NUMBERS)
final class CallerSippTest {
    private static final int HOSTILE_INVITES = 2_500; // with four hostile fields each

    private static final CallerIdentity SHOWN =
            new CallerIdentity(false, true, true, Optional.of("+493012345"), Optional.of("+493012345"));
    private static final CallerIdentity WITHHELD =
            new CallerIdentity(true, true, true, Optional.empty(), Optional.empty());

    @Test
    void callerIsToldInEveryHeaderThatTheTrunkWants() {
        String invite = sent(form(SHOWN), "+12025550199", "Ada \"L\"");
        assertThat(invite)
                .containsPattern("\nFrom: \"Ada \\\\\"L\\\\\"\" <sip:\\+12025550199@127.0.0.1>;tag=[0-9a-f]{32}\r?\n")
                .contains("\nP-Asserted-Identity: \"Ada \\\"L\\\"\" <sip:+12025550199@127.0.0.1>")
                .contains(
                        "\nRemote-Party-ID: \"Ada \\\"L\\\"\" <sip:+12025550199@127.0.0.1>;party=calling;screen=yes;privacy=off")
                .containsPattern("\nDiversion: <sip:\\+493012345@127.0.0.1>;reason=unconditional\r?\n")
                .containsPattern("\nHistory-Info: <sip:\\+493012345@127.0.0.1>;index=1, "
                        + "<sip:\\+12025550100@127.0.0.1:[0-9]+;cause=302>;index=1.1;mp=1\r?\n")
                .doesNotContain("Privacy:");
    }

    @Test
    void callerWhoIsWithheldStandsInNothingButTheAssertedHeaders() {
        String invite = sent(form(WITHHELD), "+12025550199", "Ada");
        assertThat(invite)
                .contains("\nFrom: \"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=")
                .contains("\nP-Asserted-Identity: <sip:+12025550199@127.0.0.1>")
                .contains(";privacy=full")
                .contains("\nPrivacy: id")
                .doesNotContain("Ada");
        assertThat(sent(
                        form(new CallerIdentity(true, false, false, Optional.empty(), Optional.empty())),
                        "+12025550199",
                        "Ada"))
                .contains("\nPrivacy: id")
                .doesNotContain("2025550199")
                .doesNotContain("Ada");
    }

    @Test
    void numberThatTheCallCameByIsPrivateWhereTheCallerIs() {
        CallerIdentity caller =
                new CallerIdentity(true, false, false, Optional.of("+493012345"), Optional.of("+493012346"));
        assertThat(sent(form(caller), "+12025550199", "Ada"))
                .contains("\nPrivacy: id;history")
                .contains("\nDiversion: <sip:+493012345@127.0.0.1>;reason=unconditional;privacy=full")
                .contains("\nHistory-Info: <sip:+493012346@127.0.0.1>;index=1, <sip:+12025550100@");
    }

    @Test
    void numbersThatAreOnlyKnownSomewhereSayWhereAndUrisSayThatTheyArePhones() {
        InviteForm local = new InviteForm(CallerIdentity.IN_FROM, Optional.of("+49"), true, Map.of(), Optional.empty());
        assertThat(sent(local, "030123456", "+12025550199", "Ada"))
                .containsPattern("INVITE sip:030123456;phone-context=\\+49@127.0.0.1:[0-9]+;user=phone SIP/2.0")
                .contains("\nTo: <sip:030123456;phone-context=+49@127.0.0.1;user=phone>")
                .contains("<sip:+12025550199@127.0.0.1;user=phone>;tag=");
        assertThat(sent(local, "+4930123456", "+12025550199", "Ada"))
                .containsPattern("INVITE sip:\\+4930123456@127.0.0.1:[0-9]+;user=phone SIP/2.0");
    }

    @Test
    @Shows(EMERGENCY)
    void emergencyCallCarriesItsPlaceAndMayNameTheService() {
        EmergencyCall help = new EmergencyCall(true, Optional.of("https://lis.example/hq"), Optional.empty());
        InviteForm form = new InviteForm(CallerIdentity.IN_FROM, Optional.empty(), false, Map.of(), Optional.of(help));
        assertThat(sent(form, "112", "+12025550199", "Ada"))
                .contains("INVITE urn:service:sos SIP/2.0")
                .contains("\nTo: <urn:service:sos>")
                .contains("\nGeolocation: <https://lis.example/hq>")
                .contains("\nGeolocation-Routing: yes")
                .containsPattern("\nSupported: [^\n]*geolocation")
                .contains("\nContent-Type: application/sdp");
    }

    private static final String PLACE =
            "<?xml version=\"1.0\"?>\n<presence>\n  <!-- Straße -->\n  --x\n\n</presence>\n";

    @Test
    @Shows(EMERGENCY)
    void emergencyCallHasItsPlaceWithItBehindTheOffer() {
        InviteForm form = help(Optional.of("https://lis.example/hq"));
        String first = sent(form, "112", "+12025550199", "Ada").replace("\r", "");
        Matcher whole = Pattern.compile("""
                        (?s)INVITE sip:112@.*
                        Geolocation: <cid:(?<id>[0-9a-f]{32}@127\\.0\\.0\\.1)>, <https://lis\\.example/hq>
                        Geolocation-Routing: yes
                        .*
                        MIME-Version: 1\\.0
                        Content-Type: multipart/mixed;boundary="(?<edge>[0-9a-f]{32})"
                        Content-Length: [0-9]+

                        --\\k<edge>
                        Content-Type: application/sdp
                        Content-Disposition: session

                        (?<offer>v=0.*?
                        )
                        --\\k<edge>
                        Content-Type: application/pidf\\+xml
                        Content-ID: <\\k<id>>
                        Content-Disposition: by-reference;handling=optional

                        (?<place>.*)
                        --\\k<edge>--
                        .*""").matcher(first);
        assertThat(whole.matches()).as(first).isTrue();
        assertThat(whole.group("offer")).isEqualTo(Gateway.OFFER.replace("\r", ""));
        byte[] place = whole.group("place").getBytes(StandardCharsets.ISO_8859_1); // as SIPp's log is read
        assertThat(new String(place, StandardCharsets.UTF_8)).isEqualTo(PLACE);
        assertThat(sent(form, "112", "+12025550199", "Ada"))
                .as("nobody guesses the next ones")
                .doesNotContain(whole.group("edge"))
                .doesNotContain(whole.group("id"));
    }

    /** SIPp hashes the body for itself. */
    @Test
    @Shows(EMERGENCY)
    void whatIsBesideTheOfferIsProtectedByAuthIntAsWellAndTheAnswerIsAnAnswer() {
        try (Sipp sipp = Sipp.uas("uas-auth-int");
                Gateway gateway = Gateway.towards(Gateway.withPassword(sipp.port(), "pass"))) {
            Events events = new Events();
            TrunkCall call =
                    gateway.trunks().invite(invite("112", "+12025550199", "Ada", help(Optional.empty())), events);
            assertThat(events.until(TrunkEvent.Answered.class).sdp())
                    .hasValueSatisfying(sdp -> assertThat(sdp).startsWith("v=0"));
            call.hangUp(HangupReason.NORMAL);
            sipp.assertSuccess();
            assertThat(sipp.messages()).containsPattern("Geolocation: <cid:[0-9a-f]{32}@127.0.0.1>\r?\n");
        }
    }

    private static InviteForm help(Optional<String> uri) {
        return new InviteForm(
                CallerIdentity.IN_FROM,
                Optional.empty(),
                false,
                Map.of(),
                Optional.of(new EmergencyCall(false, uri, Optional.of(PLACE))));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void placeOfACallerIsReadByValueWhereItsPartIsThere(boolean there) {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp sipp = Sipp.uac(
                        "uac-somewhere", gateway.port(), "-key", "part", there ? "target@carrier" : "other@carrier")) {
            Gateway.Incoming in = gateway.incoming();
            assertThat(in.invite().sdp())
                    .hasValueSatisfying(sdp -> assertThat(sdp).startsWith("v=0"));
            if (there) {
                assertThat(in.invite().place())
                        .hasValueSatisfying(place -> assertThat(place)
                                .isInstanceOfSatisfying(
                                        Geolocation.ByValue.class,
                                        value -> assertThat(value.document())
                                                .startsWith("<presence")
                                                .endsWith("</presence>\r\n")));
            } else {
                assertThat(in.invite().place()).hasValue(new Geolocation.ByReference("https://lis.example/1"));
            }
            in.call().reject(new Rejection(486, new HangupReason(17, "User busy")));
            sipp.assertSuccess();
        }
    }

    @Test
    @Shows(EMERGENCY)
    void emergencyCallFindsAPlaceWhenAllAreTaken() {
        SipSettings one = Gateway.settings().withMaxCalls(1);
        InviteForm help = new InviteForm(
                CallerIdentity.IN_FROM,
                Optional.empty(),
                false,
                Map.of(),
                Optional.of(new EmergencyCall(false, Optional.empty(), Optional.empty())));
        try (Sipp busy = Sipp.uas("uas-486", "-m", "2");
                Gateway gateway = Gateway.with(one, trunk(busy.port()));
                Sipp caller = Sipp.uacFrom(Sipp.freePort(), "uac-rejected", gateway.port())) {
            Gateway.Incoming first = gateway.incoming(); // takes the only place
            Events refused = new Events();
            gateway.call(refused);
            assertThat(refused.next(TrunkEvent.Failed.class).failure()).isInstanceOf(TrunkFailure.Unreachable.class);
            for (int i = 0; i < 2; i++) {
                Events events = new Events();
                gateway.trunks().invite(invite("112", "+12025550199", "Ada", help), events);
                assertThat(events.until(TrunkEvent.Failed.class).failure())
                        .isEqualTo(new TrunkFailure.Refused(486, OptionalInt.of(17)));
            }
            busy.assertSuccess();
            first.call().reject(new Rejection(486, new HangupReason(17, "User busy")));
            caller.assertSuccess();
        }
    }

    @Test
    void clientsHeadersLeaveOnlyWhereTheTrunkHasThemOnItsList() {
        InviteForm form = new InviteForm(
                CallerIdentity.IN_FROM,
                Optional.empty(),
                false,
                Map.of("x-crm-id", "4711; a=\"b\", c", "X-Other", "no", "Privacy", "none"),
                Optional.empty());
        assertThat(sent(form, "+12025550199", "Ada"))
                .contains("\nX-Crm-Id: 4711; a=\"b\", c")
                .doesNotContain("X-Other")
                .doesNotContain("Privacy");
    }

    @Test
    void noTextOfAClientBecomesAHeader() {
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        int refused = 0;
        try (Sipp sipp = Sipp.uas("uas-486", "-m", Integer.toString(HOSTILE_INVITES));
                Gateway gateway = Gateway.towards(trunk(sipp.port()))) {
            int sent = 0;
            while (sent < HOSTILE_INVITES) {
                InviteForm form = new InviteForm(
                        SHOWN,
                        Optional.empty(),
                        false,
                        Map.of("X-Crm-Id", hostile(random), hostile(random), hostile(random)),
                        Optional.empty());
                Events events = new Events();
                String caller = hostile(random);
                try {
                    gateway.trunks().invite(invite("+12025550100", caller, hostile(random), form), events);
                } catch (IllegalArgumentException notACaller) {
                    refused++;
                    continue;
                }
                sent++;
                assertThat(events.until(TrunkEvent.Failed.class).failure())
                        .as("-Dseed=%d: INVITE %d", seed, sent)
                        .isEqualTo(new TrunkFailure.Refused(486, OptionalInt.of(17)));
            }
            sipp.assertSuccess();
            List<Set<String>> seen = headersOfInvites(sipp.messages());
            assertThat(seen).as("-Dseed=%d, %d refused", seed, refused).hasSizeGreaterThanOrEqualTo(HOSTILE_INVITES);
            Set<String> known = Set.of(
                    "call-id",
                    "cseq",
                    "from",
                    "to",
                    "via",
                    "max-forwards",
                    "contact",
                    "allow",
                    "accept",
                    "supported",
                    "p-asserted-identity",
                    "remote-party-id",
                    "diversion",
                    "history-info",
                    "x-crm-id",
                    "user-agent",
                    "content-type",
                    "p-early-media",
                    "session-expires",
                    "min-se",
                    "content-length");
            for (Set<String> names : seen) {
                assertThat(known).as("-Dseed=%d", seed).containsAll(names);
            }
            assertThat(sipp.messages()).doesNotContain("\nX-Evil").doesNotContain("\rX-Evil");
        }
    }

    private static final List<String> PIECES = List.of(
            "\r\n",
            "\n",
            "\r",
            "\u000b",
            "\u0085",
            "\u2028",
            "\u2029",
            "\u0000",
            "\ud800",
            "%0d%0a",
            "X-Evil: 1",
            "\r\nX-Evil: 1",
            "\"",
            "\\",
            "<",
            ">",
            ";",
            "tag=1",
            "@",
            "sip:",
            "\r\n\r\n",
            "a",
            "+49",
            "ü",
            "\u202e",
            "\uff11",
            " ",
            "\t",
            "\r\n X-Evil: 1",
            ",",
            "?",
            "&",
            "%",
            "\u007f");

    private static String hostile(Random random) {
        StringBuilder text = new StringBuilder();
        int pieces = 1 + random.nextInt(random.nextInt(50) == 0 ? 400 : 6);
        for (int i = 0; i < pieces; i++) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }

    private static List<Set<String>> headersOfInvites(String messages) {
        List<Set<String>> all = new ArrayList<>();
        String[] lines = messages.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (!lines[i].startsWith("INVITE sip:")) {
                continue;
            }
            Set<String> names = new HashSet<>();
            for (i++; i < lines.length && !lines[i].isBlank(); i++) {
                int colon = lines[i].indexOf(':');
                names.add(colon < 0 ? lines[i] : lines[i].substring(0, colon).toLowerCase(Locale.ROOT));
            }
            all.add(names);
        }
        return all;
    }

    @ParameterizedTest
    @CsvSource({
        // asserted, privacy, trusted, number, name
        "'', '', true, +12025550111, Bob",
        "'P-Asserted-Identity: \"Ada\" <sip:+4930123456@carrier.example>', '', true, +4930123456, Ada",
        "'P-Asserted-Identity: \"Ada\" <sip:+4930123456@carrier.example>', '', false, +12025550111, Bob",
        "'P-Asserted-Identity: <sip:+4930123456@carrier.example>', '', true, +4930123456, Bob",
        "'P-Asserted-Identity: \"Ada\" <sip:+4930123456@carrier.example>', 'Privacy: id', true, -, -",
        "'', 'Privacy: user;header', true, -, -",
        "'', 'Privacy: none', true, +12025550111, Bob",
    })
    @Shows({NUMBERS, INBOUND})
    void callerIsTheAssertedOneWhereTheTrunkIsTrustedAndNobodyWhereItIsWithheld(
            String asserted, String privacy, boolean trusted, String number, String name) {
        TrunkSettings peer =
                trunk(Sipp.freePort()).withHeaderLists(List.of(), List.of("X-Queue", "User-to-User"), trusted);
        try (Gateway gateway = Gateway.towards(peer);
                Sipp sipp = Sipp.uac(
                        "uac-says-who",
                        gateway.port(),
                        "-key",
                        "asserted",
                        asserted.isEmpty() ? "X-None: 1" : asserted,
                        "-key",
                        "privacy",
                        privacy.isEmpty() ? "X-None: 2" : privacy)) {
            Gateway.Incoming in = gateway.incoming();
            assertThat(in.invite().callerNumber().orElse("-")).isEqualTo(number);
            assertThat(in.invite().callerName().orElse("-")).isEqualTo(name);
            assertThat(in.invite().headers()).isEqualTo(Map.of("X-Queue", "sales; first"));
            in.call().reject(new Rejection(486, new HangupReason(17, "User busy")));
            sipp.assertSuccess();
        }
    }

    @ParameterizedTest
    @CsvSource({
        // Diversion or History-Info, Privacy, trusted, last, first, why
        "'Diversion: <sip:+4930200@a>;reason=no-answer,<sip:+4930100@a>;reason=user-busy', '', true, +4930200, +4930100,"
                + " NO_ANSWER",
        "'History-Info: <sip:+4930100@a>;index=1,<sip:+4930200@a;cause=486>;index=1.1;mp=1', '', true, +4930100, +4930100,"
                + " USER_BUSY",
        "'History-Info: <sip:+4930100@a>;index=1,<sip:+4930200@a;cause=486>;index=1.1;mp=1', 'Privacy: history', true, -, -, -",
        "'Diversion: <sip:+4930200@a>;privacy=full;reason=no-answer', '', true, -, -, -",
        "'Diversion: <sip:+4930200@a>;reason=no-answer', '', false, -, -, -",
        "'', '', true, -, -, -",
    })
    void whereTheCallWasBeforeIsTold(
            String before, String privacy, boolean trusted, String last, String first, String why) {
        TrunkSettings peer = trunk(Sipp.freePort()).withHeaderLists(List.of(), List.of(), trusted);
        try (Gateway gateway = Gateway.towards(peer);
                Sipp sipp = Sipp.uac(
                        "uac-says-who",
                        gateway.port(),
                        "-key",
                        "asserted",
                        before.isEmpty() ? "X-None: 1" : before,
                        "-key",
                        "privacy",
                        privacy.isEmpty() ? "X-None: 2" : privacy)) {
            Gateway.Incoming in = gateway.incoming();
            assertThat(in.invite().diverted())
                    .isEqualTo(
                            why.equals("-")
                                    ? Optional.empty()
                                    : Optional.of(new Diverted(
                                            Optional.of(last), Optional.of(first), Diverted.Why.valueOf(why))));
            in.call().reject(new Rejection(486, new HangupReason(17, "User busy")));
            sipp.assertSuccess();
        }
    }

    @Test
    @Shows(ROUTING)
    void retryAfterIsTold() {
        try (Sipp sipp = Sipp.uas("uas-503");
                Gateway gateway = Gateway.towards(sipp.port())) {
            Events events = new Events();
            gateway.call(events);
            assertThat(events.until(TrunkEvent.Failed.class).failure())
                    .isEqualTo(new TrunkFailure.Refused(503, OptionalInt.empty(), OptionalInt.of(5)));
            sipp.assertSuccess();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Via", "P-Asserted-Identity", "Contact", "Subject", "X", "Route", "X-\r\nA", "Geolocation"})
    void headersThatClientsMayNotWriteCannotBeListed(String name) {
        assertThatThrownBy(() -> trunk(5060).withHeaderLists(List.of(name), List.of(), true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("headers-out: ");
    }

    private static TrunkSettings trunk(int port) {
        return TrunkSettings.at(new TrunkAddress("127.0.0.1", port, SipTransport.UDP))
                .withHeaderLists(List.of("X-Crm-Id"), List.of(), true);
    }

    private static InviteForm form(CallerIdentity caller) {
        return new InviteForm(caller, Optional.empty(), false, Map.of(), Optional.empty());
    }

    private static OutboundInvite invite(String to, String from, String name, InviteForm form) {
        return new OutboundInvite("peer", to, Optional.of(from), Optional.of(name), Gateway.OFFER, form);
    }

    private static String sent(InviteForm form, String from, String name) {
        return sent(form, "+12025550100", from, name);
    }

    /** The INVITE as SIPp received it. */
    private static String sent(InviteForm form, String to, String from, String name) {
        try (Sipp sipp = Sipp.uas("uas-486");
                Gateway gateway = Gateway.towards(trunk(sipp.port()))) {
            Events events = new Events();
            gateway.trunks().invite(invite(to, from, name, form), events);
            events.until(TrunkEvent.Failed.class);
            sipp.assertSuccess();
            String messages = sipp.messages();
            return messages.substring(messages.indexOf("INVITE "), messages.indexOf("SIP/2.0 100"));
        }
    }
}
