package io.ringdown.sip;

import static io.ringdown.evidence.Row.HYGIENE;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every message of RFC 4475 and RFC 5118 over UDP and TCP: the answer that its section names, or none; then an OPTIONS. A call
 * that gets through is refused by 486, so 486 says that the INVITE was understood.
 */
@Shows(HYGIENE)
final class TortureTest {
    // What a section leaves open (reject or be liberal) is what we have chosen; 405 is for methods we do not take.
    private static final Map<String, List<Integer>> EXPECTED = expected("""
            rfc4475-3.1.1.01-wsinv 481
            rfc4475-3.1.1.02-intmeth 405
            rfc4475-3.1.1.03-esc01 486
            rfc4475-3.1.1.04-escnull 405
            rfc4475-3.1.1.05-esc02 405
            rfc4475-3.1.1.06-lwsdisp 200
            rfc4475-3.1.1.07-longreq 486
            rfc4475-3.1.1.08-dblreq 405
            rfc4475-3.1.1.09-semiuri 200
            rfc4475-3.1.1.10-transports 200
            rfc4475-3.1.1.11-mpart01 405
            rfc4475-3.1.1.12-unreason
            rfc4475-3.1.1.13-noreason
            rfc4475-3.1.2.01-badinv01 400
            rfc4475-3.1.2.02-clerr 400
            rfc4475-3.1.2.03-ncl 400
            rfc4475-3.1.2.04-scalar02 400
            rfc4475-3.1.2.05-scalarlg
            rfc4475-3.1.2.06-quotbal 400
            rfc4475-3.1.2.07-ltgtruri 400
            rfc4475-3.1.2.08-lwsruri 400
            rfc4475-3.1.2.09-lwsstart 486
            rfc4475-3.1.2.10-trws 200
            rfc4475-3.1.2.11-escruri 486
            rfc4475-3.1.2.12-baddate 486
            rfc4475-3.1.2.13-regbadct 405
            rfc4475-3.1.2.14-badaspec 200
            rfc4475-3.1.2.15-baddn 200
            rfc4475-3.1.2.16-badvers 505
            rfc4475-3.1.2.17-mismatch01 400
            rfc4475-3.1.2.18-mismatch02 400
            rfc4475-3.1.2.19-bigcode
            rfc4475-3.2.1-badbranch 200
            rfc4475-3.3.01-insuf 400
            rfc4475-3.3.02-unkscm 416
            rfc4475-3.3.03-novelsc 416
            rfc4475-3.3.04-unksm2 405
            rfc4475-3.3.05-bext01 420
            rfc4475-3.3.06-invut 415
            rfc4475-3.3.07-regaut01 405
            rfc4475-3.3.08-multi01 400
            rfc4475-3.3.09-mcl01 400
            rfc4475-3.3.10-bcast
            rfc4475-3.3.11-zeromf 200
            rfc4475-3.3.12-cparam01 405
            rfc4475-3.3.13-cparam02 405
            rfc4475-3.3.14-regescrt 405
            rfc4475-3.3.15-sdp01 406
            rfc4475-3.4.1-inv2543 400
            rfc5118-4.01-ipv6-good 405
            rfc5118-4.02-ipv6-bad 405
            rfc5118-4.03-port-ambiguous 405
            rfc5118-4.04-port-unambiguous 405
            rfc5118-4.05a-via-received-param-with-delim 481
            rfc5118-4.05b-via-received-param-no-delim 200
            rfc5118-4.06-ipv6-in-sdp 486
            rfc5118-4.07-mult-ip-in-header 481
            rfc5118-4.08-mult-ip-in-sdp 486
            rfc5118-4.09-ipv4-mapped-ipv6 486
            rfc5118-4.10a-ipv6-bug-abnf-3-colons 200
            rfc5118-4.10b-ipv6-correct-abnf-2-colons 200
            """);

    // A stream has the second message too; its Via says UDP there.
    private static final Map<String, List<Integer>> EXPECTED_OVER_TCP = expected("rfc4475-3.1.1.08-dblreq 405 400");

    private static final Set<String> FIRST_LINES = Set.of(
            "SIP/2.0 200 OK",
            "SIP/2.0 400 Bad Request",
            "SIP/2.0 400 Bad request",
            "SIP/2.0 405 Method not allowed",
            "SIP/2.0 406 Not acceptable",
            "SIP/2.0 415 Unsupported media type",
            "SIP/2.0 416 Unsupported URI Scheme",
            "SIP/2.0 420 Bad extension",
            "SIP/2.0 481 Call leg/Transaction does not exist",
            "SIP/2.0 486 Busy here",
            "SIP/2.0 505 Version Not Supported");

    private static Map<String, List<Integer>> expected(String table) {
        Map<String, List<Integer>> statuses = new LinkedHashMap<>();
        table.lines()
                .map(line -> line.split(" ", -1))
                .forEach(words -> statuses.put(
                        words[0], Stream.of(words).skip(1).map(Integer::valueOf).toList()));
        return statuses;
    }

    private static SipTrunks refusing(Wire wire, SipTransport transport) throws SipStartException {
        return SipTrunks.start(
                Gateway.settings(),
                Map.of("peer", TrunkSettings.at(new TrunkAddress(wire.address().getHostAddress(), 5060, transport))),
                (_, call) -> {
                    call.reject(new Rejection(486, new HangupReason(17, "User busy")));
                    return _ -> {};
                });
    }

    private static int port(SipTrunks trunks) {
        return trunks.boundAddresses().getFirst().getPort();
    }

    // Their authors did not mean them for one server: many have the same branch.
    private static List<List<TortureMessage>> inLotsOfDistinctTransactions() {
        List<List<TortureMessage>> lots = new ArrayList<>();
        List<Set<String>> branches = new ArrayList<>();
        for (TortureMessage message : TortureMessage.all()) {
            int lot = 0;
            while (lot < lots.size() && branches.get(lot).contains(message.branch())) {
                lot++;
            }
            if (lot == lots.size()) {
                lots.add(new ArrayList<>());
                branches.add(new HashSet<>());
            }
            lots.get(lot).add(message);
            branches.get(lot).add(message.branch());
        }
        return lots;
    }

    @Test
    void everyMessageHasItsExpectation() {
        assertThat(TortureMessage.all())
                .hasSize(61)
                .extracting(TortureMessage::name)
                .containsExactlyElementsOf(EXPECTED.keySet());
    }

    @ParameterizedTest
    @EnumSource(
            value = SipTransport.class,
            names = {"UDP", "TCP"})
    void everyMessageGetsWhatItsSectionSays(SipTransport transport) throws Exception {
        SoftAssertions all = new SoftAssertions();
        for (List<TortureMessage> lot : inLotsOfDistinctTransactions()) {
            try (Wire wire = Wire.over(transport);
                    SipTrunks trunks = refusing(wire, transport)) {
                for (TortureMessage message : lot) {
                    List<String> answers = answers(wire, trunks, message.over(transport), statuses(message, transport));
                    all.assertThat(answers)
                            .as("%s over %s", message, transport)
                            .extracting(TortureTest::status)
                            .containsExactlyInAnyOrderElementsOf(statuses(message, transport));
                    all.assertThat(answers)
                            .as("%s over %s", message, transport)
                            .allSatisfy(TortureTest::assertOursAlone);
                }
                all.assertThat(Gateway.counter(trunks, "bugs")).isZero();
            }
        }
        all.assertAll();
    }

    // A request is answered where its Via sends the answer: over the transport that it says (RFC 3261 18.2.2).
    @ParameterizedTest
    @EnumSource(
            value = SipTransport.class,
            names = {"UDP", "TCP"})
    void requestThatSaysItCameOverAnotherTransportIsBad(SipTransport transport) throws Exception {
        try (Wire wire = Wire.over(transport);
                SipTrunks trunks = refusing(wire, transport)) {
            List<TortureMessage> elsewhere = TortureMessage.all().stream()
                    .filter(message -> message.isRequest() && !message.saysItGoesOver(transport))
                    .filter(message -> statuses(message, transport).size() == 1)
                    .toList();
            assertThat(elsewhere).hasSizeGreaterThan(5);
            for (TortureMessage message : elsewhere) {
                int status = message.name().endsWith("badvers") ? 505 : 400;
                assertThat(answers(wire, trunks, message, List.of(status)))
                        .as("%s over %s", message, transport)
                        .extracting(TortureTest::status)
                        .containsExactly(status);
            }
        }
    }

    // Waits for as many answers as there should be, then sees that an OPTIONS is answered, and nothing more before it.
    private static List<String> answers(Wire wire, SipTrunks trunks, TortureMessage message, List<Integer> expected)
            throws IOException, InterruptedException {
        wire.send(message.bytes(), port(trunks));
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < expected.size(); i++) {
            answers.add(wire.next(message.name()));
        }
        answers.addAll(wire.untilOptions(port(trunks)));
        return answers;
    }

    private static List<Integer> statuses(TortureMessage message, SipTransport transport) {
        List<Integer> statuses = EXPECTED.getOrDefault(message.name(), List.of());
        return transport == SipTransport.TCP ? EXPECTED_OVER_TCP.getOrDefault(message.name(), statuses) : statuses;
    }

    private static int status(String answer) {
        return Integer.parseInt(answer.substring(8, 11));
    }

    private static void assertOursAlone(String answer) {
        assertThat(answer.lines().findFirst().orElse("")).isIn(FIRST_LINES);
        assertThat(answer).endsWith("Content-Length: 0\r\n\r\n");
    }
}
